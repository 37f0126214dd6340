// Values that name another place: a variable, a secret store, an encrypted text.

/// Recognises references to other variables and stores, and text that is already encrypted.
enum Reference {
    private static let openings: [StaticString] = [
        "op://", "vault:", "vault://", "ssm:", "ssm://", "awssm:", "awssm://", "arn:aws", "@microsoft.keyvault(",
        "secretref:", "secretsmanager:", "secretsmanager://", "secret://", "keyvault:", "gcpsm:", "gcp-sm:", "sm://",
        "env:", "env.", "env(", "env[", "$env:", "process.env", "import.meta.env", "os.environ", "os.getenv",
        "getenv(", "system.getenv", "secrets.", "var.", "local.", "data.", "module.", "file://", "file(", "!vault",
        "!ref", "!sub", "!getatt", "!importvalue", "!secret", "!env", "enc[", "enc(", "$ansible_vault", "{cipher}",
        "{vault}", "aqicah", "doppler://", "infisical://", "bws:", "bws://", "keyring:", "keychain:", "encrypted:",
        "ref+", "resolve:", "akv://", "conjur:", "chamber:", "lookup(", "sops:", "config.", "settings.",
        "valuefrom", "secretkeyref", "sealed:",
    ]

    /// Why `value` is a reference, or nil.
    static func reason(_ value: Span<UInt8>) -> String? {
        guard value.count >= 2 else { return nil }
        for opening in openings where value.opens(with: opening) {
            return "names a secret store, a variable or encrypted text"
        }
        if isVariable(value) { return "names another variable" }
        if holdsTemplate(value) { return "is filled in from elsewhere" }
        if value.opens(with: "projects/"), value.holds("/secrets/") { return "names a secret store" }
        return nil
    }

    /// `$NAME`, `%NAME%`, `!NAME!` as the whole value.
    private static func isVariable(_ value: Span<UInt8>) -> Bool {
        let isDollar = value[0] == UInt8(ascii: "$")
        let isPercent = value[0] == UInt8(ascii: "%") && value[value.count - 1] == UInt8(ascii: "%")
        guard isDollar || isPercent, value.count > 2 || isDollar else { return false }
        let name = value.extracting(1..<(isPercent ? value.count - 1 : value.count))
        guard name[0].isLetter || name[0] == UInt8(ascii: "_") || (name.count == 1 && name[0].isDigit) else {
            return false
        }
        let isShouted = name.allBytes { $0.isUpperLetter || $0.isDigit || $0 == UInt8(ascii: "_") }
        let isWord = name.allBytes { $0.isLetter || $0 == UInt8(ascii: "_") }
        return isShouted || isWord
    }

    /// `${…}`, `$(…)`, `{{…}}`, `#{…}`, `<%…%>`, `%(…)s`, backquoted commands.
    private static func holdsTemplate(_ value: Span<UInt8>) -> Bool {
        // An end that is missing once is missing from there on: each is looked for but once in vain.
        var mayEndInBrace = true
        var mayEndInParenthesis = true
        var mayEndInBraces = true
        var mayEndInPercent = true
        for index in 0..<(value.count - 1) {
            let pair = (Unicode.Scalar(value[index]), Unicode.Scalar(value[index + 1]))
            switch pair {
            case ("$", "{") where mayEndInBrace, ("#", "{") where mayEndInBrace:
                if value.place(ofByte: UInt8(ascii: "}"), from: index + 2) != nil { return true }
                mayEndInBrace = false
            case ("$", "(") where mayEndInParenthesis, ("%", "(") where mayEndInParenthesis,
                ("\\", "(") where mayEndInParenthesis:
                if value.place(ofByte: UInt8(ascii: ")"), from: index + 2) != nil { return true }
                mayEndInParenthesis = false
            case ("{", "{") where mayEndInBraces:
                if value.place(of: "}}", from: index + 2) != nil { return true }
                mayEndInBraces = false
            case ("<", "%") where mayEndInPercent:
                if value.place(of: "%>", from: index + 2) != nil { return true }
                mayEndInPercent = false
            case ("$", "["): if value.opens(with: "$[") && value.closes(with: "]") { return true }
            default: break
            }
        }
        return value.count > 3 && value[0] == UInt8(ascii: "`") && value[value.count - 1] == UInt8(ascii: "`")
    }
}
