// `.migrate/config.yml`: where secrets are kept.

import Yams

/// The part of a repository's settings that names its store. There is no endpoint among them: a repository that a
/// person has just cloned must not be able to send their values elsewhere.
package struct StoreSettings: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        case aws, local
    }

    package var kind: Kind?
    /// The name of the secret that commands mean when they are given none.
    package var secret: String?
    package var region: String?
    package var profile: String?
    /// Twelve digits: a secret of another account is refused.
    package var expectedAccount: String?
    /// As written: relative to the root, absolute, or from `~/`.
    package var vaultFolder: String?
    package var vaultKeyFile: String?
    /// One of node, python, compose and shell: how the dotenv files here are read.
    package var dialect: String?

    package init() {}

    static let topKeys = ["store", "secret", "aws", "vault", "dotenv"]
    private static let dialects = ["node", "python", "compose", "shell"]

    static func isDialect(_ name: String) -> Bool { dialects.contains(name) }
    static var dialectNames: String { dialects.joined(separator: ", ") }
}

extension ConfigurationReader {
    /// Takes one pair of the file if it is about the store.
    mutating func readStore(_ key: Node, _ value: Node) throws(ConfigurationError) -> Bool {
        switch key.scalar?.string {
        case "store":
            guard let kind = value.scalar.flatMap({ StoreSettings.Kind(rawValue: $0.string) }) else {
                throw yaml.failure(value, "`store` must be `aws` or `local`")
            }
            configuration.store.kind = kind
        case "secret": configuration.store.secret = try yaml.text(value, "secret")
        case "aws":
            for (key, value) in try yaml.pairs(value, "`aws`") { try readAWS(key, value) }
        case "vault":
            for (key, value) in try yaml.pairs(value, "`vault`") {
                switch key.scalar?.string {
                case "folder": configuration.store.vaultFolder = try yaml.text(value, "vault.folder")
                case "key-file": configuration.store.vaultKeyFile = try yaml.text(value, "vault.key-file")
                default:
                    throw yaml.unknownKey(key, prefix: "vault.", known: ["folder", "key-file"])
                }
            }
        case "dotenv":
            for (key, value) in try yaml.pairs(value, "`dotenv`") {
                guard key.scalar?.string == "dialect" else {
                    throw yaml.unknownKey(key, prefix: "dotenv.", known: ["dialect"])
                }
                let name = try yaml.text(value, "dotenv.dialect")
                guard StoreSettings.isDialect(name) else {
                    throw yaml.failure(value, "`dotenv.dialect` must be one of \(StoreSettings.dialectNames)")
                }
                configuration.store.dialect = name
            }
        default: return false
        }
        return true
    }

    private mutating func readAWS(_ key: Node, _ value: Node) throws(ConfigurationError) {
        switch key.scalar?.string {
        case "region": configuration.store.region = try yaml.text(value, "aws.region")
        case "profile": configuration.store.profile = try yaml.text(value, "aws.profile")
        case "expected-account":
            let account = try yaml.text(value, "aws.expected-account")
            // Without quotes YAML 1.1 would take 012345670123 for an octal number: the scalar's own text is read.
            guard account.utf8.count == 12, account.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
                throw yaml.failure(value, "`aws.expected-account` must be an account number of twelve digits")
            }
            configuration.store.expectedAccount = account
        default:
            throw yaml.unknownKey(key, prefix: "aws.", known: ["region", "profile", "expected-account"])
        }
    }
}
