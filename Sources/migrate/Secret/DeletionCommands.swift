// `migrate secret delete` and `restore`.

import ArgumentParser
import Reporting
import Stores
import World

struct DeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Schedules a secret's deletion; until its day, restore brings it back.",
        discussion: "Whoever reads the secret fails from now on. There is no way to delete at once.")

    @Argument(help: "The secret, in full: no default is taken for this.")
    var name: String

    @Option(name: [.customLong("window"), .customLong("recovery-window")], help: "Days until it is gone, 7 to 30.")
    var window = 30

    @Option(help: "The name once more, for scripts; otherwise it is asked for.")
    var confirm: String?

    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if !(7...30).contains(window) { throw ValidationError("--window must be from 7 to 30 days.") }
    }

    func run() async throws {
        try SecretWord.check(name)
        let session = try await StoreSession.open(store, LocalSettings.load(), secret: name)
        let description = try await session.store.describe(name)
        try session.checkAccount(arn: description.arn)
        if description.deleted != nil {
            throw StoreError.scheduledForDeletion(name: name, until: description.deletionDate)
        }
        let typed =
            try confirm
            ?? Prompt.text(
                "Delete \(name) in \(session.store.place) after \(window) days? Type its name: ",
                need: "your consent to delete \(name)", remedy: "add --confirm \(name)")
        guard typed == name else { throw WrongConfirmation(name: name) }
        let date = try await session.store.delete(name, days: window)
        let day = date.map { " on " + $0.iso8601.prefix(10) } ?? " in \(window) days"
        var gone = description
        gone.deletionDate = date
        try output.choice.write(
            human: { _ in "\(name): will be gone\(day); it cannot be read any more.\n" },
            json: { try SecretListReport(place: session.store.place, secrets: [gone]).json() })
        Diagnostics.note("to bring it back: " + CommandHint.line("secret", "restore", name))
    }
}

/// What was typed is not the secret's name.
struct WrongConfirmation: Error {
    let name: String
}

struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Takes back a secret's scheduled deletion.")

    @Argument(help: "The secret.")
    var name: String

    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try SecretWord.check(name)
        let session = try await StoreSession.open(store, LocalSettings.load(), secret: name)
        // Describing works on a secret that is scheduled for deletion.
        let before = try await session.store.describe(name)
        try session.checkAccount(arn: before.arn)
        if before.deleted != nil { try await session.store.restore(name) }
        let description = try await session.store.describe(name)
        guard description.deleted == nil else {
            throw StoreError.scheduledForDeletion(name: name, until: description.deletionDate)
        }
        let words = before.deleted == nil ? "was not scheduled for deletion; nothing was changed." : "restored."
        try output.choice.write(
            human: { _ in "\(name): \(words)\n" },
            json: { try SecretListReport(place: session.store.place, secrets: [description]).json() })
    }
}
