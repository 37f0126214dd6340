// How many columns of a terminal a text takes.

/// Measures and cuts text by the columns of a terminal.
enum TextWidth {
    static func of(_ text: some StringProtocol) -> Int {
        text.unicodeScalars.reduce(0) { $0 + width(of: $1) }
    }

    /// `text`, cut to `limit` columns with `mark` at the end where something is missing.
    static func cut(_ text: String, to limit: Int, mark: String) -> String {
        guard of(text) > limit else { return text }
        var left = limit - of(mark)
        var result = ""
        for character in text {
            left -= of(String(character))
            guard left >= 0 else { break }
            result.append(character)
        }
        return result + mark
    }

    private static func width(of scalar: Unicode.Scalar) -> Int {
        if scalar.isASCII { return 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: break
        }
        switch scalar.value {
        // The wide blocks of Unicode's EastAsianWidth.txt, and emoji.
        case 0x1100...0x115f, 0x2e80...0x303e, 0x3041...0xa4cf, 0xac00...0xd7a3, 0xf900...0xfaff,
            0xfe30...0xfe6f, 0xff00...0xff60, 0xffe0...0xffe6, 0x1f300...0x1f64f, 0x1f680...0x1f6ff,
            0x1f900...0x1f9ff, 0x20000...0x3fffd:
            return 2
        default: return 1
        }
    }
}
