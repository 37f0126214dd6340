// `migrate ignore remove`: a finding counts again.

import ArgumentParser
import Reporting
import Scanning
import World

struct IgnoreRemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Takes entries away: their findings count again.")

    @Argument(help: "Sixteen digits as migrate ignore list shows them, or the first eight or more.")
    var fingerprints: [String]

    @OptionGroup var output: OutputOptions

    func run() async throws {
        for text in fingerprints { try FingerprintArgument.check(text) }
        let place = try IgnorePlace.find()
        let entries = try place.acceptances().byFingerprint
        var chosen: [String: Acceptance] = [:]
        for text in fingerprints {
            guard let name = try FingerprintArgument.only(text, among: entries.keys), let entry = entries[name] else {
                throw IgnoreRefusal.unknown(text, isEntry: true)
            }
            chosen[name] = entry
        }
        let removed = chosen.values.sorted { $0.fingerprint < $1.fingerprint }
        try IgnorePruneCommand.remove(removed, from: place)
        let change = IgnoreChange(kind: .remove, entries: removed, replacedCount: 0, now: .systemNow())
        try output.choice.write(human: change.text, json: change.json)
    }
}
