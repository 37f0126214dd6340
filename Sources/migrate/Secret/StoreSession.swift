// The store that a command works on, opened.

import AWS
import Files
import Settings
import Steps
import Stores
import World

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A store, and what the settings say about it.
struct StoreSession {
    let store: any SecretStore
    let kind: StoreSettings.Kind
    let world: World
    let settings: LocalSettings
    /// Nil for the local vault.
    let aws: AWSContext?

    /// The store and the name of the secret that a command line means: by `--secret`, by a word, or by neither.
    /// - Parameter key: a word that was taken for a key, for the message when no secret is named.
    static func open(
        _ options: StoreOptions, secret option: String?, word: String?, key: String? = nil
    ) async throws -> (session: StoreSession, name: String) {
        let settings = try LocalSettings.load()
        let name = try NamedSecret.resolve(option, word: word, key: key, settings: settings.store, world: .real()).name
        return (try await open(options, settings, secret: name), name)
    }

    /// - Parameters:
    ///   - options: of the command line.
    ///   - secret: whose ARN may name a region.
    ///   - creatingVault: whether a new vault may be made, since something is about to be written.
    ///   - world: whose environment programs get that give out credentials.
    static func open(
        _ options: StoreOptions, _ settings: LocalSettings, secret: String?, creatingVault: Bool = false,
        world: World = .real()
    ) async throws -> StoreSession {
        CommandHint.remember(options)
        let kind = options.store ?? settings.store.kind ?? .aws
        switch kind {
        case .local:
            let vault = try VaultPlace(options, settings, world: world).open(creating: creatingVault)
            return StoreSession(store: vault, kind: kind, world: world, settings: settings, aws: nil)
        case .aws:
            let overrides = Self.overrides(options, settings.store, secret: secret, world: world)
            var context = try AWSContext.make(
                overrides: overrides, world: world,
                mfaCode: { serial in
                    try Prompt.secret(
                        "MFA code of \(serial): ", need: "the MFA code of \(serial)",
                        remedy: "run the command at a terminal")
                })
            for warning in context.settings.warnings { Diagnostics.note("warning: " + warning) }
            try await context.takeRegionFromInstance()
            context.transport = PatientTransport(context.transport)
            var client = try context.client(.secretsManager)
            client.exchangeTimeout = Self.exchangeTimeout
            let store = AWSStore(
                client: SecretsManagerClient(client: client), region: context.settings.region?.value ?? "", world: world
            )
            return StoreSession(store: store, kind: kind, world: world, settings: settings, aws: context)
        }
    }

    /// A flag comes first, then the region in a secret's ARN, then the repository's settings: all three speak of this
    /// very secret, while environment and profile were set for some other purpose.
    static func overrides(
        _ options: StoreOptions, _ settings: StoreSettings, secret: String?, world: World
    ) -> AWSOverrides {
        let file = Configuration.path
        var overrides = AWSOverrides()
        overrides.region =
            options.region.map { .init($0, "--region") }
            ?? secret.flatMap { (try? SecretName($0))?.region }.map { .init($0, "the secret's ARN") }
            ?? settings.region.map { .init($0, "`aws.region` in \(file)") }
        overrides.endpointURL = options.endpointURL.map { .init($0, "--endpoint-url") }
        overrides.profile = options.profile.map { .init($0, "--profile") }
        // Credentials in the environment are somebody's intention for this very run: a CI job's, say.
        if overrides.profile == nil,
            ["AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ACCESS_KEY_ID"].allSatisfy({ world.variable($0) == nil })
        {
            overrides.profile = settings.profile.map { .init($0, "`aws.profile` in \(file)") }
        }
        return overrides
    }

    /// Secrets Manager answers within a second; who waits at a terminal should not wait for minutes.
    static let exchangeTimeout = Duration.seconds(10)

    /// The account in an answer's ARN against the one that the settings expect: costs no request.
    /// - Throws: `AccountMismatch`.
    func checkAccount(arn: String?) throws {
        guard let expected = settings.store.expectedAccount, kind == .aws, let arn,
            let account = (try? SecretName(arn))?.account, account != expected
        else { return }
        throw AccountMismatch(expected: expected, found: account)
    }

    /// The same where nothing has an ARN yet, by asking AWS whose credentials these are.
    func checkAccountOfCaller() async throws {
        guard let expected = settings.store.expectedAccount, let aws else { return }
        let caller = try await STSClient(client: aws.client(.sts)).getCallerIdentity()
        if caller.account != expected { throw AccountMismatch(expected: expected, found: caller.account) }
    }
}

/// The credentials belong to another account than `.migrate/config.yml` expects.
struct AccountMismatch: Error {
    let expected: String
    let found: String
}

enum WorkingFolder {
    /// Absolute, as the shell sees it.
    static var path: String { FilePaths.resolved(".") ?? "." }
}

/// Which secret a command means.
struct NamedSecret {
    let name: String
    /// For people: "--secret", "AWS_SECRET_NAME".
    let origin: String

    /// - Throws: `NoSecretNamed`.
    /// - Parameter key: a word that was taken for a key, for the message.
    static func resolve(
        _ option: String?, word: String?, key: String? = nil, settings: StoreSettings, world: World
    ) throws -> NamedSecret {
        if let option, let word, option != word { throw ArgumentRefusal.twoSecrets }
        if let option { return NamedSecret(name: option, origin: "--secret") }
        if let word {
            try SecretWord.check(word)
            return NamedSecret(name: word, origin: "the command line")
        }
        if let name = world.variable("AWS_SECRET_NAME") {
            return NamedSecret(name: name, origin: "AWS_SECRET_NAME")
        }
        if let name = settings.secret {
            return NamedSecret(name: name, origin: Configuration.path)
        }
        throw NoSecretNamed(key: key)
    }
}
