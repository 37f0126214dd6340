// `migrate secret history` and `rollback`: what was, and back to it.

import ArgumentParser
import Reporting
import Scanning
import Settings
import Stores
import World

struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "Lists a secret's versions, newest first.")

    @Argument(help: "The secret. Default: AWS_SECRET_NAME, else `secret` in the settings.")
    var name: String?

    @OptionGroup var secretOption: SecretOption
    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let (session, secret) = try await StoreSession.open(
            store, secret: secretOption.secret, word: name)
        if session.settings.store.expectedAccount != nil {
            try session.checkAccount(arn: try await session.store.describe(secret).arn)
        }
        let report = VersionsReport(
            name: secret, place: session.store.place, versions: try await session.store.versions(secret))
        try output.choice.write(
            human: { report.text($0, now: session.world.now().wholeSeconds) }, json: { try report.json() })
    }
}

struct RollbackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Makes an earlier version the current one again.",
        discussion: """
            Moves AWSCURRENT back to AWSPREVIOUS, or to the version that --to names. Inside a repository its history \
            is scanned first: a value that was committed is known to be leaked, and is not brought back without \
            --allow-leaked.
            """)

    @Argument(help: "The secret. Default: AWS_SECRET_NAME, else `secret` in the settings.")
    var name: String?

    @Option(help: "The version: its id, the first part of it, or a stage.")
    var to: String = Stage.previous

    @Flag(help: "Bring back even values that are in the repository's history.")
    var allowLeaked = false

    @Flag(help: "Roll back even a secret that rotation or an AWS service manages.")
    var force = false

    @OptionGroup var secretOption: SecretOption
    @OptionGroup var consent: ConsentOptions
    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let (session, secret) = try await StoreSession.open(
            store, secret: secretOption.secret, word: name)
        let selector =
            to == Stage.previous
            ? VersionSelector(stage: to) : try await VersionChoice.selector(to, of: secret, in: session.store)
        let plan = try await Rollback.plan(secret, to: selector, in: session.store, includingManaged: force)
        try session.checkAccount(arn: plan.current.arn)
        let report = ChangeReport(
            title:
                "\(secret): back from version \(plan.current.versionID.prefix(8)) to \(plan.target.versionID.prefix(8))",
            rows: (plan.comparison?.differences ?? []).map { Shown.row($0) }, size: nil)
        // Asked of a dry run as well: it tells what would happen.
        if !allowLeaked { try await refuseLeaked(plan, session) }
        if plan.isEmpty || consent.dryRun {
            return try output.choice.write(human: { report.text($0) }, json: { try report.json(applied: false) })
        }
        if output.format == .human || !consent.yes {
            Diagnostics.text(report.text(output.choice.style(.standardError)))
        }
        if !consent.yes {
            let agreed = try Prompt.confirm(
                "Make version \(plan.target.versionID.prefix(8)) current?", need: "your consent to change \(secret)",
                remedy: "look at it with --dry-run, then add --yes")
            if !agreed { throw PromptError.cancelled }
        }
        try await plan.apply(in: session.store)
        let now = try await session.store.read(secret)
        guard now.versionID == plan.target.versionID else { throw StoreError.conflict(name: secret) }
        try output.choice.write(
            human: { _ in "\(secret): version \(now.versionID.prefix(8)) is current again.\n" },
            json: { try report.json(applied: true) })
    }

    private func refuseLeaked(_ plan: Rollback, _ session: StoreSession) async throws {
        let returning = plan.returning
        if returning.isEmpty { return }
        guard let leaked = try await RepositoryLeaks.leakedValues() else {
            Diagnostics.note(
                "note: this is no repository, so whether these values were ever committed is not known.")
            return
        }
        var found: [LeakedReturn.Value] = []
        for (key, value) in returning {
            // A list or an object by its parts.
            let texts = [value.text()] + (value.isContainer ? value.leafTexts() : [])
            if let finding = texts.lazy.compactMap({ leaked.finding(of: $0, key: key) }).first {
                found.append(.init(key: key, finding: finding))
            }
        }
        if !found.isEmpty { throw LeakedReturn(secret: plan.name, values: found) }
    }
}

/// A rollback would bring back values that are in the repository.
struct LeakedReturn: Error {
    struct Value {
        let key: String
        let finding: Finding
    }

    let secret: String
    let values: [Value]
}
