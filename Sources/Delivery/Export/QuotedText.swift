// Names, never values, in double quotes of JSON, YAML and HCL.

enum QuotedText {
    /// As JSON and as YAML: JSON's escapes are YAML's, and whatever YAML takes for a line break or cannot show is
    /// escaped.
    static func json(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case _ where isPlain(scalar): quoted.unicodeScalars.append(scalar)
            default: quoted += escape(scalar)
            }
        }
        return quoted + "\""
    }

    /// As HCL, where `${` and `%{` begin a template.
    static func hcl(_ text: String) -> String {
        var quoted = "\""
        var previous: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case "{" where previous == "$" || previous == "%":
                // The sign is there already; a second one makes both literal.
                quoted += "\(previous == "$" ? "$" : "%"){"
            case _ where isPlain(scalar): quoted.unicodeScalars.append(scalar)
            default: quoted += escape(scalar)
            }
            previous = scalar
        }
        return quoted + "\""
    }

    /// Printable everywhere: no controls, no line separators, no byte-order mark.
    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20...0x7E, 0xA0...0x2027, 0x202A...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD, 0x10000...: true
        default: false
        }
    }

    /// What is not plain lies in the first plane.
    private static func escape(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
    }
}
