// `migrate secret import`: a dotenv file's values, in one new version.

import ArgumentParser
import Delivery
import Dotenv
import Files
import Secrets
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
        let settings = try LocalSettings.load().store
        let name = try NamedSecret.resolve(secretOption.secret, word: nil, settings: settings, world: World.real()).name
        _ = create ? try SecretName(new: name) : try SecretName(name)
        let source = try DotenvSource(file, dialect: dialect, settings: settings)
        if let origin = source.origin { Diagnostics.note("\(file): \(origin).") }
        let values = try source.values(
            KeySelection(only: KeyList.split(keys), excluding: KeyList.split(exceptKeys)),
            keepsReferences: keepReferences)
        let session = try await StoreSession.open(store, secret: name, creatingVault: create)
        var run = ChangeRun(
            session: session, name: name, output: output.choice, consent: consent, asksAlways: true, force: force)
        for item in values.items {
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
            values.items.map { .set($0.key, .text($0.value)) }, creation: create ? CreationOptions() : nil)
    }
}

/// A dotenv file on the command line, and how it is read.
struct DotenvSource {
    let path: String
    let document: DotenvDocument
    /// Empty when nothing tells which.
    let dialects: [Dialect]
    /// Why these, where nobody has said so.
    let origin: String?

    /// A secret has at most 65,536 bytes; what is much longer is no dotenv file.
    private static let limit = 4 << 20

    init(_ path: String, dialect: Dialect?, settings: StoreSettings) throws {
        self.path = path
        let bytes: [UInt8]
        if path == "-" {
            let buffer = try SecretInput.read(0, name: StandardStream.input)
            bytes = buffer.withBytes { span in span.indices.map { span[$0] } }
        } else {
            guard let content = try FileContent.read(path, limit: Self.limit) else { throw NoSuchFile(path: path) }
            bytes = content
        }
        document = DotenvDocument(parsing: bytes)
        if let dialect = dialect ?? settings.dialect.flatMap({ Dialect(rawValue: $0) }) {
            (dialects, origin) = ([dialect], nil)
            return
        }
        let found = path == "-" ? [] : Self.detected(beside: path)
        dialects = found
        origin =
            found.isEmpty
            ? nil : "read as \(found.map(\.rawValue).joined(separator: ", ")), told by the files beside it"
    }

    /// `package.json` beside the file, or at the root of its repository, says that node reads it; and so on.
    private static func detected(beside path: String) -> [Dialect] {
        let folder = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[..<$0]) } ?? "."
        guard let place = FilePaths.resolved(folder.isEmpty ? "/" : folder) else { return [] }
        for candidate in [place, ConfigurationRoot.containing(place)] {
            let names = ((try? Folder.entries(at: candidate)) ?? []).map(\.name)
            let found = Dialect.detected(beside: names)
            if !found.isEmpty { return found }
        }
        return []
    }

    func values(_ selection: KeySelection, keepsReferences: Bool) throws -> DotenvImport {
        var options = DotenvImport.Options()
        options.selection = selection
        if !dialects.isEmpty { options.dialects = dialects }
        options.keepsReferences = keepsReferences
        do { return try DotenvImport(of: document, options: options) } catch {
            throw DotenvFailure(path: path, reason: error)
        }
    }
}

/// A file that was named is not there.
struct NoSuchFile: Error {
    let path: String
}

/// A dotenv file that cannot be taken as it is.
struct DotenvFailure: Error {
    let path: String
    let reason: DotenvImportError
}

enum KeyList {
    /// `A,B_*` as its parts.
    static func split(_ text: String?) -> [String] {
        (text ?? "").split(separator: ",").map { String($0).trimmingSpaces() }.filter { !$0.isEmpty }
    }
}

extension Dialect: ExpressibleByArgument {}
