// `migrate secret generate`: a random value that nobody ever sees.

import ArgumentParser
import Secrets
import Settings
import Stores

extension ValueGenerator.Format: ExpressibleByArgument {}

struct GenerateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Sets a key to a random value, for JWT keys, session keys and passwords.",
        usage: "migrate secret generate [SECRET] KEY [--bytes 32] [--format hex]",
        discussion: "The value comes from the system's generator and goes straight into the store.")

    @Argument(help: "SECRET (a name with a /) and KEY.")
    var words: [String] = []

    @Option(help: "Bytes of randomness, 16 to 1024; a uuid has 16.")
    var bytes = 32

    @Option(name: [.customLong("format"), .customShort("f")], help: "How the bytes are spelt.")
    var spelling: ValueGenerator.Format = .hex

    @Flag(help: "Write even to a secret that rotation or an AWS service manages.")
    var force = false

    @OptionGroup var secretOption: SecretOption
    @OptionGroup var consent: ConsentOptions
    @OptionGroup var store: StoreOptions

    @Flag(help: "Report in JSON.")
    var json = false

    @Flag(help: "No colour, whatever the terminal can do.")
    var noColor = false

    func validate() throws {
        if !(16...1_024).contains(bytes) { throw ValidationError("--bytes must be from 16 to 1024.") }
    }

    func run() async throws {
        let arguments = try KeyArguments(words, command: "secret generate", takesSeveral: false)
        guard let key = arguments.keys.first else { throw ArgumentRefusal.noKey(command: "secret generate") }
        let (session, name) = try await StoreSession.open(
            store, secret: secretOption.secret, word: arguments.secret, key: arguments.keys.first)
        let value = try ValueGenerator.generate(spelling, bytes: bytes, world: session.world)
        let output = OutputChoice(format: json ? .json : .human, noColor: noColor)
        let run = ChangeRun(session: session, name: name, output: output, consent: consent, force: force)
        try await run.run([.set(key, .text(SharedSecret(value)))])
    }
}
