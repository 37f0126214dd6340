// `migrate run -- CMD`: a program with the secret's values in its environment, and nowhere else.

import ArgumentParser
import Delivery
import Dotenv
import Files
import Reporting
import Settings
import Stores
import World

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs a command with the values of a secret in its environment.",
        usage: "migrate run [--secret NAME] [options] -- COMMAND [ARGUMENT ...]",
        discussion: """
            Fetches the secret once and then becomes the command: its signals and its exit code are its own. The \
            secret is the one that --secret or AWS_SECRET_NAME names; with neither, or with AWS_SECRET_NAME empty, \
            the values come from the local dotenv file instead.

            Exit codes besides the command's own: 3 the values could not be had; 126 the command cannot be run; 127 \
            there is no such command.
            """)

    @Option(help: "Only these keys, separated by commas; * stands for anything: DB_*,JWT_SECRET.")
    var only: String?

    @Option(name: .customLong("except"), help: "Not these keys.")
    var exceptKeys: String?

    @Option(help: "Put this before each name: APP_ makes APP_DB_HOST of DB_HOST.")
    var prefix: String = ""

    @Flag(name: .customLong("preserve-env"), help: "Variables that are set already win over the secret's values.")
    var preserveEnvironment = false

    @Flag(
        name: .customLong("allow-protected"),
        help: "Set even names that decide what the command runs: PATH, LD_PRELOAD, NODE_OPTIONS and such.")
    var allowProtected = false

    @Option(
        name: .customLong("dotenv"), help: "The local file. Default: .env.development, else .env.",
        completion: .file())
    var dotenvFile: String?

    @Option(help: "Which implementation reads the local file. Default: `dotenv.dialect` in the settings.")
    var dialect: Dialect?

    @Option(help: "Use this dotenv file if, and only if, the store cannot be reached.", completion: .file())
    var fallback: String?

    @OptionGroup var secretOption: SecretOption
    @OptionGroup var store: StoreOptions

    @Argument(parsing: .postTerminator, help: "The command and its arguments.")
    var command: [String] = []

    func validate() throws {
        if command.isEmpty { throw ValidationError("Run what? migrate run -- COMMAND") }
    }

    func run() async throws {
        let inherited = OpenDescriptors.now()
        let values = try await values()
        let environment = try ChildEnvironment(
            parent: ParentEnvironment(cStrings: environ), values: values,
            options: .init(
                selection: KeySelection(only: KeyList.split(only), excluding: KeyList.split(exceptKeys)),
                prefix: prefix, preservesEnvironment: preserveEnvironment, allowsProtectedNames: allowProtected))
        for left in environment.leftOut {
            Diagnostics.note("note: " + DeliveryWords.leftOut(left))
        }
        try environment.check(arguments: command)
        try Execution.become(command, environment, keeping: inherited)
    }

    private func values() async throws -> [DeliveredValue] {
        let world = World.real()
        guard let name = secretOption.secret ?? world.variable("AWS_SECRET_NAME") else {
            let file = dotenvFile ?? Self.localFiles.first { FileStatus(at: $0) != nil }
            guard let file else { throw NoLocalFile(names: Self.localFiles) }
            let state = world.environment["AWS_SECRET_NAME"] == nil ? "not set" : "empty"
            Diagnostics.note("AWS_SECRET_NAME is \(state): the values come from \(file).")
            return try local(file)
        }
        do {
            let session = try await StoreSession.open(store, secret: name)
            let version = try await session.store.read(name)
            try session.checkAccount(arn: version.arn)
            return try SecretContent(parsing: version.content, name: name).delivered
        } catch let error as StoreError where error.isTransient {
            guard let fallback else { throw error }
            let status = FileStatus(at: fallback)
            guard let status else { throw error }
            let age = Timestamp(status.modified.seconds).age(at: Timestamp(world.now().wholeSeconds)) ?? "in the future"
            Diagnostics.note(
                "warning: the store cannot be reached, so the values come from \(fallback), last changed \(age).")
            return try local(fallback)
        }
    }

    private static let localFiles = [".env.development", ".env"]

    private func local(_ file: String) throws -> [DeliveredValue] {
        let settings = try LocalSettings.load()
        let source = try DotenvSource(file, dialect: dialect, settings: settings.store)
        return try source.values(.all, keepsReferences: false).items.map { DeliveredValue(key: $0.key, text: $0.value) }
    }
}

/// There is neither a secret nor a local file.
struct NoLocalFile: Error {
    let names: [String]
}

extension SecretContent {
    /// The values as programs get them.
    var delivered: [DeliveredValue] {
        keys.compactMap { key in
            value(of: key).map { DeliveredValue(key: key, text: $0.text(), kind: $0.kind) }
        }
    }
}
