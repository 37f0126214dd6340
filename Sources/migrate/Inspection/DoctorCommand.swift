// `migrate doctor`: why it does not work, before it has to.

import AWS
import ArgumentParser
import Files
import Reporting
import Settings
import Stores
import World

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Checks settings, credentials, permissions and the way to the store, and says what to fix.",
        discussion: """
            Writes nothing, and reads no value. Exit codes: 0 all is in place; 1 something is to be fixed; 2 something \
            could not be found out.
            """)

    @Argument(help: "The secret to check permissions on. Default: AWS_SECRET_NAME, else `secret` in the settings.")
    var name: String?

    @OptionGroup var secretOption: SecretOption
    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let world = World.real()
        let root = ConfigurationRoot.containing(WorkingFolder.path)
        let settings = try Configuration.load(root: root)
        let kind = store.store ?? settings.store.kind ?? .aws
        CommandHint.remember(store)
        let secret: NamedSecret?
        do {
            secret = try NamedSecret.resolve(secretOption.secret, word: name, settings: settings.store, world: world)
        } catch is NoSecretNamed { secret = nil }
        var checks = [Self.settingsCheck(root, kind, secret, store)]
        switch kind {
        case .aws:
            checks += try await AWSDoctor(options: store, settings: settings.store, secret: secret?.name, world: world)
                .checks()
        case .local:
            checks += try await VaultDoctor(
                place: VaultPlace(store, settings.store, root: root, world: world), secret: secret?.name
            ).checks()
        }
        let report = DoctorReport(checks: checks)
        try output.choice.write(human: { report.text($0) }, json: { try report.json() })
        if report.hasProblems { throw ExitStatus.findings }
        if report.hasUnknowns { throw ExitStatus.incomplete }
    }

    private static func settingsCheck(
        _ root: String, _ kind: StoreSettings.Kind, _ secret: NamedSecret?, _ options: StoreOptions
    ) -> DoctorReport.Check {
        let path = root + "/" + Configuration.path
        let file = FileStatus(at: path) == nil ? "no \(Configuration.path)" : path
        let origin = options.store != nil ? " (--store)" : ""
        return DoctorReport.Check(
            "settings", .good, "\(file); store \(kind.rawValue)\(origin)",
            details: [
                secret.map { "secret \($0.name) (\($0.origin))" } ?? "no secret is named: --secret, AWS_SECRET_NAME"
            ])
    }
}

/// Checks of a local vault.
struct VaultDoctor {
    let place: VaultPlace
    let secret: String?

    func checks() async throws -> [DoctorReport.Check] {
        var checks: [DoctorReport.Check] = []
        do {
            guard try VaultInspection.exists(folder: place.folder) else {
                return [
                    .init("vault", .note, "there is none at \(place.folder) yet; secret create --store local makes it")
                ]
            }
            let needsPassphrase = try VaultInspection.needsPassphrase(folder: place.folder)
            let vault = try place.open(creating: false)
            try vault.unlock()
            checks.append(
                .init(
                    "key", .good,
                    needsPassphrase ? "the passphrase opens the vault" : "\(place.keyFile) opens the vault"))
            let counter = Counter()
            let problems = try await vault.listReadable(prefix: "", includingDeleted: true) { page in
                await counter.add(page.count)
            }
            checks.append(
                .init("vault", .good, "\(place.folder): \(Wording.count(await counter.count, "secret"))"))
            for problem in problems {
                checks.append(Self.problem("file", problem))
            }
            if let secret { checks.append(await Self.secretCheck(secret, vault)) }
        } catch is PromptError {
            checks.append(
                .init(
                    "key", .unknown, "a passphrase opens the vault, and there is no terminal to ask for it",
                    details: ["set \(VaultPlace.passphraseVariable)"]))
        } catch let error as StoreError {
            checks.append(Self.problem("vault", error))
        }
        return checks
    }

    private actor Counter {
        private(set) var count = 0
        func add(_ more: Int) { count += more }
    }

    static func problem(_ name: String, _ error: any Error) -> DoctorReport.Check {
        let words = Failure.storeWords(for: error) ?? (.failed, "it fails.", nil)
        // Here, advice to ask the doctor is of no use.
        let hint = words.hint.flatMap { $0.contains("migrate doctor") ? nil : $0 }
        return .init(name, words.status == .incomplete ? .unknown : .problem, words.message, remedy: hint)
    }

    static func secretCheck(_ name: String, _ store: any SecretStore) async -> DoctorReport.Check {
        do {
            let description = try await store.describe(name)
            if description.deleted != nil {
                return .init(
                    "secret", .problem, "\(name) is scheduled for deletion",
                    remedy: "bring it back: migrate secret restore \(name)")
            }
            let managed = description.owningService ?? (description.rotates ? "rotation" : nil)
            return .init(
                "secret", managed == nil ? .good : .note,
                name
                    + (managed.map { ": managed by \($0), so changes need --force" }
                        ?? ": there, and nothing else manages it"))
        } catch let error as StoreError {
            if case .notFound = error {
                return .init("secret", .note, "\(name) does not exist yet: migrate secret create \(name)")
            }
            return problem("secret", error)
        } catch {
            return problem("secret", error)
        }
    }
}
