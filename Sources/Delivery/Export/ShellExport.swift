// `export KEY='value'` for a POSIX shell to source.

import Secrets

/// Single quotes keep every byte but the quote itself, which stands between two of them as `\'`.
struct ShellExport: ValueExport {
    let allowsProtectedNames: Bool

    /// bash does not let these be set; zsh sets its own variables by the lower-case ones.
    private static let readOnly: Set = ["UID", "EUID", "PPID", "BASHOPTS", "SHELLOPTS", "BASH_VERSINFO", "GID", "EGID"]
    private static let tiedByZsh: Set = ["path", "fpath", "cdpath", "manpath", "module_path", "mailpath", "psvar"]
    /// A shell gives these another value whatever is assigned.
    private static let own: Set = [
        "_", "RANDOM", "SRANDOM", "SECONDS", "LINENO", "EPOCHSECONDS", "EPOCHREALTIME", "BASHPID", "BASH_COMMAND",
        "BASH_SUBSHELL", "FUNCNAME", "GROUPS", "DIRSTACK", "HISTCMD", "PIPESTATUS", "OPTIND",
    ]

    func refusal(of value: DeliveredValue) -> RefusedKey.Reason? {
        if let reason = value.environmentRefusal { return reason }
        if Self.readOnly.contains(value.key) { return .readOnly }
        if Self.own.contains(value.key) { return .reservedByPlatform }
        guard !allowsProtectedNames else { return nil }
        if Self.tiedByZsh.contains(value.key) { return .protected(.programSearch) }
        return ProtectedName.group(of: value.key).map { .protected($0) }
    }

    func written(_ values: [DeliveredValue]) -> [Export.Part] {
        var buffer = SecretBuffer(capacity: values.reduce(64) { $0 + $1.text.count + 32 })
        for value in values {
            buffer.append("export \(value.key)='")
            value.text.withBytes { bytes in
                for index in bytes.indices {
                    if bytes[index] == UInt8(ascii: "'") { buffer.append("'\\''") } else { buffer.append(bytes[index]) }
                }
            }
            buffer.append("'\n")
        }
        return [Export.Part(destination: .output, content: SharedSecret(buffer.finish()))]
    }

    func readBack(_ parts: [Export.Part]) -> [ReadValue]? {
        parts.first?.content.withBytes { bytes in
            bytes.withUnsafeBufferPointer { buffer in
                var reader = ShellWords(buffer)
                return reader.exports()
            }
        }
    }
}

/// Reads lines of `export NAME=WORD` as a shell does. Anything that would expand or run ends the reading.
struct ShellWords {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var offset = 0

    /// The bytes must outlive the reader.
    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// Nil for anything but such lines.
    mutating func exports() -> [ReadValue]? {
        var found: [ReadValue] = []
        while offset < bytes.count {
            guard take("export "), let name = name(), let value = word() else { return nil }
            found.append(ReadValue(name: name, text: value))
        }
        return found
    }

    private mutating func take(_ text: StaticString) -> Bool {
        let isThere = text.withUTF8Buffer { expected in
            offset + expected.count <= bytes.count
                && expected.indices.allSatisfy { bytes[offset + $0] == expected[$0] }
        }
        if isThere { offset += text.utf8CodeUnitCount }
        return isThere
    }

    private mutating func name() -> String? {
        var name = ""
        while offset < bytes.count, EnvironmentName.isWord(bytes[offset]) {
            name.unicodeScalars.append(Unicode.Scalar(bytes[offset]))
            offset += 1
        }
        return EnvironmentName.isValid(name) && take("=") ? name : nil
    }

    /// Up to the line feed that ends the word.
    private mutating func word() -> SharedSecret? {
        var value = SecretBuffer()
        while offset < bytes.count {
            let byte = bytes[offset]
            offset += 1
            switch byte {
            case UInt8(ascii: "\n"): return SharedSecret(value.finish())
            case UInt8(ascii: "'"):
                while offset < bytes.count, bytes[offset] != UInt8(ascii: "'") {
                    value.append(bytes[offset])
                    offset += 1
                }
                guard offset < bytes.count else { return nil }
                offset += 1
            case UInt8(ascii: "\\"):
                guard offset < bytes.count, bytes[offset] != UInt8(ascii: "\n") else { return nil }
                value.append(bytes[offset])
                offset += 1
            case _ where EnvironmentName.isWord(byte): value.append(byte)
            default: return nil
            }
        }
        return nil
    }
}
