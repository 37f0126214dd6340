// A command, written as it would be typed into a shell: whole, so that nothing of it is agreed to unseen.

import Checklist

/// The words of a command for people, and what tells it from another one.
struct TypedCommand: Sendable {
    /// The program and its arguments.
    let words: [String]

    /// Longer ones are shown a word a line.
    private static let longestLine = 60

    /// Whole; text that a terminal would obey, hide or reorder is written out as `$'\x1B'`.
    var line: String { words.map(Self.quoted).joined(separator: " ") }

    /// For a reason or a summary: cut where it is long.
    var shortened: String { PlainText.line(line) }

    /// What a person is asked to agree to. Every character of the command is in it.
    func change(_ lines: [PreviewLine]) -> PlannedChange {
        let line = line
        guard line.count > Self.longestLine else { return PlannedChange("run \(line)", lines: lines) }
        return PlannedChange(
            "run this command of \(PlainText.count(words.count, "word"))",
            lines: words.map { PreviewLine(.context, Self.quoted($0)) } + lines)
    }

    /// `sha256:` and 64 hexadecimal digits: the same for the same words with the same settings, and for nothing else.
    func digest(_ settings: [String?]) -> String {
        // A length before each text: words that are cut elsewhere are other words.
        let texts = [words.map(Optional.some), settings].flatMap { part in [String(part.count)] + part }
        return FileChange.digest(
            Array(texts.map { text in text.map { "\($0.utf8.count):\($0)" } ?? "-" }.joined(separator: ",").utf8))
    }

    private static func quoted(_ word: String) -> String {
        if word != PlainText.line(word, limit: .max) { return dollarQuoted(word) }
        if !word.isEmpty, word.utf8.allSatisfy(isPlain) { return word }
        return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "-_./:@%+,=".utf8.contains(byte)
        }
    }

    /// The form that bash, zsh, ksh and POSIX 2024 read.
    private static func dollarQuoted(_ word: String) -> String {
        var text = "$'"
        for scalar in word.unicodeScalars {
            switch scalar {
            case "\n": text += "\\n"
            case "\t": text += "\\t"
            case "'", "\\": text += "\\\(scalar)"
            case _ where PlainText.line(String(scalar)) == String(scalar): text.unicodeScalars.append(scalar)
            default:
                for byte in String(scalar).utf8 { text += "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16) }
            }
        }
        return text + "'"
    }
}
