// What every command about a checklist takes.

import ArgumentParser
import HTTP

struct ChecklistOptions: ParsableArguments {
    @Option(
        help:
            "Name of a built-in checklist, or a file. Default: `checklist` in .migrate/config.yml, else aws-secrets-manager.",
        completion: .file())
    var checklist: String?

    @Flag(help: "Try leaked credentials of other providers at these, to see whether they are alive.")
    var probe = false

    @OptionGroup var secret: SecretOption
    @OptionGroup var store: StoreOptions

    func validate() throws {
        if checklist == "" { throw ValidationError("--checklist is empty: a variable that is not set, perhaps?") }
    }
}

/// For commands that write down who did something.
struct ActorOptions: ParsableArguments {
    @Option(
        name: .customLong("as"), help: "Who does it: 'Ada <ada@example.com>'. Default: user.name and user.email of git."
    )
    var name: String?

    @Option(help: "How long to wait while somebody else is at it: 10s, 2m; 0s for not at all.")
    var lockWait = WaitingTime(seconds: 10)

    func validate() throws {
        guard let name else { return }
        if name.trimmingSpaces().isEmpty {
            throw ValidationError("--as is empty: a variable that is not set, perhaps?")
        }
        guard OneLine.isOne(name), name.utf8.count <= 200 else {
            throw ValidationError("--as takes a name of one line, 200 bytes at most.")
        }
    }
}

/// A time to wait on the command line: `90s`, `10m`, `1h`.
struct WaitingTime: ExpressibleByArgument {
    /// Up to a day.
    var seconds: Int

    init(seconds: Int) { self.seconds = seconds }

    init?(argument: String) {
        guard let unit = argument.last else { return nil }
        let factor: Int
        switch unit {
        case "s": factor = 1
        case "m": factor = 60
        case "h": factor = 3_600
        default: return nil
        }
        let digits = argument.dropLast()
        guard !digits.isEmpty, digits.utf8.count <= 5, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let count = Int(digits), count * factor <= 86_400
        else { return nil }
        seconds = count * factor
    }

    var defaultValueDescription: String {
        seconds % 60 == 0 && seconds > 0 ? "\(seconds / 60)m" : "\(seconds)s"
    }
}
