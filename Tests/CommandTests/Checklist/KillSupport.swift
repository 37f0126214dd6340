// A walk through the checklist that stops before every step, remembers the whole place, and comes back to it at will.

import Foundation
import Synchronization
import TestServers
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What is left when a step has been run to its end.
struct EndState: Equatable {
    /// Where every step stands, by its id, as `migrate verify` says.
    var standings: [String: String]
    /// The state of every step in the state file.
    var states: [String: String]
    /// Effects that were announced and never told. Must be empty.
    var open: [String]
    /// The secret's values; those that are random by their nature are only described.
    var values: [String: String]
    /// The stages of each version that the secret has. Versions without a stage are gone, or about to be.
    var versions: [String]
    var tags: [String: String]
    /// Names and scopes of the keys at SendGrid, and whether it is the one in the secret or the leaked one.
    var keys: [String]
    /// Every file of the repository, but for git's own and those that only tell how the run went.
    var files: [String: [UInt8]]
    /// The names of git's own files that must not be there at rest.
    var locks: [String]
    /// What git has in its index, and the commit that it is on.
    var index: String
    /// What went on in the home: files that a run has left half-written.
    var leftovers: [String]

    /// What differs, in words without secrets.
    func differences(from other: EndState) -> [String] {
        var lines: [String] = []
        func compare<T: Equatable>(_ name: String, _ path: KeyPath<EndState, T>, shows: Bool = true) {
            guard self[keyPath: path] != other[keyPath: path] else { return }
            lines.append(
                shows ? "\(name): \(self[keyPath: path]), and not \(other[keyPath: path])" : "\(name) differ")
        }
        compare("standings", \.standings)
        compare("states", \.states)
        compare("open intents", \.open)
        compare("values", \.values)
        compare("versions", \.versions)
        compare("tags", \.tags)
        compare("keys", \.keys)
        compare("locks", \.locks)
        compare("index", \.index)
        compare("leftovers", \.leftovers)
        compare("files' names", \.names)
        compare("files' contents", \.files, shows: false)
        return lines
    }

    private var names: [String] { files.keys.sorted() }
}

/// A workplace and its servers, with the way back.
final class KillWalk {
    let place: ChecklistWorkplace
    /// Nil where the secret is in the local vault.
    let double: SecretsManagerDouble?

    /// Everything at one moment.
    struct Moment {
        let folder: String
        let sendGrid: SendGridDouble.Snapshot
        let secrets: SecretsManagerDouble.Snapshot?
    }

    /// - Parameter remote: whether the secret is at the double of Secrets Manager, or in the local vault.
    init(remote: Bool) async throws {
        double = remote ? try await SecretsManagerDouble.start() : nil
        place = try await ChecklistWorkplace.make(remote ? .double : .vault, on: double)
        try Scratch.write(ChecklistWorkplace.newPassword + "\n", to: place.newPasswordFile)
    }

    // MARK: Moments

    func moment() async throws -> Moment {
        let folder = try Scratch.folder("moment")
        try await copy(place.place.root, to: folder)
        return Moment(folder: folder, sendGrid: place.sendGrid.snapshot(), secrets: double?.snapshot())
    }

    func restore(_ moment: Moment) async throws {
        try await copy(moment.folder, to: place.place.root)
        place.sendGrid.restore(moment.sendGrid)
        if let secrets = moment.secrets { double?.restore(secrets) }
    }

    /// With times and permissions, so that git sees the same files; what else is at the target is removed.
    private func copy(_ source: String, to target: String) async throws {
        let script = "rm -rf \"$2\" && cp -a \"$1\" \"$2\""
        let outcome = try await Running(
            ["/bin/sh", "-c", script, "sh", source, target], in: "/", input: "/dev/null", output: nil,
            environment: Program.environment
        ).end()
        try #require(outcome.status == 0, "\(outcome.errorText)")
    }

    // MARK: Runs

    /// The process of the run that is going on, for whoever is to end it.
    let victim = Victim()

    final class Victim: Sendable {
        private let id = Mutex<pid_t?>(nil)
        private let kills = Atomic<Int>(0)

        /// How often it was killed.
        var count: Int { kills.load(ordering: .sequentiallyConsistent) }

        func becomes(_ process: pid_t?) { id.withLock { $0 = process } }

        /// Ends it as `kill -9` does. A request that is no part of the run kills nothing.
        func kill() {
            id.withLock { id in
                guard let process = id else { return }
                signalProcess(process, SIGKILL)
                kills.add(1, ordering: .sequentiallyConsistent)
                id = nil
            }
        }
    }

    /// `migrate apply STEP` with all answers, at no terminal; waits for what takes a while.
    func apply(_ step: String, changes: [String: String] = [:]) async throws -> Outcome {
        let words = ["apply", step, "--yes", "--wait", "20s"] + place.answers
        let apart = "import os, sys; os.setsid(); os.execv(sys.argv[1], sys.argv[1:])"
        return try await Gate.shared.pass {
            let running = try Running(
                ["python3", "-c", apart, Program.path] + words, in: place.repository, input: "/dev/null", output: nil,
                environment: place.place.environment(changes))
            victim.becomes(running.id)
            defer { victim.becomes(nil) }
            return try await running.end()
        }
    }

    /// The ids of all steps, in the order in which they are done.
    func steps() async throws -> [String] {
        let outcome = try await place.migrate("verify", "--format", "json")
        let report = try JSONSerialization.jsonObject(with: Data(outcome.output)) as? [String: Any]
        let steps = try #require(report?["steps"] as? [[String: Any]], "\(outcome.errorText)")
        return steps.compactMap { $0["id"] as? String }
    }

    /// The commit that a step has left to a person.
    func commitStaged() async throws {
        guard try await !place.git("diff", "--cached", "--name-only").isEmpty else { return }
        try await place.git("commit", "--quiet", "--message", "Stop tracking .env files")
    }

    // MARK: Looking

    /// The values that the checklist makes up.
    private static let random = ["JWT_SECRET_KEY", "SENDGRID_API_KEY"]

    func endState() async throws -> EndState {
        let standings = try await place.standings()
        let state = try place.state()
        var values = try await self.values()
        let newKey = values["SENDGRID_API_KEY"]
        for name in Self.random {
            guard let value = values[name] else { continue }
            values[name] = value.utf8.count < 32 || place.leaked.all.contains(value) ? "bad" : "new"
        }
        let keys = place.sendGrid.keys.map { key in
            let role = key.text == newKey ? "in the secret" : key.id == place.leaked.sendGridID ? "leaked" : "other"
            // The name of a key that the checklist makes ends in something random.
            let name = key.name.split(separator: " ").count == 2 ? key.name.split(separator: " ")[0] + " …" : key.name
            return "\(name) \(key.scopes.joined(separator: ",")): \(role)"
        }
        var files = place.everything()
        let locks = files.keys.filter { $0.hasPrefix(".git/") && ($0.hasSuffix(".lock") || $0.contains(".migrate-")) }
            .sorted()
        files = files.filter { path, _ in
            !path.hasPrefix(".git/") && !path.hasPrefix(".migrate/local/") && path != ".migrate/state.json"
        }
        let root = place.place.root
        let leftovers = Scratch.files(below: root).map { String($0.dropFirst(root.count + 1)) }
            // Caches, and new keys of the vault: whoever makes such a file next to another has no lock to know it by.
            .filter { $0.hasSuffix(".tmp") && !$0.hasPrefix("home/cache/") && !$0.hasPrefix("home/.config/migrate/") }
            .map { $0.split(separator: "/").dropLast().joined(separator: "/") }
        return EndState(
            standings: standings, states: state.steps.mapValues(\.state), open: Self.open(state), values: values,
            versions: try await versions(), tags: double?.tags(of: place.secret) ?? [:], keys: keys.sorted(),
            files: files, locks: locks,
            index: try await place.git("ls-files", "--stage") + "\n" + place.git("rev-parse", "HEAD"),
            leftovers: leftovers.sorted())
    }

    private static func open(_ state: ChecklistWorkplace.State) -> [String] {
        state.steps.flatMap { step, record in
            var open: [String: String] = [:]
            for event in record.events {
                guard let token = event.token else { continue }
                if event.event == "intended" { open[token] = event.effect }
                if event.event == "effected" { open[token] = nil }
            }
            return open.values.map { "\(step): \($0)" }
        }.sorted()
    }

    private func values() async throws -> [String: String] {
        let bytes: [UInt8]
        if let double {
            bytes = Array((double.value(of: place.secret) ?? "{}").utf8)
        } else {
            let outcome = try await place.migrate("export", "-f", "json", "--secret", place.secret)
            guard outcome.status == 0 else { return ["no secret, status": "\(outcome.status)"] }
            bytes = outcome.output
        }
        return try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: String] ?? [:]
    }

    private func versions() async throws -> [String] {
        if let double {
            return double.versions(of: place.secret).map { $0.stages.joined(separator: " ") }.filter { !$0.isEmpty }
        }
        let outcome = try await place.migrate("secret", "history", place.secret, "--format", "json")
        guard outcome.status == 0 else { return [] }
        let report = try JSONSerialization.jsonObject(with: Data(outcome.output)) as? [String: Any]
        let versions = report?["versions"] as? [[String: Any]] ?? []
        return versions.map { (($0["stages"] as? [String]) ?? []).sorted().joined(separator: " ") }
            .filter { !$0.isEmpty }
    }

    /// Secret values in what lies around: everything but what the person's own files hold.
    func traces() -> [String] {
        let known = [
            "home/new-password", "work/backend/.env",
        ]
        let root = place.place.root
        return Scratch.files(below: root).flatMap { path -> [String] in
            let name = String(path.dropFirst(root.count + 1))
            guard !known.contains(name), !name.hasPrefix("work/.git/") else { return [] }
            return place.traces(in: Scratch.bytes(path)).map { _ in "a secret value in \(name)" }
        }
    }
}

/// The system's `kill`, where a method has its name.
private func signalProcess(_ process: pid_t, _ signal: Int32) { kill(process, signal) }
