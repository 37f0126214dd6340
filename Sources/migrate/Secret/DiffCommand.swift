// `migrate secret diff`: a dotenv file against the store, or two versions.

import ArgumentParser
import Delivery
import Dotenv
import JSON
import Reporting
import Secrets
import Settings
import Stores

struct DiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Compares a dotenv file with the secret, or two versions of the secret; values stay masked.",
        usage: "migrate secret diff .env.production\nmigrate secret diff --versions AWSPREVIOUS AWSCURRENT",
        discussion: "Exit codes: 0 the same; 1 different.")

    @Argument(help: "The dotenv file; - is standard input.")
    var file: String?

    @Option(parsing: .upToNextOption, help: "Two versions: ids, their first parts, or stages; older first.")
    var versions: [String] = []

    @Option(help: "Only these keys, separated by commas; * stands for anything.")
    var keys: String?

    @Option(help: "Which implementation reads the file. Default: `dotenv.dialect` in the settings.")
    var dialect: Dialect?

    @OptionGroup var secretOption: SecretOption
    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if file == nil && versions.isEmpty {
            throw ValidationError("Compare what? migrate secret diff FILE, or --versions OLD NEW.")
        }
        if file != nil && !versions.isEmpty { throw ValidationError("Give a file or --versions, not both.") }
        if !versions.isEmpty && versions.count != 2 { throw ValidationError("--versions takes two versions.") }
    }

    func run() async throws {
        let (session, name) = try await StoreSession.open(
            store, secret: secretOption.secret, word: nil)
        let comparison: Comparison
        let title: String
        if let file {
            let source = try DotenvSource(file, dialect: dialect, settings: session.settings.store)
            let values = try source.values(.all, keepsReferences: true)
            let current = try await session.store.read(name)
            try session.checkAccount(arn: current.arn)
            let stored = try SecretContent(parsing: current.content, name: name)
            comparison = try Self.comparison(stored, values)
            title = "\(name) in \(session.store.place), and what \(file) would make of it"
        } else {
            let old = try await VersionChoice.read(versions[0], of: name, in: session.store)
            let new = try await VersionChoice.read(versions[1], of: name, in: session.store)
            try session.checkAccount(arn: new.arn)
            comparison = Comparison(
                from: try SecretContent(parsing: old.content, name: name),
                to: try SecretContent(parsing: new.content, name: name))
            title = "\(name): version \(old.versionID.prefix(8)), and what \(new.versionID.prefix(8)) made of it"
        }
        let selection = KeySelection(only: KeyList.split(keys))
        let rows = comparison.differences.filter { selection.includes($0.key) }.map { Shown.row($0) }
        let report = ChangeReport(title: title, rows: rows, size: nil)
        try output.choice.write(human: { report.text($0) }, json: { try report.json(applied: nil) })
        if report.hasChanges { throw ExitStatus.findings }
    }

    /// The file as the same kind of thing as the secret: its texts take the types that the secret has, as an import
    /// would.
    private static func comparison(_ stored: SecretContent, _ values: DotenvImport) throws -> Comparison {
        let changes =
            values.items.map { Change.set($0.key, .text($0.value)) }
            + stored.keys.filter { key in !values.items.contains { $0.key == key } }.map { .remove($0) }
        let text = try stored.applying(changes)
        return Comparison(from: stored, to: try SecretContent(parsing: text, name: ""))
    }
}
