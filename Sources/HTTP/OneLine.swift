// Text from outside within a message.

/// Makes one line of a text from outside, so that it can stand within a message.
package enum OneLine {
    /// Whether a text is one line as it is: no control characters, no line breaks.
    package static func isOne(_ text: some StringProtocol) -> Bool {
        !text.unicodeScalars.contains {
            $0.properties.generalCategory == .control || $0 == "\u{2028}" || $0 == "\u{2029}"
        }
    }

    /// The text without line breaks, control characters and marks that turn its direction, at most `limit` characters
    /// long. Each run of what is left out, and of spaces, is one space, and none at the ends.
    package static func of(_ text: some StringProtocol, limit: Int = 200) -> String {
        var line = String.UnicodeScalarView()
        var count = 0
        for scalar in text.unicodeScalars {
            guard count < limit else { return String(line) + "…" }
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned,
                .spaceSeparator:
                guard let last = line.last, last != " " else { continue }
                line.append(" ")
            default: line.append(scalar)
            }
            count += 1
        }
        while line.last == " " { line.removeLast() }
        return String(line)
    }
}
