// Text from a repository or a server, made fit to stand in a line of ours.

/// Text of others in one line.
package enum OneLine {
    /// The text with all that a terminal would obey, hide or reorder written out as `\u{…}`, cut after `limit`
    /// characters.
    package static func text(_ text: String, limit: Int = 200) -> String {
        var result = ""
        var count = 0
        for scalar in text.unicodeScalars {
            if count == limit { return result + "…" }
            count += 1
            if isPlain(scalar) {
                result.unicodeScalars.append(scalar)
            } else {
                result += "\\u{\(String(scalar.value, radix: 16))}"
            }
        }
        return result
    }

    package static func text(_ bytes: some Collection<UInt8>, limit: Int = 200) -> String {
        text(String(decoding: bytes, as: UTF8.self), limit: limit)
    }

    /// The same, for those who know the name from the floor of HTTP, which this type hides.
    package static func of(_ text: some StringProtocol, limit: Int = 200) -> String {
        Self.text(String(text), limit: limit)
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return (0x20...0x7E).contains(scalar.value) }
        if scalar.properties.isDefaultIgnorableCodePoint { return false }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned,
            .spaceSeparator:
            return false
        default: return true
        }
    }

    /// "a", "a and b", "a, b and 3 more".
    package static func list(_ items: [String], most: Int = 3) -> String {
        guard items.count > 1 else { return items.first ?? "" }
        if items.count <= most { return items.dropLast().joined(separator: ", ") + " and " + items[items.count - 1] }
        let shown = items.prefix(most - 1)
        return shown.joined(separator: ", ") + " and \(items.count - shown.count) more"
    }
}
