// `migrate ignore prune`: takes away what has ended and what is about nothing any more.

import ArgumentParser
import Reporting
import Scanning
import World

struct IgnorePruneCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune",
        abstract: "Takes away entries that have expired, and those that no finding has any more.",
        discussion: """
            What is there is scanned as it is in this clone: a finding that only another clone has, on a branch of its \
            own, say, looks like none. Nothing is taken away without being shown.
            """)

    @OptionGroup var consent: ConsentOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let place = try IgnorePlace.find()
        let acceptances = try place.acceptances()
        let now = Instant.systemNow()
        var report = try await IgnoreScan(place).report()
        let isWhole = report.coversEverything
        report.accept(acceptances, now: now)
        let stale = Set(report.accepted.stale.map(\.fingerprint))
        let doomed = acceptances.entries.filter { $0.isExpired(at: now) || stale.contains($0.fingerprint) }
        if !isWhole {
            Diagnostics.note(
                report.gaps.first.map {
                    "the scan is incomplete, so only expired entries are looked at: \($0.subject): \($0.reason)"
                } ?? "repositories below were not scanned, so only expired entries are looked at.")
        }
        var change = IgnoreChange(kind: .prune, entries: doomed, replacedCount: 0, now: now)
        change.stale = stale
        change.isDryRun = consent.dryRun
        if !doomed.isEmpty, !consent.dryRun {
            if !consent.yes {
                var shown = change
                shown.isDryRun = true
                Diagnostics.text(shown.text(output.choice.style(.standardError)))
                guard
                    try Prompt.confirm(
                        "Take \(doomed.count == 1 ? "it" : "them") away?", need: "an answer", remedy: "add --yes")
                else { throw PromptError.cancelled }
            }
            try Self.remove(doomed, from: place)
        }
        try output.choice.write(human: change.text, json: change.json)
        if !report.isComplete { ExitStatus.incomplete.exit() }
    }

    /// Takes away the entries that are still as they were shown.
    static func remove(_ entries: [Acceptance], from place: IgnorePlace) throws {
        var isRewritten = false
        try place.update { bytes in
            guard let bytes else { return nil }
            var editor = try IgnoreFileEditor(bytes, path: place.path)
            let now = try editor.acceptances().byFingerprint
            try editor.remove(Set(entries.filter { now[$0.fingerprint] == $0 }.map(\.fingerprint)))
            isRewritten = editor.isRewritten
            return editor.bytes
        }
        if isRewritten {
            Diagnostics.note("\(Acceptances.path) was laid out anew; its comments stand at its beginning.")
        }
    }
}
