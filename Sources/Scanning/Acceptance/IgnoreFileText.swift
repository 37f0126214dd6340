// How `.migrate/ignore.yml` is written: in a form that two branches can add to without a conflict.

import World

/// The text of an ignore file.
///
/// Git merges changes that have an unchanged line between them. So entries are sorted by fingerprint, which spreads
/// them evenly; a comment stands before each of sixteen sections, and no block depends on its number or its neighbours.
enum IgnoreFileText {
    static let header = [
        "# Findings that may stay for a while: see `migrate ignore --help`.",
        "# Sorted by fingerprint. The lines `# 0` to `# f` keep what two branches add apart.",
        "",
    ]

    private static let digits = Array("0123456789abcdef")

    /// The comments before the sections, by first digit.
    static let anchors: [String] = digits.map { "# \($0)" }

    /// The section of a fingerprint.
    static func section(of fingerprint: String) -> Int {
        fingerprint.first.flatMap(digits.firstIndex) ?? 0
    }

    /// The lines of one entry.
    static func lines(of entry: Acceptance) -> [String] {
        var lines = [
            "- fingerprint: " + quotedDigits(entry.fingerprint),
            "  reason: " + quoted(entry.reason),
            "  owner: " + quoted(entry.owner),
            "  until: " + (entry.until?.day ?? "never"),
        ]
        if let note = entry.note { lines.append("  note: " + quoted(note)) }
        return lines
    }

    /// A whole file.
    /// - Parameter remarks: comments of people, which stand after our own.
    static func lines(of entries: [Acceptance], remarks: [String] = []) -> [String] {
        var lines = header + remarks + (remarks.isEmpty ? [] : [""])
        let sorted = entries.sorted { $0.fingerprint < $1.fingerprint }
        var next = sorted.startIndex
        for (section, anchor) in anchors.enumerated() {
            lines.append(anchor)
            while next < sorted.endIndex, self.section(of: sorted[next].fingerprint) == section {
                lines += self.lines(of: sorted[next]) + [""]
                next += 1
            }
        }
        return lines
    }

    /// Digits alone would be a number to other readers of YAML, and `1e5…` too.
    private static func quotedDigits(_ text: String) -> String { "\"\(text)\"" }

    /// As YAML's double quotes have it. The texts are of one line.
    private static func quoted(_ text: String) -> String {
        var result = "\""
        var last: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\" + String(scalar)
            // What looks like an alias would be refused on reading, once anything looks like an anchor.
            case "*" where last.map { " -[{,:?".unicodeScalars.contains($0) } ?? false: result += "\\x2A"
            default: result.unicodeScalars.append(scalar)
            }
            last = scalar
        }
        return result + "\""
    }
}

extension Acceptances {
    /// Whether a text can be a reason or an owner: one line that shows as it is.
    package static func isText(_ text: String) -> Bool {
        text.contains { !$0.isWhitespace }
            && text.unicodeScalars.allSatisfy {
                switch $0.properties.generalCategory {
                case .control, .lineSeparator, .paragraphSeparator: false
                default: !(0x202A...0x202E).contains($0.value) && !(0x2066...0x2069).contains($0.value)
                }
            }
    }
}
