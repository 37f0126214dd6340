// What makes the tokens and labels of one run its own, and the same when it is run again.

package import Secrets
package import World

// One by one: Crypto has a `SharedSecret` of its own.
import struct Crypto.HMAC
import struct Crypto.SHA256
import struct Crypto.SymmetricKey

/// Thirty-two random bytes of one run. Kept from run to run (it is a secret, but guards no value by itself), it lets a
/// run that was cut short go on without writing twice.
package struct RunKey: Sendable {
    package static let length = 32

    /// To be kept by whoever wants to go on later.
    package let bytes: SharedSecret

    /// - Throws: `StoreError.invalid` for another length.
    package init(_ bytes: SharedSecret) throws(StoreError) {
        guard bytes.count == Self.length else {
            throw .invalid(what: "run key", reason: "it has \(bytes.count) bytes instead of \(Self.length)")
        }
        self.bytes = bytes
    }

    package static func random(_ world: World) -> RunKey {
        var random = world.randomBytes(length)
        defer { random.withUnsafeMutableBytes { SecretMemory.wipe($0) } }
        return RunKey(unchecked: SharedSecret(copying: random))
    }

    /// Kinds of writes, which never share a token.
    enum Purpose {
        case create, stage
        /// Without compare-and-swap; counted from 0.
        case plain(Int)

        fileprivate var text: String {
            switch self {
            case .create: "create"
            case .stage: "put staged"
            case .plain(let number): "put \(number)"
            }
        }
    }

    private init(unchecked bytes: SharedSecret) { self.bytes = bytes }

    /// The stage under which the run keeps a version that is not live yet: `migrate-` and eight hexadecimal digits.
    package var stage: String { StagingLabel.prefix + hex(code("label").prefix(4)) }

    /// The idempotency token of a write, which becomes the id of the version: the same for the same run, base and
    /// content, and telling nothing of the content to whoever lacks the key. Spelled as a random UUID.
    func token(_ purpose: Purpose, name: String, base: String?, content: SharedSecret) -> String {
        var bytes = Array(code(purpose.text, name, base ?? "", content: content).prefix(16))
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        let groups = [bytes[0..<4], bytes[4..<6], bytes[6..<8], bytes[8..<10], bytes[10..<16]]
        return groups.map(hex).joined(separator: "-")
    }

    /// HMAC-SHA256 over the parts, a NUL byte behind each: none of them holds one.
    private func code(_ parts: String..., content: SharedSecret? = nil) -> [UInt8] {
        let key = bytes.withBytes { span in span.withUnsafeBytes { SymmetricKey(data: $0) } }
        var code = HMAC<SHA256>(key: key)
        for part in parts { code.update(data: Array(part.utf8) + [0]) }
        content?.withBytes { span in span.withUnsafeBytes { code.update(data: $0) } }
        return Array(code.finalize())
    }

    private func hex(_ bytes: ArraySlice<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

/// The labels of versions that are not live yet.
package enum StagingLabel {
    package static let prefix = "migrate-"

    /// Whether a label is one that `RunKey.stage` makes.
    package static func isOne(_ label: String) -> Bool {
        guard label.hasPrefix(prefix), label.utf8.count == prefix.utf8.count + 8 else { return false }
        return label.utf8.dropFirst(prefix.utf8.count).allSatisfy { byte in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
        }
    }
}
