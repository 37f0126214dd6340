// Commands that messages propose, runnable as they stand.

import Reporting
import Settings
import Synchronization

enum CommandHint {
    private static let place = Mutex<[String]>([])

    /// What the user gave to say which store: a command that is proposed needs it as well.
    static func remember(_ options: StoreOptions) {
        var words: [String] = []
        func add(_ name: String, _ value: String?) {
            if let value { words += [name, value] }
        }
        add("--store", options.store?.rawValue)
        add("--region", options.region)
        add("--profile", options.profile)
        add("--endpoint-url", options.endpointURL)
        add("--vault", options.vaultFolder)
        add("--vault-key", options.vaultKeyFile)
        place.withLock { $0 = words }
    }

    /// `migrate secret restore shop/production --store local`
    static func line(_ words: String...) -> String { line(words) }

    static func line(_ words: [String]) -> String {
        ShellWord.line(["migrate"] + words + place.withLock { $0 }, sanitizer: Sanitizer(unicode: Terminal.isUTF8))
    }
}
