// The environment of the parent, byte for byte: it may hold secrets of its own, and text that is not UTF-8.

package import Secrets

/// A process's environment variables in their order.
package struct ParentEnvironment: Sendable {
    struct Variable: Sendable {
        let name: [UInt8]
        /// `NAME=value`, as it was found.
        let entry: SharedSecret
    }

    let variables: [Variable]

    /// From `NAME=value` texts. What has no `=` is passed on as it is.
    package init(entries: [SharedSecret]) {
        variables = entries.map { entry in
            let name = entry.withBytes { bytes in
                bytes.indices.prefix { bytes[$0] != UInt8(ascii: "=") }.map { bytes[$0] }
            }
            return Variable(name: name, entry: entry)
        }
    }

    /// From names and values, in the order of the names.
    package init(_ variables: [String: String]) {
        self.init(
            entries: variables.sorted { $0.key < $1.key }.map {
                SharedSecret(copying: Array("\($0.key)=\($0.value)".utf8))
            })
    }

    /// From an array of C strings that ends with a null pointer, such as `environ`.
    package init(cStrings: UnsafePointer<UnsafeMutablePointer<CChar>?>) {
        var entries: [SharedSecret] = []
        var next = cStrings
        while let text = next.pointee {
            var length = 0
            while text[length] != 0 { length += 1 }
            let bytes = UnsafeRawBufferPointer(start: text, count: length)
            entries.append(SharedSecret(copying: bytes))
            next += 1
        }
        self.init(entries: entries)
    }
}
