// The list of an organisation's repositories: a path a line.

import Crypto
import Detection

/// Repositories to scan one after the other.
package struct RepositoryList: Sendable, Equatable {
    package struct Entry: Sendable, Equatable {
        /// From 1, among the repositories of the list: comments and empty lines do not count.
        package var position: Int
        /// As it is written in the list, white space around it aside.
        package var path: String
    }

    package let entries: [Entry]
    /// SHA-256 of the paths in their order, in hexadecimal: comments may change, repositories may not.
    package let digest: String
    /// Paths that stand there twice, and count once.
    package let repeated: [String]

    /// Why a list cannot be used.
    package struct Unusable: Error, Sendable, Equatable {
        /// From 1; 0 when no line is to blame.
        package var line: Int
        package var reason: String
    }

    /// In bytes. A longer file is no list of repositories.
    package static let largest = 16 << 20

    /// Reads the text of a list: a path a line, `#` begins a comment's line.
    ///
    /// - Throws: `Unusable`: half a list would leave repositories out in silence.
    package init(parsing bytes: [UInt8]) throws(Unusable) {
        var rest = bytes[...]
        if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
        var entries: [Entry] = []
        var known: Set<[UInt8]> = []
        var repeated: [String] = []
        for (number, line) in rest.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            let path = Self.trimmed(line)
            guard let first = path.first, first != UInt8(ascii: "#") else { continue }
            guard let text = String(validating: path, as: UTF8.self) else {
                throw Unusable(line: number + 1, reason: "the path is not UTF-8")
            }
            guard path.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
                throw Unusable(line: number + 1, reason: "the path has control characters")
            }
            guard known.insert(Array(path)).inserted else {
                repeated.append(text)
                continue
            }
            entries.append(Entry(position: entries.count + 1, path: text))
        }
        if entries.isEmpty { throw Unusable(line: 0, reason: "it names no repository") }
        self.entries = entries
        self.repeated = repeated
        digest = Self.digest(of: entries.map(\.path))
    }

    /// The digest of a list of these paths.
    package static func digest(of paths: [String]) -> String {
        var hash = SHA256()
        for path in paths { hash.update(data: Array(path.utf8) + [UInt8(ascii: "\n")]) }
        return Self.hexadecimal(Array(hash.finalize()))
    }

    static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef")
        return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }

    private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
        var line = line
        while let first = line.first, isSpace(first) { line.removeFirst() }
        while let last = line.last, isSpace(last) { line.removeLast() }
        return line
    }
}

extension RuleSet {
    /// Names these rules: reports that were made under others are not merged. In hexadecimal.
    package var digest: String {
        var digest = KeyDigest()
        for rule in rules {
            for text in [rule.id, rule.title, rule.provider, rule.severity.name, rule.revocation] { digest.add(text) }
            digest.add("\(rule.minimumEntropy)")
            digest.add("\(rule.confirmation)")
            for anchor in rule.anchors {
                digest.add(anchor.literal)
                digest.add(anchor.ignoresCase)
            }
        }
        return RepositoryList.hexadecimal(Array(digest.finish().prefix(16)))
    }
}
