// Names and values that stand apart: `name: X` with `value: Y` beside it, and variables with a default.

extension AssignmentReader {
    /// `- name: DB_PASSWORD⏎  value: …` and `{"name": "DB_PASSWORD", "value": "…"}`, as in Kubernetes
    /// manifests and task definitions.
    mutating func readNamedValue(_ bytes: Span<UInt8>) -> Assignment.Parsed? {
        guard follows(bytes, "name") else { return nil }
        var index = name.end
        let limit = min(bytes.count, index + 96)
        while index < limit, bytes[index].isBlank || bytes[index].isLineEnd || bytes[index] == UInt8(ascii: ",") {
            index += 1
        }
        guard index > name.end else { return nil }
        let quote = bytes.matches("\"value\"", at: index) || bytes.matches("'value'", at: index) ? 1 : 0
        guard bytes.matches("value", at: index + quote) else { return nil }
        index += 5 + 2 * quote
        while index < limit, bytes[index].isBlank { index += 1 }
        guard index < limit, bytes[index] == UInt8(ascii: ":") || bytes[index] == UInt8(ascii: "=") else { return nil }
        move(to: index + 1)
        skipBlanks(bytes, 16)
        if let value = readQuoted(bytes) { return parsed(bytes, value, isQuoted: true, .mapping) }
        guard quote == 0 else { return nil }
        return plain(bytes, placeOfValue..<endOfLine(bytes), .mapping)
    }

    /// `variable "db_password" {… default = "…" }`.
    mutating func readVariable(_ bytes: Span<UInt8>) -> Assignment.Parsed? {
        guard name.isQuoted, follows(bytes, "variable ") else { return nil }
        var index = name.end
        let limit = min(bytes.count, index + 320)
        while index < limit, bytes[index] != UInt8(ascii: "}") {
            if bytes[index].isBlank || bytes[index].isLineEnd, bytes.matches("default", at: index + 1) {
                index += 8
                while index < limit, bytes[index].isBlank { index += 1 }
                guard index < limit, bytes[index] == UInt8(ascii: "=") else { return nil }
                move(to: index + 1)
                skipBlanks(bytes, 16)
                guard let value = readQuoted(bytes) else { return nil }
                return parsed(bytes, value, isQuoted: true, .assignment)
            }
            index += 1
        }
        return nil
    }
}
