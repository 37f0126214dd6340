// Makes text from a repository safe to print: a file may be named after a command of a terminal or of a pipeline.

/// Escapes what a terminal would obey, hide or reorder.
///
/// Paths, names and subjects come from whoever wrote the repository. Control characters
/// and ANSI sequences, bidirectional overrides and invisible characters are written out
/// (`\n`, `\x1b`, `\u{202e}`); everything that can be seen stays as it is. The result has
/// no line breaks. A backslash stays single, so the form is for reading, not for undoing.
///
/// Agents of pipelines read a job's output for commands: GitHub's at the start of a line (`::add-mask::`), Azure's
/// anywhere (`##vso[task.setvariable ...]`). What looks like one is broken up (`\x3a:`, `#\x23`).
package struct Sanitizer: Sendable {
    /// Whether the reader's locale can show more than ASCII; if not, all else is escaped.
    package let unicode: Bool

    package init(unicode: Bool = true) { self.unicode = unicode }

    package func clean(_ text: String) -> String {
        // Nearly all text is plain.
        if text.utf8.allSatisfy({ (0x20...0x7e).contains($0) }) { return Self.disarmed(text) }
        var result = ""
        result.reserveCapacity(text.utf8.count + 16)
        var previous: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            if isPrintable(scalar, after: previous) {
                result.unicodeScalars.append(scalar)
            } else {
                result += escape(scalar)
            }
            previous = scalar
        }
        return Self.disarmed(result)
    }

    /// Whether `clean` would leave `text` as it is.
    package func isClean(_ text: String) -> Bool {
        var previous: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            guard isPrintable(scalar, after: previous) else { return false }
            previous = scalar
        }
        return Self.disarmed(text) == text
    }

    /// Breaks up what an agent would take for a command. A text may be wrapped at any space, so that each word counts as
    /// the start of a line.
    private static func disarmed(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == UInt8(ascii: "#") || $0 == UInt8(ascii: ":") }) else { return text }
        let bytes = Array(text.utf8)
        func isLetter(_ index: Int) -> Bool { index < bytes.count && (0x61...0x7a).contains(bytes[index] | 0x20) }
        func begins(_ word: String, at index: Int) -> Bool {
            index + word.utf8.count <= bytes.count
                && zip(bytes[index...], word.utf8).allSatisfy { $0 == $1 || $0 | 0x20 == $1 }
        }
        var result: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            if byte == UInt8(ascii: ":"), begins("::", at: index), isLetter(index + 2),
                index == 0 || bytes[index - 1] == UInt8(ascii: " ")
            {
                result += Array("\\x3a".utf8)
            } else if byte == UInt8(ascii: "#"), index > 0, bytes[index - 1] == byte,
                begins("[", at: index + 1) || begins("vso[", at: index + 1)
            {
                result += Array("\\x23".utf8)
            } else {
                result.append(byte)
            }
        }
        return result.count == bytes.count ? text : String(decoding: result, as: UTF8.self)
    }

    private func isPrintable(_ scalar: Unicode.Scalar, after previous: Unicode.Scalar?) -> Bool {
        if scalar.isASCII { return (0x20...0x7e).contains(scalar.value) }
        guard unicode else { return false }
        switch scalar.value {
        case 0xfe0f, 0x200d:
            // The variation selector and joiner inside an emoji; invisible anywhere else.
            return previous.map { Self.isEmoji($0) || $0.value == 0xfe0f } ?? false
        case 0x2800:
            // The empty Braille pattern: a blank that is no space.
            return false
        default: break
        }
        if scalar.properties.isDefaultIgnorableCodePoint { return false }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned,
            .spaceSeparator:
            // A space other than U+0020 would make two names look alike.
            return false
        default: return true
        }
    }

    private static func isEmoji(_ scalar: Unicode.Scalar) -> Bool {
        !scalar.isASCII && scalar.properties.isEmoji
    }

    private func escape(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\n": "\\n"
        case "\r": "\\r"
        case "\t": "\\t"
        case "\u{2026}" where !unicode: "..."
        default:
            scalar.value < 0x100
                ? "\\x" + Wording.hexadecimal(scalar.value, width: 2)
                : "\\u{" + Wording.hexadecimal(scalar.value, width: 4) + "}"
        }
    }
}
