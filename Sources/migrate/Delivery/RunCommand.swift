// `migrate run -- CMD`: a program with the secret's values in its environment, and nowhere else.

import ArgumentParser
import Delivery
import Dotenv
import Files
import Reporting
import Secrets
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
        usage: "migrate run [SECRET] [options] -- COMMAND [ARGUMENT ...]",
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

    @Option(
        name: [.customLong("secret"), .customShort("s")], help: "Name or ARN of the secret. Default: AWS_SECRET_NAME.")
    var secret: String?

    @OptionGroup var store: StoreOptions

    @Argument(help: "The secret. Default: AWS_SECRET_NAME.")
    var name: String?

    @Argument(parsing: .postTerminator, help: "The command and its arguments.")
    var command: [String] = []

    func validate() throws {
        if command.isEmpty {
            throw ValidationError("Run what? The command comes after --: migrate run [SECRET] -- COMMAND")
        }
    }

    func run() async throws {
        let inherited = OpenDescriptors.now()
        let values = try await values()
        // It opens the whole vault; the command gets what was chosen.
        unsetenv(VaultPlace.passphraseVariable)
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
        if let secret, let name, secret != name { throw ArgumentRefusal.twoSecrets }
        if let name { try SecretWord.check(name) }
        if let fallback, FileStatus(at: fallback) == nil { throw NoFallbackFile(path: fallback) }
        guard let wanted = secret ?? name ?? world.variable("AWS_SECRET_NAME") else {
            return try await localValues(world)
        }
        if dotenvFile != nil || dialect != nil && fallback == nil {
            Diagnostics.note(
                "the values come from the secret \(wanted): --dotenv and --dialect are for runs without one.")
        }
        return try await stored(wanted, world)
    }

    /// No secret is named: the local file, or the secret that it names.
    private func localValues(_ world: World) async throws -> [DeliveredValue] {
        let file = dotenvFile ?? Self.localFiles.first { FileStatus(at: $0) != nil }
        guard let file else {
            throw NoLocalFile(names: Self.localFiles, configured: try LocalSettings.load().store.secret)
        }
        let values = try local(file)
        let named = values.first { $0.key == "AWS_SECRET_NAME" && !$0.text.isEmpty }
        if let named {
            let wanted = named.text.withBytes { bytes in
                String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self)
            }
            Diagnostics.note("\(file) names the secret \(wanted) in AWS_SECRET_NAME: its values come first.")
            let stored = try await stored(wanted, world)
            return values.filter { value in !stored.contains { $0.key == value.key } } + stored
        }
        let state = world.environment["AWS_SECRET_NAME"] == nil ? "not set" : "empty"
        Diagnostics.note("AWS_SECRET_NAME is \(state): the values come from \(file).")
        return values
    }

    private func stored(_ name: String, _ world: World) async throws -> [DeliveredValue] {
        do {
            let session = try await StoreSession.open(store, LocalSettings.load(), secret: name)
            let version = try await session.store.read(name)
            try session.checkAccount(arn: version.arn)
            return try SecretContent(parsing: version.content, name: name).delivered
        } catch let error as StoreError where error.isTransient {
            guard let fallback, let status = FileStatus(at: fallback) else { throw error }
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

/// The file that --fallback names is not there: better told now than on the day it is needed.
struct NoFallbackFile: Error {
    let path: String
}

/// There is neither a secret nor a local file.
struct NoLocalFile: Error {
    let names: [String]
    /// The secret that the settings name, which `run` takes only when it is told to.
    let configured: String?
}

extension SecretContent {
    /// The values as programs get them.
    var delivered: [DeliveredValue] {
        keys.compactMap { key in
            value(of: key).map { DeliveredValue(key: key, text: $0.text(), kind: $0.kind) }
        }
    }
}
