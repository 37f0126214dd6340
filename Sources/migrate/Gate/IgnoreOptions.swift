// What `scan` and `ci` take about findings that somebody answers for.

import ArgumentParser
import Scanning
import World

struct AcceptanceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Findings in this report do not count: our own JSON, a gitleaks report or .secrets.baseline.",
            valueName: "file"),
        completion: .file())
    var baseline: [String] = []

    @Option(
        name: [.customLong("baseline-path"), .customShort("b")],
        help: ArgumentHelp("The same as --baseline.", visibility: .hidden))
    var baselinePath: [String] = []

    @Flag(help: "Count what .migrate/ignore.yml, baselines and comments accept as well.")
    var noIgnore = false

    func validate() throws {
        if baselines.contains("") {
            throw ValidationError("--baseline is empty: a variable that is not set, perhaps?")
        }
        if noIgnore, !baselines.isEmpty { throw ValidationError("--no-ignore and --baseline contradict each other.") }
    }

    private var baselines: [String] { baseline + baselinePath }

    /// What is accepted, read before anything is scanned.
    ///
    /// - Parameter root: the folder whose `.migrate/ignore.yml` counts; nil for none.
    /// - Throws: `ConfigurationError`, `BaselineError`.
    func grounds(root: String?) throws -> AcceptanceGrounds {
        // Nothing that is not read can be wrong: --no-ignore is also the way past a damaged file.
        noIgnore ? AcceptanceGrounds() : try AcceptanceGrounds.load(root: root, baselines: baselines)
    }
}
