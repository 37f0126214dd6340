// `migrate policy`: the permissions to ask for, and no more.

import AWS
import ArgumentParser
import Settings
import Stores
import World

struct PolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Writes a least-privilege IAM policy for the application or for whoever runs migrate.",
        usage: "migrate policy app|migrator [SECRET ...] [--kms-key KEY]",
        discussion: """
            The ARNs are exact: this account, this region, this name with the six characters that AWS adds. Without \
            --account and an expected account in the settings, AWS is asked whose credentials these are.
            """)

    enum Audience: String, ExpressibleByArgument, CaseIterable {
        case app, migrator
    }

    @Argument(help: "Who gets it: app reads the secret; migrator does all that migrate does.")
    var audience: Audience

    @Argument(help: "Secrets. Default: AWS_SECRET_NAME, else `secret` in the settings.")
    var names: [String] = []

    @Option(help: "Account number. Default: the settings' expected account, else that of the credentials.")
    var account: String?

    @Option(name: .customLong("kms-key"), help: "Id, ARN or alias of a KMS key that encrypts them; as often as needed.")
    var kmsKeys: [String] = []

    @OptionGroup var store: StoreOptions

    func validate() throws {
        if store.store == .local { throw ValidationError("The local vault has no IAM: its files' modes protect it.") }
    }

    func run() async throws {
        for name in names { try SecretWord.check(name) }
        var options = store
        options.store = .aws
        let settings = try LocalSettings.load()
        let wanted =
            names.isEmpty
            ? [try NamedSecret.resolve(nil, word: nil, settings: settings.store, world: .real()).name] : names
        let session = try await StoreSession.open(options, settings, secret: wanted.first)
        let secrets = try wanted.map { try SecretName($0) }
        guard let aws = session.aws, let region = aws.settings.region?.value else { throw StoreKindMismatch() }
        var number = account ?? secrets.lazy.compactMap(\.account).first ?? session.settings.store.expectedAccount
        if number == nil {
            number = try await STSClient(client: aws.client(.sts)).getCallerIdentity().account
        }
        let isOfOne = secrets.allSatisfy { ($0.region ?? region) == region && ($0.account ?? number) == number }
        guard isOfOne else {
            throw ValidationError("These secrets are of several accounts or regions: write one policy for each.")
        }
        let scope = try IAMPolicy.Scope(
            region: region, account: number ?? "", names: secrets.map(\.name), kmsKeys: kmsKeys)
        let policy = audience == .app ? IAMPolicy.app(scope) : IAMPolicy.migrator(scope)
        try StandardOutput.write(Array((policy.json().trimmingSpaces() + "\n").utf8))
    }
}

/// A command about AWS was sent to the local vault.
struct StoreKindMismatch: Error {}
