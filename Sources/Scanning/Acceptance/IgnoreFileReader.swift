// Reads `.migrate/ignore.yml`.

import Detection
package import Settings
package import World
import Yams

extension Acceptances {
    /// Parses the text of an ignore file: a list of entries.
    ///
    /// - Throws: `ConfigurationError`: no YAML, an unknown key, a reason or an owner that is missing, a bad date, a
    ///   fingerprint that is none or stands twice, marks of a merge that git left to people.
    package static func parse(_ bytes: [UInt8], path: String) throws(ConfigurationError) -> Acceptances {
        if let entries = IgnoreFileLayout.entries(of: bytes) { return try unique(entries, path: path) }
        if let line = MergeConflict.firstLine(in: bytes) {
            throw ConfigurationError(
                path: path, line: line,
                reason: "marks of a merge conflict stand here; to take the entries of both sides: migrate ignore merge")
        }
        return try unique(try IgnoreFileReader(path: path).entries(of: bytes), path: path)
    }

    private static func unique(
        _ entries: [IgnoreFileReader.Entry], path: String
    ) throws(ConfigurationError) -> Acceptances {
        var lines: [String: Int] = [:]
        for entry in entries {
            if let first = lines.updateValue(entry.line, forKey: entry.acceptance.fingerprint) {
                throw ConfigurationError(
                    path: path, line: entry.line,
                    reason: "\(entry.acceptance.fingerprint) stands in line \(first) already; "
                        + "to keep the one that ends first: migrate ignore merge")
            }
        }
        return Acceptances(entries.map(\.acceptance))
    }
}

/// Walks the nodes of an ignore file.
struct IgnoreFileReader {
    struct Entry: Equatable {
        var acceptance: Acceptance
        /// Where it begins, from 1.
        var line: Int
    }

    private static let keys = ["fingerprint", "reason", "owner", "until", "note"]
    private let yaml: YAMLReader

    init(path: String) { yaml = YAMLReader(path: path) }

    /// The entries in the order of the file; a fingerprint may stand twice.
    func entries(of bytes: [UInt8]) throws(ConfigurationError) -> [Entry] {
        if let entries = IgnoreFileLayout.entries(of: bytes) { return entries }
        return try entriesOfYAML(bytes)
    }

    /// The same in any layout.
    func entriesOfYAML(_ bytes: [UInt8]) throws(ConfigurationError) -> [Entry] {
        guard let root = try yaml.root(of: bytes, limit: Acceptances.largest), !yaml.isNothing(root) else { return [] }
        let items = try yaml.items(root, "the file")
        guard items.count <= Acceptances.mostEntries else {
            throw yaml.failure(root, "it has \(items.count) entries, and \(Acceptances.mostEntries) are the most")
        }
        var entries: [Entry] = []
        entries.reserveCapacity(items.count)
        for item in items { entries.append(Entry(acceptance: try acceptance(item), line: yaml.line(item))) }
        return entries
    }

    private func acceptance(_ item: Node) throws(ConfigurationError) -> Acceptance {
        var fingerprint: String?
        var texts: [String: String] = [:]
        var until: Instant??
        for (key, value) in try yaml.pairs(item, "an entry") {
            switch key.scalar?.string {
            case "fingerprint":
                guard let read = value.scalar.flatMap({ Fingerprint($0.string) }) else {
                    throw yaml.failure(value, "`fingerprint` must be the sixteen digits that migrate scan shows")
                }
                fingerprint = read.description
            case "reason", "owner", "note":
                let name = key.scalar?.string ?? ""
                let text = try yaml.text(value, name)
                guard text.contains(where: { !$0.isWhitespace }) else {
                    throw yaml.failure(value, "`\(name)` must be a text")
                }
                texts[name] = text
            case "until":
                guard let end = value.scalar.flatMap({ AcceptanceEnd.inFile($0.string) }) else {
                    throw yaml.failure(value, "`until` must be a day such as 2027-01-31, or `never`")
                }
                until = .some(end.instant)
            default: throw yaml.unknownKey(key, known: Self.keys)
            }
        }
        guard let fingerprint else { throw yaml.failure(item, "an entry lacks its `fingerprint`") }
        guard let reason = texts["reason"] else {
            throw yaml.failure(item, "\(fingerprint) lacks its `reason`: why may it stay?")
        }
        guard let owner = texts["owner"] else {
            throw yaml.failure(item, "\(fingerprint) lacks its `owner`: who answers for it?")
        }
        guard let until else {
            throw yaml.failure(item, "\(fingerprint) lacks its `until`: a day such as 2027-01-31, or `never`")
        }
        return Acceptance(fingerprint: fingerprint, reason: reason, owner: owner, until: until, note: texts["note"])
    }
}

/// When an acceptance ends.
package enum AcceptanceEnd: Sendable, Equatable {
    case never
    /// The last second of a day, UTC.
    case day(Instant)

    package var instant: Instant? {
        switch self {
        case .never: nil
        case .day(let instant): instant
        }
    }

    /// As the file has it: `2027-01-31`, `never`. Nil for anything else.
    package static func inFile(_ text: String) -> AcceptanceEnd? {
        if text == "never" { return .never }
        guard text.utf8.count == 10, let end = Instant(iso8601: text + "T23:59:59Z") else { return nil }
        return .day(end)
    }

    /// As a person may give it: also `90d` and `12w` from now.
    package static func given(_ text: String, now: Instant) -> AcceptanceEnd? {
        guard let unit = text.last, unit == "d" || unit == "w" else { return inFile(text) }
        let digits = text.dropLast()
        guard !digits.isEmpty, digits.utf8.count <= 4, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let count = Int(digits), count > 0
        else { return nil }
        return inFile((now + Double(count * (unit == "w" ? 7 : 1)) * 86_400).day)
    }
}
