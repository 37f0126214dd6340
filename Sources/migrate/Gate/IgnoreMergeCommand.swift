// `migrate ignore merge`: resolves what git left to people in `.migrate/ignore.yml`.

import ArgumentParser
import Reporting
import Scanning
import World

struct IgnoreMergeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Resolves a merge conflict in .migrate/ignore.yml: keeps the entries of both sides.",
        discussion: "Where both sides accept one finding, the entry that ends first is kept.")

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let place = try IgnorePlace.find()
        var union: MergeConflict.Union?
        try place.update { bytes in
            guard let bytes else { return nil }
            union = try MergeConflict.union(bytes, path: place.path)
            return union?.bytes ?? bytes
        }
        var change = IgnoreChange(
            kind: .merge, entries: union?.acceptances.entries ?? [], replacedCount: 0, now: .systemNow())
        change.disputed = union?.disputed ?? []
        change.isNothing = union == nil
        try output.choice.write(human: change.text, json: change.json)
    }
}
