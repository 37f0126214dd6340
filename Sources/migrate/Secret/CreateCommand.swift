// `migrate secret create`: a secret without keys.

import ArgumentParser
import Reporting
import Secrets
import Settings
import Stores
import World

struct CreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Creates a secret without keys, ready for set and import.")

    @Argument(help: "Name of the new secret: shop/production. Default: AWS_SECRET_NAME, else `secret` in the settings.")
    var name: String?

    @Option(help: "What it is for; shown in lists. Not a secret.")
    var description: String?

    @Option(name: .customLong("kms-key"), help: "Id, ARN or alias of the KMS key. Default: aws/secretsmanager.")
    var kmsKey: String?

    @Option(name: .customLong("tag"), help: "NAME=TEXT, as often as needed.")
    var tags: [String] = []

    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions

    func validate() throws { _ = try parsedTags() }

    func run() async throws {
        // Before a vault is made for it.
        let settings = try LocalSettings.load()
        let secret = try NamedSecret.resolve(nil, word: name, settings: settings.store, world: .real()).name
        _ = try SecretName(new: secret)
        let session = try await StoreSession.open(store, settings, secret: secret, creatingVault: true)
        try await session.checkAccountOfCaller()
        let options = CreationOptions(description: description, kmsKey: kmsKey, tags: try parsedTags())
        let (reference, _) = try await Creation.create(
            secret, in: session.store, run: RunKey.random(session.world), options: options)
        let report = SecretListReport(place: session.store.place, secrets: [])
        switch output.format {
        case .human:
            let words =
                "\(secret): created in \(report.place)"
                + (reference.arn.map { " as \($0)" } ?? "") + ".\n"
            try StandardOutput.write(Array(words.utf8))
        case .json:
            var created = SecretDescription(name: secret)
            created.arn = reference.arn
            created.description = description
            created.tags = options.tags
            try StandardOutput.write(SecretListReport(place: session.store.place, secrets: [created]).json())
        }
    }

    private func parsedTags() throws -> [String: String] {
        var parsed: [String: String] = [:]
        for tag in tags {
            guard let equals = tag.firstIndex(of: "="), equals != tag.startIndex else {
                throw ValidationError("--tag takes NAME=TEXT, and '\(tag)' has no name.")
            }
            parsed[String(tag[..<equals])] = String(tag[tag.index(after: equals)...])
        }
        return parsed
    }
}
