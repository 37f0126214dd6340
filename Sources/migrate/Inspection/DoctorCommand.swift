// `migrate doctor`: why it does not work, before it has to.

import AWS
import ArgumentParser
import Files
import Reporting
import Settings
import Steps
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
        let settings = try LocalSettings.load()
        let kind = store.store ?? settings.store.kind ?? .aws
        CommandHint.remember(store)
        let secret: NamedSecret?
        do {
            secret = try NamedSecret.resolve(secretOption.secret, word: name, settings: settings.store, world: world)
        } catch is NoSecretNamed { secret = nil }
        var checks = [Self.settingsCheck(settings.root, kind, secret, store)]
        switch kind {
        case .aws:
            checks += try await AWSDoctor(options: store, settings: settings.store, secret: secret?.name, world: world)
                .checks()
        case .local:
            checks += try await VaultDoctor(
                place: VaultPlace(store, settings, world: world), secret: secret?.name
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
            if let secret { checks.append(await SecretDoctor.check(secret, vault).check) }
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
}

/// Whether the secret is there, and who else has a hand in it.
enum SecretDoctor {
    static func check(_ name: String, _ store: any SecretStore) async -> (check: DoctorReport.Check, isAbsent: Bool) {
        do {
            let description = try await store.describe(name)
            if description.deleted != nil {
                let remedy = "bring it back: " + CommandHint.line("secret", "restore", name)
                return (.init("secret", .problem, "\(name) is scheduled for deletion", remedy: remedy), false)
            }
            guard let managed = description.owningService ?? (description.rotates ? "rotation" : nil) else {
                return (.init("secret", .good, "\(name): there, and nothing else manages it"), false)
            }
            return (.init("secret", .note, "\(name): managed by \(managed), so changes need --force"), false)
        } catch StoreError.notFound {
            let hint = CommandHint.line("secret", "create", name)
            return (.init("secret", .note, "\(name) does not exist yet: \(hint)"), true)
        } catch {
            return (VaultDoctor.problem("secret", error), false)
        }
    }
}
