// YAML with explanations, written so that it is read back as what was meant.

/// The lines of a settings file that people are to read and change.
struct SettingsPage {
    var text = ""

    mutating func line(_ line: String) { text += line + "\n" }

    mutating func gap() { if !text.hasSuffix("\n\n") { text += "\n" } }

    /// Text that is for people; its own indentation is kept before the mark.
    mutating func comment(_ comment: String) {
        let spaces = comment.prefix { $0 == " " }
        let words = comment.dropFirst(spaces.count)
        let safe = String(words.map { $0.isNewline || $0.unicodeScalars.contains { $0.value < 0x20 } ? "?" : $0 })
        text += words.isEmpty ? "#\n" : spaces + "# " + safe + "\n"
    }

    /// A line to take the `#` away from.
    mutating func suggestion(_ line: String) { text += "#" + line + "\n" }

    static func list(_ items: [String]) -> String { "[" + items.map(scalar).joined(separator: ", ") + "]" }

    /// A text as YAML reads it back: plain where it is beyond doubt, else in quotes.
    static func scalar(_ text: String) -> String {
        let isPlain =
            !text.isEmpty
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || "/._-+".utf8.contains(byte)
            }
            && text.utf8.first.map {
                (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || "/._".utf8.contains($0)
            }
                ?? false
            && !["true", "false", "yes", "no", "on", "off", "null", "y", "n", ".inf", ".nan"].contains(
                text.lowercased())
            && text.utf8.contains { (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) }
        if isPlain { return text }
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\" + String(scalar)
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            default:
                if scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
                    || [0x2028, 0x2029, 0xFEFF].contains(scalar.value)
                {
                    let digits = String(scalar.value, radix: 16)
                    quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                } else {
                    quoted.unicodeScalars.append(scalar)
                }
            }
        }
        return quoted + "\""
    }
}
