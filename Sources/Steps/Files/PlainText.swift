// Text from a repository or a server, made fit to stand in a line of ours.

/// Words around names that come from a repository or a server.
enum PlainText {
    /// The text with all that a terminal would obey, hide or reorder written out as `\u{…}`, cut after `limit`
    /// characters.
    static func line(_ text: String, limit: Int = 200) -> String {
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

    static func line(_ bytes: some Collection<UInt8>, limit: Int = 200) -> String {
        line(String(decoding: bytes, as: UTF8.self), limit: limit)
    }

    /// "A, B and 3 more"
    static func list(_ items: [String], limit: Int = 6) -> String {
        let shown = items.prefix(limit).map { line($0) }
        if items.count > limit { return shown.joined(separator: ", ") + " and \(items.count - limit) more" }
        guard let last = shown.last, shown.count > 1 else { return shown.joined() }
        return shown.dropLast().joined(separator: ", ") + " and " + last
    }

    /// "1 key", "3 keys"
    static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

    /// Eight digits are enough to tell the versions of one secret apart.
    static func version(_ id: String) -> String { line(String(id.prefix(8))) }

    /// "a", "a and b", "a, b and 3 more".
    static func few(_ items: [String], most: Int = 3) -> String {
        guard items.count > 1 else { return items.first ?? "" }
        if items.count <= most { return items.dropLast().joined(separator: ", ") + " and " + items[items.count - 1] }
        let shown = items.prefix(most - 1)
        return shown.joined(separator: ", ") + " and \(items.count - shown.count) more"
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
}
