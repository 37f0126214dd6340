// `migrate ignore list`: who answers for what, and until when.

import ArgumentParser
import Reporting
import Scanning
import World

struct IgnoreListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Shows what is accepted, by whom and until when.")

    @Flag(help: "Scan the whole repository, and say which entries are about nothing any more.")
    var check = false

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let place = try IgnorePlace.find()
        let acceptances = try place.acceptances()
        let now = Instant.systemNow()
        var list = IgnoreList(acceptances, now: now)
        var gaps: [Gap] = []
        if check {
            var report = try await IgnoreScan(place).report()
            gaps = report.gaps
            let isWhole = report.coversEverything
            report.accept(acceptances, now: now)
            list.isChecked = isWhole
            list.stale = Set(report.accepted.stale.map(\.fingerprint))
            if !isWhole {
                Diagnostics.note(
                    gaps.first.map {
                        "the scan is incomplete, so entries about nothing are not known: \($0.subject): \($0.reason)"
                    } ?? "repositories below were not scanned, so entries about nothing are not known.")
            }
        }
        try output.choice.write(human: list.text, json: list.json)
        if !gaps.isEmpty { ExitStatus.incomplete.exit() }
    }
}
