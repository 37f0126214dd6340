// Makes text from a repository safe to print: a file may be named after a terminal command.

/// Escapes what a terminal would obey, hide or reorder.
///
/// Paths, names and subjects come from whoever wrote the repository. Control characters
/// and ANSI sequences, bidirectional overrides and invisible characters are written out
/// (`\n`, `\x1b`, `\u{202e}`); everything that can be seen stays as it is. The result has
/// no line breaks. A backslash stays single, so the form is for reading, not for undoing.
package struct Sanitizer: Sendable {
    /// Whether the reader's locale can show more than ASCII; if not, all else is escaped.
    package let unicode: Bool

    package init(unicode: Bool = true) { self.unicode = unicode }

    package func clean(_ text: String) -> String {
        // Nearly all text is plain.
        if text.utf8.allSatisfy({ (0x20...0x7e).contains($0) }) { return text }
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
        return result
    }

    /// Whether `clean` would leave `text` as it is.
    package func isClean(_ text: String) -> Bool {
        var previous: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            guard isPrintable(scalar, after: previous) else { return false }
            previous = scalar
        }
        return true
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
