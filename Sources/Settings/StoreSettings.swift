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
        switch key.string {
        case "store":
            guard let kind = value.string.flatMap({ StoreSettings.Kind(rawValue: $0) }) else {
                throw failure(value, "`store` must be `aws` or `local`")
            }
            configuration.store.kind = kind
        case "secret": configuration.store.secret = try text(value, "secret")
        case "aws":
            for (key, value) in try pairs(value, "`aws`") { try readAWS(key, value) }
        case "vault":
            for (key, value) in try pairs(value, "`vault`") {
                switch key.string {
                case "folder": configuration.store.vaultFolder = try text(value, "vault.folder")
                case "key-file": configuration.store.vaultKeyFile = try text(value, "vault.key-file")
                default:
                    throw failure(key, "unknown key `vault.\(key.string ?? "?")`; known are `folder` and `key-file`")
                }
            }
        case "dotenv":
            for (key, value) in try pairs(value, "`dotenv`") {
                guard key.string == "dialect" else {
                    throw failure(key, "unknown key `dotenv.\(key.string ?? "?")`; known is `dialect`")
                }
                let name = try text(value, "dotenv.dialect")
                guard StoreSettings.isDialect(name) else {
                    throw failure(value, "`dotenv.dialect` must be one of \(StoreSettings.dialectNames)")
                }
                configuration.store.dialect = name
            }
        default: return false
        }
        return true
    }

    private mutating func readAWS(_ key: Node, _ value: Node) throws(ConfigurationError) {
        switch key.string {
        case "region": configuration.store.region = try text(value, "aws.region")
        case "profile": configuration.store.profile = try text(value, "aws.profile")
        case "expected-account":
            let account = try text(value, "aws.expected-account")
            // Without quotes YAML 1.1 would take 012345670123 for an octal number: the scalar's own text is read.
            guard account.utf8.count == 12, account.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
                throw failure(value, "`aws.expected-account` must be an account number of twelve digits")
            }
            configuration.store.expectedAccount = account
        default:
            throw failure(
                key, "unknown key `aws.\(key.string ?? "?")`; known are `region`, `profile` and `expected-account`")
        }
    }

    private func text(_ node: Node, _ name: String) throws(ConfigurationError) -> String {
        guard let text = node.string, !text.isEmpty else { throw failure(node, "`\(name)` must be a text") }
        guard text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
            throw failure(node, "`\(name)` must not hold control characters")
        }
        return text
    }
}
