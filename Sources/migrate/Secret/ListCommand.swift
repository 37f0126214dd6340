// `migrate secret list`: which secrets there are.

import ArgumentParser
import Reporting
import Stores
import Synchronization
import World

struct ListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists secrets: names, ages, descriptions; never values.")

    @Argument(help: "Only those whose names begin like this: shop/.")
    var prefix: String = ""

    @Flag(help: "Those that are scheduled for deletion as well.")
    var deleted = false

    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let session = try await StoreSession.open(store, LocalSettings.load(), secret: nil)
        let found = Mutex<[SecretDescription]>([])
        var problem: (any Error)?
        do {
            try await session.store.list(prefix: prefix, includingDeleted: deleted) { page in
                found.withLock { $0 += page }
            }
        } catch let error as StoreError {
            // A damaged file of a vault is no reason to hide the others; without any there is nothing to show.
            if found.withLock({ $0.isEmpty }) { throw error }
            problem = error
        }
        try session.checkAccount(arn: found.withLock { $0.first?.arn })
        let report = SecretListReport(place: session.store.place, secrets: found.withLock { $0 })
        try output.choice.write(
            human: { report.text($0, now: session.world.now().wholeSeconds) }, json: { try report.json() })
        if let problem { throw problem }
    }
}
