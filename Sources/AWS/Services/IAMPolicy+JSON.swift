// A policy as text, the same every time, so that it can be committed and compared.

extension IAMPolicy {
    /// Indented JSON with a line break at its end.
    package func json() -> String {
        var text = "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n"
        text += statements.map { Self.text($0) }.joined(separator: ",\n")
        return text + "\n  ]\n}\n"
    }

    private static func text(_ statement: Statement) -> String {
        var members = [
            "\"Sid\": \(quoted(statement.id))", "\"Effect\": \"Allow\"",
            "\"Action\": \(list(statement.actions, indent: 6))",
            "\"Resource\": \(list(statement.resources, indent: 6))",
        ]
        if !statement.conditions.isEmpty {
            let conditions = statement.conditions.map { condition in
                "        \(quoted(condition.operator)): {\n          \(quoted(condition.key)): "
                    + "\(list(condition.values, indent: 10))\n        }"
            }
            members.append("\"Condition\": {\n\(conditions.joined(separator: ",\n"))\n      }")
        }
        return "    {\n" + members.map { "      " + $0 }.joined(separator: ",\n") + "\n    }"
    }

    private static func list(_ values: [String], indent: Int) -> String {
        if values.count == 1 { return quoted(values[0]) }
        let space = String(repeating: " ", count: indent)
        return "[\n" + values.map { "\(space)  \(quoted($0))" }.joined(separator: ",\n") + "\n\(space)]"
    }

    // What stands here has been checked or is written above: letters, digits and a few signs. A principal's ARN comes
    // from outside.
    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case "\u{0}"..<" ": quoted += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
