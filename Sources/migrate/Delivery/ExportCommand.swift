// `migrate export`: a secret in the form that somebody else needs.

import ArgumentParser
import Delivery
import Dotenv
import Files
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

extension ExportFormat: ExpressibleByArgument {}

struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes a secret for a program or a platform: as a file, or as references without values.",
        usage: "migrate export [SECRET] --format FORMAT [--output FILE]",
        discussion: """
            dotenv, json, shell, github-actions and docker-env hold the values: they go to a pipe, to a file of mode \
            0600, or with --show-secrets to the terminal. ecs, k8s-secret, external-secret and terraform only point \
            at the secret, so that the platform fetches the values itself. Every value that is written is read back \
            with the reader of its format before anything goes out.
            """)

    @Argument(help: "The secret. Default: AWS_SECRET_NAME, else `secret` in the settings.")
    var name: String?

    @Option(name: .shortAndLong, help: "The form.")
    var format: ExportFormat

    @Option(name: .shortAndLong, help: "Write to this file, whole or not at all; - is standard output.")
    var output: String?

    @Option(help: "Only these keys, separated by commas; * stands for anything.")
    var only: String?

    @Option(name: .customLong("except"), help: "Not these keys.")
    var exceptKeys: String?

    @Option(help: "For dotenv: who reads the file. Default: all of them alike.")
    var dialect: Dialect?

    @Option(help: "A version: its id, the first part of it, or a stage.")
    var version: String?

    @Option(name: .customLong("name"), help: "For Kubernetes and Terraform: the object's name.")
    var resourceName: String?

    @Option(help: "For Kubernetes: the namespace.")
    var namespace: String?

    @Option(name: .customLong("secret-store"), help: "For external-secret: the SecretStore to go through.")
    var secretStore = "aws-secrets-manager"

    @Flag(help: "For external-secret: that is a ClusterSecretStore.")
    var clusterStore = false

    @Flag(help: "For terraform: a data source, for versions before 1.10. It puts the values into the state.")
    var dataSource = false

    @Flag(help: "For k8s-secret: a Secret that holds the values, instead of a reference.")
    var withValues = false

    @Flag(
        name: .customLong("allow-protected"),
        help: "Export even names that decide what a program runs: PATH, LD_PRELOAD, NODE_OPTIONS and such.")
    var allowProtected = false

    @Flag(help: "Show the values at the terminal. Mind who can see your screen.")
    var showSecrets = false

    @OptionGroup var secretOption: SecretOption
    @OptionGroup var store: StoreOptions

    func run() async throws {
        let destination = try ReportDestination(output)
        let holdsValues = !format.isByReference || withValues
        if holdsValues { try checkPlace(destination) }
        let (session, name) = try await StoreSession.open(
            store, secret: secretOption.secret, word: name)
        let read = try await VersionChoice.read(version, of: name, in: session.store)
        try session.checkAccount(arn: read.arn)
        let content = try SecretContent(parsing: read.content, name: name)
        let export = try Exporter(format, options: options(session.world)).export(
            content.delivered, of: SecretReference(name: read.name, arn: read.arn))
        for left in export.leftOut { Diagnostics.note("note: " + DeliveryWords.leftOut(left)) }
        for renamed in export.renamed { Diagnostics.note("note: \(renamed.key) is named \(renamed.name) there.") }
        for part in export.parts { try write(part, to: destination, isPrivate: export.holdsValues, session.world) }
    }

    private func options(_ world: World) -> ExportOptions {
        var options = ExportOptions(randomBytes: world.randomBytes)
        options.selection = KeySelection(only: KeyList.split(only), excluding: KeyList.split(exceptKeys))
        options.dialect = dialect
        options.allowsProtectedNames = allowProtected
        options.withValues = withValues
        options.resourceName = resourceName
        options.namespace = namespace
        options.secretStore = secretStore
        options.isClusterStore = clusterStore
        options.terraformForm = dataSource ? .dataSource : .ephemeral
        return options
    }

    /// Values do not go to a screen unasked, nor into a file that the next `git add` would take.
    private func checkPlace(_ destination: ReportDestination) throws {
        switch destination {
        case .standardOutput:
            if Terminal.standardOutput.isTerminal, !showSecrets, format != .gitHubActions {
                throw ExportRefusal.terminal
            }
        case .file(let path):
            switch try WorktreePlace.of(path) {
            case .safe: return
            case .tracked: throw ExportRefusal.tracked(path: path)
            case .notIgnored: throw ExportRefusal.notIgnored(path: path)
            }
        case .special(let path):
            var status = stat()
            guard !showSecrets, stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFCHR else { return }
            let descriptor = open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC | O_NONBLOCK)
            guard descriptor >= 0 else { return }
            defer { close(descriptor) }
            if isatty(descriptor) == 1 { throw ExportRefusal.terminal }
        }
    }

    private func write(_ part: Export.Part, to destination: ReportDestination, isPrivate: Bool, _ world: World) throws {
        switch part.destination {
        case .workflowCommands:
            guard world.environment["GITHUB_ACTIONS"] == "true" else { throw ExportRefusal.notInGitHub }
            try part.content.withBytes { try StandardOutput.write($0) }
        case .environmentFile:
            guard let path = world.variable("GITHUB_ENV") else { throw ExportRefusal.notInGitHub }
            let descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
            guard descriptor >= 0 else { throw FileError(writingTo: path, errorNumber: errno) }
            defer { close(descriptor) }
            try part.content.withBytes { try StandardOutput.write($0, to: descriptor, name: path) }
        case .output:
            switch destination {
            case .standardOutput: try part.content.withBytes { try StandardOutput.write($0) }
            case .file, .special:
                let bytes = part.content.withBytes { span in span.indices.map { span[$0] } }
                try destination.write(bytes, isPrivate: isPrivate)
            }
        }
    }
}

enum ExportRefusal: Error {
    case terminal
    /// Git would take the file at the next `git add`.
    case notIgnored(path: String)
    /// Git has the file: the next commit takes its new content.
    case tracked(path: String)
    case notInGitHub
}
