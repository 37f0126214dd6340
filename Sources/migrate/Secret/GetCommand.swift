// `migrate secret get`: a secret's keys, masked; or one value for a pipe.

import ArgumentParser
import Reporting
import Secrets
import Settings
import Stores
import World

struct GetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "Shows a secret's keys with masked values, or writes one value to standard output.",
        usage: "migrate secret get [SECRET] [KEY] [--show]",
        discussion: "A word with a / in it is a secret's name; any other is a key.")

    @Argument(help: "SECRET (a name with a /) and KEY.")
    var words: [String] = []

    @Flag(help: "Write the value of KEY as it is, without a line break, for a pipe.")
    var show = false

    @Option(help: "A version: its id or the first part of it, or a stage such as AWSPREVIOUS.")
    var version: String?

    @OptionGroup var secretOption: SecretOption
    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let arguments = try KeyArguments(words, command: "secret get", takesSeveral: false)
        if show, arguments.keys.isEmpty { throw ArgumentRefusal.noKey(command: "secret get --show") }
        let (session, name) = try await StoreSession.open(
            store, secret: secretOption.secret, word: arguments.secret, key: arguments.keys.first)
        let read = try await VersionChoice.read(version, of: name, in: session.store)
        try session.checkAccount(arn: read.arn)
        let content = try SecretContent(parsing: read.content, name: name)
        RememberedValues.note(content, root: session.settings.root)
        guard let key = arguments.keys.first else {
            return try write(report(content, read, session, keys: content.keys), session)
        }
        guard let value = content.value(of: key) else {
            throw NoSuchKey(key: key, secret: name, others: content.keys)
        }
        guard show else { return try write(report(content, read, session, keys: [key]), session) }
        try value.text().withBytes { try StandardOutput.write($0) }
        if Terminal.standardOutput.isTerminal { try StandardOutput.write([0x0A]) }
    }

    private func report(
        _ content: SecretContent, _ version: SecretVersion, _ session: StoreSession, keys: [String]
    ) -> SecretReport {
        SecretReport(
            name: version.name, place: session.store.place, versionID: version.versionID, stages: version.stages,
            created: version.created?.wholeSeconds,
            keys: keys.compactMap { key in content.value(of: key).map { (key, Shown.value($0)) } })
    }

    private func write(_ report: SecretReport, _ session: StoreSession) throws {
        try output.choice.write(
            human: { report.text($0, now: session.world.now().wholeSeconds) }, json: { try report.json() })
    }
}

/// A secret has no such key. Its other keys are no secrets.
struct NoSuchKey: Error {
    let key: String
    let secret: String
    let others: [String]
}

/// A version as people name it.
enum VersionChoice {
    /// Fewer digits would name too many.
    private static let shortest = 4

    /// - Parameter text: an id, the first part of one, a stage; nil for AWSCURRENT.
    static func read(_ text: String?, of name: String, in store: any SecretStore) async throws -> SecretVersion {
        guard let text else { return try await store.read(name) }
        return try await store.read(name, try await selector(text, of: name, in: store))
    }

    static func selector(_ text: String, of name: String, in store: any SecretStore) async throws -> VersionSelector {
        let versions = try await store.versions(name)
        if versions.contains(where: { $0.stages.contains(text) }) { return VersionSelector(stage: text) }
        let matches = versions.filter {
            $0.versionID == text || text.utf8.count >= shortest && $0.versionID.hasPrefix(text)
        }
        guard matches.count == 1, let match = matches.first else {
            throw StoreError.noSuchVersion(name: name, wanted: text)
        }
        return VersionSelector(id: match.versionID)
    }
}
