// `migrate secret set` and `unset`: one value in, keys out.

import ArgumentParser
import Secrets
import Settings
import Stores

struct SetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Sets one key to a value from standard input, a file, a finding or the keyboard.",
        usage: """
            migrate secret set [SECRET] KEY
            printf %s "$VALUE" | migrate secret set KEY
            """,
        discussion: """
            Without a pipe the value is asked for and does not show. A number or a boolean stays one if the new text \
            is one as well; --json takes the value as JSON. A value on the command line is refused: it would stay in \
            the shell's history, and every process could read it.
            """)

    @Argument(help: "SECRET (a name with a /) and KEY.")
    var words: [String] = []

    @OptionGroup var source: ValueSourceOptions

    @Flag(help: "The value is written in JSON: a number, true, null, a list, an object, a text in quotes.")
    var json = false

    @Option(help: "Take the value of this finding of migrate scan (sixteen digits).")
    var finding: String?

    @Flag(help: "Write even to a secret that rotation or an AWS service manages.")
    var force = false

    @OptionGroup var secretOption: SecretOption
    @OptionGroup var consent: ConsentOptions
    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if finding != nil, source.fd != nil || source.file != nil || json {
            throw ValidationError("--finding brings its own value: leave out --fd, --from-file and --json.")
        }
    }

    func run() async throws {
        let arguments = try KeyArguments(words, command: "secret set", takesSeveral: false)
        guard let key = arguments.keys.first else {
            throw ArgumentRefusal.noKey(command: "secret set")
        }
        let (session, name) = try await StoreSession.open(
            store, secret: secretOption.secret, word: arguments.secret, key: arguments.keys.first)
        let value: SharedSecret
        if let finding {
            value = try await RepositoryLeaks.value(of: finding)
        } else {
            value = try source.read(for: key)
        }
        let run = ChangeRun(session: session, name: name, output: output.choice, consent: consent, force: force)
        try await run.run([.set(key, json ? .json(value) : .text(value))])
    }
}

struct UnsetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unset", abstract: "Removes keys from a secret; the version before keeps them.",
        usage: "migrate secret unset [SECRET] KEY ...")

    @Argument(help: "SECRET (a name with a /) and KEYs.")
    var words: [String] = []

    @Flag(help: "Write even to a secret that rotation or an AWS service manages.")
    var force = false

    @OptionGroup var secretOption: SecretOption
    @OptionGroup var consent: ConsentOptions
    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let arguments = try KeyArguments(words, command: "secret unset", takesSeveral: true)
        if arguments.keys.isEmpty { throw ArgumentRefusal.noKey(command: "secret unset") }
        let (session, name) = try await StoreSession.open(
            store, secret: secretOption.secret, word: arguments.secret, key: arguments.keys.first)
        let run = ChangeRun(session: session, name: name, output: output.choice, consent: consent, force: force)
        try await run.run(arguments.keys.map { .remove($0) })
    }
}
