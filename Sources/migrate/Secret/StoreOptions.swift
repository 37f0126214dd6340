// Which store a command speaks to, and which secret it means.

import ArgumentParser
import Settings

extension StoreSettings.Kind: ExpressibleByArgument {}

struct StoreOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where secrets are kept. Default: `store` in .migrate/config.yml, else aws.", valueName: "aws|local"))
    var store: StoreSettings.Kind?

    @Option(help: "AWS region. Default: AWS_REGION, AWS_DEFAULT_REGION, the settings, the profile.")
    var region: String?

    @Option(help: "AWS profile. Default: AWS_PROFILE, the settings.")
    var profile: String?

    @Option(name: .customLong("endpoint-url"), help: "Ask this endpoint instead of AWS's own.")
    var endpointURL: String?

    @Option(
        name: .customLong("vault"),
        help: "Folder of the local vault. Default: the settings, else ~/.local/share/migrate/vault.")
    var vaultFolder: String?

    @Option(
        name: .customLong("vault-key"),
        help: "Key file of the local vault. Default: the settings, else ~/.config/migrate/vault.key.")
    var vaultKeyFile: String?

    func validate() throws {
        for (name, value) in [
            ("--region", region), ("--profile", profile), ("--endpoint-url", endpointURL), ("--vault", vaultFolder),
            ("--vault-key", vaultKeyFile),
        ] where value == "" {
            throw ValidationError("\(name) is empty: a variable that is not set, perhaps?")
        }
        if store == .local, region != nil || profile != nil || endpointURL != nil {
            throw ValidationError("--region, --profile and --endpoint-url are about AWS, and --store local is not.")
        }
        if store == .aws, vaultFolder != nil || vaultKeyFile != nil {
            throw ValidationError("--vault and --vault-key are about the local vault: add --store local.")
        }
    }
}

/// The secret a command works on.
struct SecretOption: ParsableArguments {
    @Option(
        name: [.customLong("secret"), .customShort("s")],
        help: "Name or ARN of the secret. Default: AWS_SECRET_NAME, else `secret` in .migrate/config.yml.")
    var secret: String?

    func validate() throws {
        if secret == "" { throw ValidationError("--secret is empty: a variable that is not set, perhaps?") }
    }
}

/// The words after a command that works on keys: `[SECRET] KEY…`. They are taken as they come and sorted out here, so
/// that a value that was typed among them is refused and not repeated.
struct KeyArguments {
    /// The secret that the first word names: the one with a `/` in it, which no key has.
    let secret: String?
    let keys: [String]

    /// - Parameters:
    ///   - words: as typed.
    ///   - command: for the advice: `secret set`.
    ///   - takesSeveral: whether more than one key makes sense.
    init(_ words: [String], command: String, takesSeveral: Bool) throws {
        if words.contains("") { throw ValidationError("An argument is empty: a variable that is not set, perhaps?") }
        var rest = words[...]
        secret = rest.first.flatMap { KeyArguments.isSecretName($0) ? $0 : nil }
        if secret != nil { rest = rest.dropFirst() }
        for word in rest where !KeyArguments.isKey(word) {
            throw ArgumentRefusal.looksLikeValue(command: command)
        }
        if !takesSeveral, rest.count > 1 { throw ArgumentRefusal.looksLikeValue(command: command) }
        keys = Array(rest)
    }

    private static func isSecretName(_ word: String) -> Bool {
        // `shop/production` or an ARN. A value of base64 has `/` as well; as a name it would not be found, and it has
        // marks that no name has, or no end.
        (word.contains("/") || word.hasPrefix("arn:aws")) && !word.contains("://") && word.utf8.count <= 512
    }

    /// Names of environment variables and what comes near: values of credentials have other marks, or are longer.
    static func isKey(_ word: String) -> Bool {
        word.utf8.count <= 128 && !word.hasPrefix("-")
            && word.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || "_-.".utf8.contains(byte)
            } && !KnownValue.looksLikeOne(word) && !KnownValue.looksRandom(word)
    }
}

/// Words that are plainly credentials, whatever they were typed as.
enum KnownValue {
    private static let beginnings = [
        "SG.", "sk_live_", "sk_test_", "sk-", "ghp_", "gho_", "ghs_", "github_pat_", "glpat-", "xoxb-", "xoxp-", "AKIA",
        "ASIA", "npm_", "eyJ",
    ]

    /// Hexadecimal digits, or a mixture of cases and digits that no name of this length has.
    static func looksRandom(_ word: String) -> Bool {
        let bytes = word.utf8
        guard bytes.count >= 20 else { return false }
        func count(_ range: ClosedRange<UInt8>) -> Int { bytes.count { range.contains($0) } }
        let (digits, upper, lower) = (count(0x30...0x39), count(0x41...0x5A), count(0x61...0x7A))
        let isHexadecimal =
            digits >= 3
            && bytes.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
                    || byte == UInt8(ascii: "-")
            }
        let isMixed = digits >= 3 && upper >= 3 && lower >= 3
        return isHexadecimal || isMixed && (bytes.count >= 32 || bytes.count >= 24 && !word.contains("_"))
    }

    static func looksLikeOne(_ word: String) -> Bool {
        beginnings.contains { word.hasPrefix($0) && word.utf8.count >= $0.utf8.count + 12 }
    }
}

/// An argument that is not repeated, because it may be a secret.
enum ArgumentRefusal: Error {
    case looksLikeValue(command: String)
    /// A key is needed, and none was given.
    case noKey(command: String)
    /// A value, or `KEY=value`, where a secret's name belongs.
    case notASecret
    /// One as a word and another with --secret.
    case twoSecrets
}

/// A secret's name among the words of a command.
enum SecretWord {
    /// `KEY=value` and credentials are no names: they would be sent, and told, as if they were.
    /// - Throws: `ArgumentRefusal.notASecret`.
    static func check(_ word: String) throws {
        let beforeEquals = word.prefix { $0 != "=" }
        let isAssignment = beforeEquals.count < word.count && !beforeEquals.contains("/")
        guard !isAssignment, !KnownValue.looksLikeOne(word), word.contains("/") || !KnownValue.looksRandom(word) else {
            throw ArgumentRefusal.notASecret
        }
    }
}
