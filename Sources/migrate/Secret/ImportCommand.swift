// `migrate secret import`: a dotenv file's values, in one new version.

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
        let settings = try LocalSettings.load().store
        let name = try NamedSecret.resolve(secretOption.secret, word: nil, settings: settings, world: World.real()).name
        _ = create ? try SecretName(new: name) : try SecretName(name)
        let source = try DotenvSource(file, dialect: dialect, settings: settings)
        if let origin = source.origin { Diagnostics.note("\(file): \(origin).") }
        let values = try source.values(
            KeySelection(only: KeyList.split(keys), excluding: KeyList.split(exceptKeys)),
            keepsReferences: keepReferences)
        let session = try await StoreSession.open(store, secret: name, creatingVault: create && !consent.dryRun)
        var run = ChangeRun(
            session: session, name: name, output: output.choice, consent: consent, asksAlways: true, force: force)
        run.keepsExisting = keepExisting
        run.leaked = try await RepositoryFindings.leakedValues()
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
        } else if Self.isStream(path) {
            // `<(command)`: a pipe.
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw FileError(readingFrom: path, errorNumber: errno) }
            defer { close(descriptor) }
            let buffer = try SecretInput.read(descriptor, name: path)
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
        var found = path == "-" ? [] : Self.detected(beside: path)
        if found.isEmpty, document.text.contains([0x0D, 0x0A]) {
            // A shell would take each carriage return for a part of the value: nobody sources such a file.
            found = Dialect.allCases.filter { $0 != .shell }
            (dialects, origin) = (found, "has Windows line ends, so it is not read as a shell would")
            return
        }
        dialects = found
        origin =
            found.isEmpty
            ? nil : "read as \(found.map(\.rawValue).joined(separator: ", ")), told by the files beside it"
    }

    private static func isStream(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT)
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
        let values: DotenvImport
        do { values = try DotenvImport(of: document, options: options) } catch {
            throw DotenvFailure(path: path, reason: error, hasMark: document.hasByteOrderMark)
        }
        try refuseBrokenKeys(values)
        return values
    }

    /// A private key over several lines without quotes: its first line would be stored as the whole, and a later one,
    /// which ends in `=`, taken for a name.
    private func refuseBrokenKeys(_ values: DotenvImport) throws {
        for item in values.items {
            let isCut = item.value.withBytes { bytes in
                bytes.holds("-----BEGIN ") && !bytes.holds("-----END ")
            }
            if isCut { throw BrokenPrivateKey(path: path, line: item.line) }
        }
        for node in document.nodes {
            guard case .malformed(let span) = node else { continue }
            let line = document.text[span]
            if line.starts(with: "-----BEGIN ".utf8) || line.starts(with: "-----END ".utf8) {
                throw BrokenPrivateKey(path: path, line: document.position(of: span.lowerBound).line)
            }
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
    /// Whether the file begins with a byte-order mark.
    let hasMark: Bool
}

/// A private key that an entry holds a part of only.
struct BrokenPrivateKey: Error {
    let path: String
    let line: Int
}

extension Span<UInt8> {
    fileprivate func holds(_ text: String) -> Bool {
        let wanted = Array(text.utf8)
        guard count >= wanted.count else { return false }
        return (0...(count - wanted.count)).contains { start in
            wanted.indices.allSatisfy { self[start + $0] == wanted[$0] }
        }
    }
}

enum KeyList {
    /// `A,B_*` as its parts.
    static func split(_ text: String?) -> [String] {
        (text ?? "").split(separator: ",").map { String($0).trimmingSpaces() }.filter { !$0.isEmpty }
    }
}

extension Dialect: ExpressibleByArgument {}
