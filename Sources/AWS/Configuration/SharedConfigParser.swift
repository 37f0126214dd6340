// Sections, settings and indented blocks of AWS's shared files, byte by byte.

import Secrets

/// Reads one file's text. It follows Python's `configparser` as botocore uses it, but joins repeated sections and takes
/// the last of repeated settings, as the other SDKs do.
struct SharedConfigParser {
    struct Section {
        var name: String
        var settings: [String: SharedConfig.Setting]
    }

    /// Names whose values never become a String.
    private static let secretNames: Set<String> = ["aws_secret_access_key", "aws_session_token", "aws_security_token"]

    private let name: String
    private let isCredentialsFile: Bool
    private var sections: [Section] = []
    private var lineNumber = 0
    /// The setting that an indented line would continue.
    private var open: (name: String, indent: Int)?

    /// - Throws: `AWSConfigurationError`, which names file and line and never what stands there.
    static func parse(_ content: SharedSecret, name: String, isCredentialsFile: Bool) throws -> [Section] {
        var parser = SharedConfigParser(name: name, isCredentialsFile: isCredentialsFile)
        return try content.withBytes { bytes in
            try bytes.withUnsafeBufferPointer { buffer in
                var rest = buffer[...]
                if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
                for line in rest.split(separator: 0x0A, omittingEmptySubsequences: false) {
                    try parser.read(line)
                }
                return parser.sections
            }
        }
    }

    private init(name: String, isCredentialsFile: Bool) {
        self.name = name
        self.isCredentialsFile = isCredentialsFile
    }

    private typealias Bytes = Slice<UnsafeBufferPointer<UInt8>>

    private mutating func read(_ raw: Bytes) throws {
        lineNumber += 1
        let line = raw.last == 0x0D ? raw.dropLast() : raw
        let text = Self.trimmed(line)
        guard let first = text.first, first != UInt8(ascii: "#"), first != UInt8(ascii: ";") else { return }
        guard !text.contains(where: { ($0 < 0x20 && $0 != 0x09) || $0 == 0x7F }) else {
            throw failure("a control character stands in it")
        }
        let indent = line.prefix { $0 == 0x20 || $0 == 0x09 }.count
        if let open, indent > open.indent { return try continueSetting(open.name, text) }
        open = nil
        if first == UInt8(ascii: "["), let end = text.lastIndex(of: UInt8(ascii: "]")) {
            return try beginSection(text[text.index(after: text.startIndex)..<end])
        }
        try readSetting(text, indent: indent)
    }

    private mutating func beginSection(_ bytes: Bytes) throws {
        let heading = try string(Self.trimmed(bytes))
        guard !heading.isEmpty else { throw failure("a section without a name") }
        sections.append(Section(name: heading, settings: [:]))
    }

    private mutating func readSetting(_ text: Bytes, indent: Int) throws {
        guard !sections.isEmpty else { throw failure("a setting before the first section (`[default]`)") }
        guard let delimiter = text.firstIndex(where: { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: ":") }) else {
            throw failure("neither a section (`[name]`) nor a setting (`name = value`)")
        }
        let key = try string(Self.trimmed(text[..<delimiter])).lowercased()
        guard !key.isEmpty else { throw failure("a setting without a name") }
        let value = Self.trimmed(text[text.index(after: delimiter)...])
        let content: SharedConfig.Value
        if Self.secretNames.contains(key) {
            content = .secret(SharedSecret(copying: value))
        } else {
            content = .text(try string(value))
        }
        store(key, content)
        open = (key, indent)
    }

    /// A line that is indented deeper than the setting before it: a member of its block, or more of its value.
    private mutating func continueSetting(_ key: String, _ text: Bytes) throws {
        switch sections[sections.count - 1].settings[key]?.value {
        case .secret(let value)? where !value.isEmpty: throw failure("an access key that goes over several lines")
        case .secret: store(key, .secret(SharedSecret(copying: text)))
        case .text(let value)? where !value.isEmpty: store(key, .text("\(value)\n\(try string(text))"))
        case .text, nil: try addMember(text, to: key, [:])
        case .nested(let block)?: try addMember(text, to: key, block)
        }
    }

    private mutating func addMember(_ text: Bytes, to key: String, _ block: [String: String]) throws {
        guard let equals = text.firstIndex(of: UInt8(ascii: "=")) else {
            throw failure("an indented line that is no `name = value`")
        }
        let member = try string(Self.trimmed(text[..<equals])).lowercased()
        guard !member.isEmpty else { throw failure("a setting without a name") }
        guard !Self.secretNames.contains(member) else { throw failure("an access key in an indented block") }
        var block = block
        block[member] = try string(Self.trimmed(text[text.index(after: equals)...]))
        store(key, .nested(block))
    }

    private mutating func store(_ key: String, _ value: SharedConfig.Value) {
        sections[sections.count - 1].settings[key] = SharedConfig.Setting(
            value: value, line: lineNumber, isFromCredentialsFile: isCredentialsFile)
    }

    private func string(_ bytes: Bytes) throws -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw failure("it is not UTF-8") }
        return text
    }

    private func failure(_ reason: String) -> AWSConfigurationError {
        AWSConfigurationError("\(name), line \(lineNumber)", reason)
    }

    private static func trimmed(_ bytes: Bytes) -> Bytes {
        var bytes = bytes
        while let first = bytes.first, first == 0x20 || first == 0x09 { bytes = bytes.dropFirst() }
        while let last = bytes.last, last == 0x20 || last == 0x09 { bytes = bytes.dropLast() }
        return bytes
    }
}
