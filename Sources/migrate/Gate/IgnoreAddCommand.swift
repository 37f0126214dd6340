// `migrate ignore add`: one finding, or all that is there today.

import ArgumentParser
import Detection
import Reporting
import Scanning
import World

struct IgnoreAddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Accepts findings, by fingerprint, or all that are there today.",
        usage: """
            migrate ignore add FINGERPRINT... --reason TEXT [--owner NAME] [--until DATE]
            migrate ignore add --all --reason TEXT [--owner NAME] [--until DATE]
            """,
        discussion: "--all is the way to begin in a repository with a past: from then on, only what is new counts.")

    @Argument(help: "Sixteen digits as migrate scan -v shows them, or the first eight or more.")
    var fingerprints: [String] = []

    @Flag(help: "Accept every finding that a scan of the whole repository has today.")
    var all = false

    @Option(help: "Why it may stay.")
    var reason: String?

    @Option(help: "Who answers for it. Default: user.name and user.email of git.")
    var owner: String?

    @Option(help: "The last day: 2027-01-31 (UTC), how long from now: 90d, 12w, or `never`.")
    var until = "90d"

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard let reason else { throw ValidationError("Why? Add --reason TEXT.") }
        for (name, text) in [("--reason", reason), ("--owner", owner ?? "x")] {
            guard Acceptances.isText(text), text.utf8.count <= 500 else {
                throw ValidationError("\(name) takes one line of text, 500 bytes at most.")
            }
        }
        guard all != !fingerprints.isEmpty else {
            throw ValidationError(
                all ? "--all takes no fingerprints." : "Which finding? Name fingerprints, or say --all.")
        }
        let now = Instant.systemNow()
        guard let end = AcceptanceEnd.given(until, now: now) else {
            throw ValidationError("--until takes a day such as 2027-01-31, a time from now (90d, 12w), or `never`.")
        }
        if let last = end.instant, last < now { throw ValidationError("--until: \(last.day) is over.") }
    }

    func run() async throws {
        for text in fingerprints { try FingerprintArgument.check(text) }
        let place = try IgnorePlace.find()
        let world = World.real()
        let now = world.now()
        guard let reason, let end = AcceptanceEnd.given(until, now: now) else { ExitStatus.usage.exit() }
        let owner = try owner?.trimmingSpaces() ?? place.identity(world)
        let known = try place.acceptances()
        let scan = try IgnoreScan(place)
        try scan.refuseCredential(in: reason, of: "--reason")
        try scan.refuseCredential(in: owner, of: "--owner")
        let chosen = try await all ? everything(scan, besides: known, now) : named(scan, known)
        let entries = chosen.findings.map { fingerprint, note in
            Acceptance(
                fingerprint: fingerprint, reason: reason.trimmingSpaces(), owner: owner, until: end.instant, note: note)
        }
        var isRewritten = false
        try place.update { bytes in
            var editor = try IgnoreFileEditor(bytes, path: place.path)
            try editor.put(entries)
            isRewritten = editor.isRewritten
            return entries.isEmpty ? bytes : editor.bytes
        }
        if isRewritten {
            Diagnostics.note("\(Acceptances.path) was laid out anew; its comments stand at its beginning.")
        }
        for name in chosen.unseen {
            Diagnostics.note("no scan of this repository finds \(name) at the moment; it was taken as it is.")
        }
        if let gap = chosen.gaps.first {
            Diagnostics.note(
                "the scan is incomplete, so there may be more: \(gap.subject): \(gap.reason)"
                    + (chosen.gaps.count > 1 ? " (and \(chosen.gaps.count - 1) more)" : ""))
        }
        let before = known.byFingerprint
        let result = IgnoreChange(
            kind: .add, entries: entries, replacedCount: entries.count { before[$0.fingerprint] != nil }, now: now)
        try output.choice.write(human: result.text, json: result.json)
        if all, !chosen.gaps.isEmpty { ExitStatus.incomplete.exit() }
    }

    private typealias Chosen = (findings: [(fingerprint: String, note: String?)], unseen: [String], gaps: [Gap])

    /// All that would count today.
    private func everything(_ scan: IgnoreScan, besides known: Acceptances, _ now: Instant) async throws -> Chosen {
        let report = try await scan.report()
        let active = Set(known.entries.filter { !$0.isExpired(at: now) }.map(\.fingerprint))
        let findings = report.findings.filter { !active.contains($0.fingerprint.description) }
        return (findings.map { ($0.fingerprint.description, $0.acceptanceNote) }, [], report.gaps)
    }

    private func named(_ scan: IgnoreScan, _ known: Acceptances) async throws -> Chosen {
        let entries = known.byFingerprint
        let names = Set(fingerprints.map { $0.lowercased() })
        // What the next commit holds is looked at in no time, and a hook's finding is there. A folder has no index.
        var notes = (try? await scan.report(.index)).map(Self.notes) ?? [:]
        if !names.allSatisfy({ $0.utf8.count == 16 && notes[$0] != nil }) {
            notes.merge(Self.notes(try await scan.report())) { first, _ in first }
        }
        var findings: [String: String?] = [:]
        var unseen: [String] = []
        for name in names.sorted() {
            let found = try FingerprintArgument.only(name, among: Array(notes.keys) + Array(entries.keys))
            guard let full = found ?? (name.utf8.count == 16 ? name : nil) else {
                throw IgnoreRefusal.unknown(name, isEntry: false)
            }
            if notes[full] == nil { unseen.append(full) }
            findings[full] = .some(notes[full] ?? entries[full]?.note)
        }
        return (findings.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }, unseen, [])
    }

    private static func notes(_ report: ScanReport) -> [String: String] {
        Dictionary(
            report.findings.map { ($0.fingerprint.description, $0.acceptanceNote) },
            uniquingKeysWith: { first, _ in first }
        )
    }
}
