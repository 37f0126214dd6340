// YAML that people write: its nodes, and where they are wrong. Settings and checklists are read alike.

package import Yams

/// Reads the nodes of one file, and words what is wrong with them.
package struct YAMLReader: Sendable {
    /// Of the file, for errors.
    package let path: String

    package init(path: String) { self.path = path }

    /// The nodes of a text; nil for one without any.
    ///
    /// - Parameter limit: the most bytes that the file may have.
    /// - Throws: `ConfigurationError`: too long, not UTF-8, not YAML.
    package func root(of bytes: [UInt8], limit: Int) throws(ConfigurationError) -> Node? {
        guard bytes.count <= limit else {
            throw ConfigurationError(path: path, line: 0, reason: "it has more than \(limit >> 10) KiB")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ConfigurationError(path: path, line: 0, reason: "it is not UTF-8")
        }
        // A few lines of aliases of aliases can stand for more nodes than memory holds.
        if let line = Self.lineOfAlias(in: bytes) {
            throw ConfigurationError(path: path, line: line, reason: "aliases (`&name`, `*name`) are not read here")
        }
        do {
            // The encoding is named so that the parser does not ask the environment.
            return try Yams.compose(yaml: text, .default, .default, .utf8)
        } catch {
            let yaml = error as? YamlError
            throw ConfigurationError(
                path: path, line: yaml?.line(in: bytes) ?? 0, reason: yaml?.problem ?? "it is not YAML")
        }
    }

    /// The line of the first `*name` of a text that has a `&name` as well; in a quoted text one of them is harmless.
    private static func lineOfAlias(in bytes: [UInt8]) -> Int? {
        guard bytes.contains(UInt8(ascii: "&")) else { return nil }
        var line = 1
        var alias: Int?
        var hasAnchor = false
        for (index, byte) in bytes.enumerated() {
            if byte == UInt8(ascii: "\n") { line += 1 }
            guard byte == UInt8(ascii: "&") || byte == UInt8(ascii: "*"), index + 1 < bytes.count,
                !" \t\r\n".utf8.contains(bytes[index + 1]),
                index == 0 || " \t\n-[{,:?\r".utf8.contains(bytes[index - 1])
            else { continue }
            if byte == UInt8(ascii: "&") { hasAnchor = true } else if hasAnchor { alias = alias ?? line }
        }
        return alias
    }

    /// - Parameter what: for the error: "`aws`".
    package func pairs(_ node: Node, _ what: String) throws(ConfigurationError) -> [(key: Node, value: Node)] {
        guard let mapping = node.mapping else { throw failure(node, "\(what) must hold `key: value` lines") }
        return mapping.map { ($0.key, $0.value) }
    }

    /// - Parameter what: for the error: "`steps`".
    package func items(_ node: Node, _ what: String) throws(ConfigurationError) -> [Node] {
        guard let sequence = node.sequence else { throw failure(node, "\(what) must be a list") }
        return Array(sequence)
    }

    /// One line of text.
    package func text(_ node: Node, _ name: String) throws(ConfigurationError) -> String {
        guard let text = node.scalar?.string, !isNothing(node), !text.isEmpty else {
            throw failure(node, "`\(name)` must be a text")
        }
        guard text.unicodeScalars.allSatisfy(Self.isPrintable) else {
            throw failure(node, "`\(name)` must not hold control characters")
        }
        return text
    }

    /// Whether the node is no value at all: `key:`, `key: ~`, `key: null`.
    package func isNothing(_ node: Node) -> Bool {
        guard let scalar = node.scalar, scalar.style == .plain else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }

    /// - Parameters:
    ///   - prefix: of the keys' full names: `aws.`.
    ///   - known: the keys that may stand there.
    package func unknownKey(_ key: Node, prefix: String = "", known: [String]) -> ConfigurationError {
        let name = prefix + Self.shown(key.scalar?.string ?? "?")
        let meant = key.scalar.flatMap { NearestName.of($0.string, among: known) }
        let names = known.map { "`\($0)`" }
        let list = names.count == 1 ? "known is \(names[0])" : "known are " + names.joined(separator: ", ")
        return failure(key, "unknown key `\(name)`; " + (meant.map { "did you mean `\(prefix)\($0)`? " } ?? "") + list)
    }

    package func failure(_ node: Node, _ reason: String) -> ConfigurationError {
        ConfigurationError(path: path, line: line(node), reason: reason)
    }

    /// From 1; 0 when it is not known.
    package func line(_ node: Node) -> Int { node.mark?.line ?? 0 }

    /// A text of the file as an error may repeat it: one line, not long.
    package static func shown(_ text: String) -> String {
        let shown = String(String.UnicodeScalarView(text.unicodeScalars.prefix(60).map { isPrintable($0) ? $0 : "?" }))
        return shown == text || shown.unicodeScalars.count < 60 ? shown : shown + "…"
    }

    /// No control character, nor one that changes the direction or the line of what follows.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: false
        default: !(0x202A...0x202E).contains(scalar.value) && !(0x2066...0x2069).contains(scalar.value)
        }
    }
}

extension YamlError {
    /// The line of the first problem, from 1.
    fileprivate func line(in bytes: [UInt8]) -> Int? {
        switch self {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): mark.line
        case .duplicatedKeysInMapping(_, let context): context.mark.line
        case .reader: 1 + bytes.prefix { $0 >= 0x20 || [0x09, 0x0A, 0x0D].contains($0) }.count { $0 == 0x0A }
        default: nil
        }
    }

    fileprivate var problem: String? {
        switch self {
        case .scanner(_, let problem, _, _), .parser(_, let problem, _, _), .composer(_, let problem, _, _): problem
        case .duplicatedKeysInMapping(let keys, _):
            keys.first.map { "`\(YAMLReader.shown($0))` stands twice" } ?? "a key stands twice"
        case .reader(let problem, _, _, _): problem
        default: nil
        }
    }
}
