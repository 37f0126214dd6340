// `migrate secret import`: a dotenv file's values, in one new version.

import ArgumentParser
import Delivery
import Dotenv
import Settings
import Stores
import World

struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Stores the values of a dotenv file, all in one new version.",
        usage: "migrate secret import .env.production [--keys 'DB_*,JWT_SECRET'] [--dialect node|python|compose|shell]",
        discussion: """
            Shows what would be added and changed, asks, writes, reads back. The file stays as it is. Where dotenv \
            implementations read an entry differently, it is refused until --dialect says which one reads the file.
            """)

    @Argument(help: "The dotenv file; - is standard input.")
    var file: String

    @Option(help: "Only these keys, separated by commas; * stands for anything: DB_*,JWT_SECRET.")
    var keys: String?

    @Option(name: .customLong("except"), help: "Not these keys: AWS_*,NODE_ENV.")
    var exceptKeys: String?

    @Option(
        help:
            "Which implementation reads the file. Default: `dotenv.dialect` in the settings, else told by package.json, pyproject.toml or compose.yaml nearby."
    )
    var dialect: Dialect?

    @Flag(help: "Store ${NAME} and $(command) as they are written; otherwise such values are refused.")
    var keepReferences = false

    @Flag(name: .customLong("keep-existing"), help: "Add what is missing, and change no key that the secret has.")
    var keepExisting = false

    @Flag(help: "Put even a value that is in the repository's history over another one.")
    var allowLeaked = false

    @Flag(help: "Create the secret if it is not there.")
    var create = false

    @Flag(help: "Write even to a secret that rotation or an AWS service manages.")
    var force = false

    @OptionGroup var secretOption: SecretOption
    @OptionGroup var consent: ConsentOptions
    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        // File and name first: a vault is not made for a command that is refused.
        let settings = try LocalSettings.load()
        let name = try NamedSecret.resolve(
            secretOption.secret, word: nil, settings: settings.store, world: .real()
        ).name
        _ = create ? try SecretName(new: name) : try SecretName(name)
        let source = try DotenvSource(file, dialect: dialect, settings: settings.store)
        if let origin = source.origin { Diagnostics.note("\(file): \(origin).") }
        let values = try source.values(
            KeySelection(only: KeyList.split(keys), excluding: KeyList.split(exceptKeys)),
            keepsReferences: keepReferences)
        let session = try await StoreSession.open(
            store, settings, secret: name, creatingVault: create && !consent.dryRun)
        var run = ChangeRun(
            session: session, name: name, output: output.choice, consent: consent, asksAlways: true, force: force)
        run.keepsExisting = keepExisting
        run.leaked = try await RepositoryLeaks.leakedValues()
        run.allowsLeaked = allowLeaked
        // The name of the secret is no part of it.
        let isNamed = KeyList.split(keys).contains(Self.nameKey)
        let items = values.items.filter { isNamed || $0.key != Self.nameKey }
        if items.count < values.items.count {
            Diagnostics.note("left out: \(Self.nameKey), which tells where the values are, and is none of them.")
        }
        for item in items {
            if item.state == .empty { run.notes[item.key] = "empty in the file" }
            if item.holdsReference { run.notes[item.key] = "holds a reference, stored as written" }
            if let line = item.overruledLines.last {
                run.notes[item.key] = "line \(item.line) counts, not line \(line)"
            }
        }
        if !values.bare.isEmpty {
            Diagnostics.note(
                "left out, as they have no value in the file: "
                    + values.bare.map { "\($0.key) (line \($0.line))" }.joined(separator: ", "))
        }
        if !values.malformedLines.isEmpty {
            Diagnostics.note(
                "left out, as they are no entries: line "
                    + values.malformedLines.map(String.init).joined(separator: ", "))
        }
        try await run.run(
            items.map { .set($0.key, .text($0.value)) }, creation: create ? CreationOptions() : nil)
    }
}

extension ImportCommand {
    private static let nameKey = "AWS_SECRET_NAME"
}
