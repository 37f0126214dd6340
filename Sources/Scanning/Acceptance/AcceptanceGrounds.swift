// All that can say that a finding is accepted, read before anything is scanned.

import Settings
package import World

/// What a repository and a command line say is accepted.
package struct AcceptanceGrounds: Sendable {
    package var acceptances = Acceptances()
    package var baselines: [Baseline] = []
    /// Of other scanners.
    package var ignoreFiles: [PeerIgnoreFile] = []
    /// Whether comments on the lines of values count.
    package var readsComments = false

    /// Accepts nothing.
    package init() {}

    /// Reads the ignore file of the repository at `root`, and baselines.
    ///
    /// - Parameters:
    ///   - root: nil where there is none, as for standard input.
    ///   - baselines: paths of files, as the command line names them.
    /// - Throws: `ConfigurationError`, `BaselineError`: nothing is scanned under half of it.
    package static func load(root: String?, baselines: [String] = []) throws -> AcceptanceGrounds {
        var grounds = AcceptanceGrounds()
        if let root {
            grounds.acceptances = try Acceptances.load(root: root)
            grounds.ignoreFiles = PeerIgnoreFile.load(root: root)
        }
        grounds.readsComments = root != nil
        grounds.baselines = try baselines.map { try Baseline.load($0) }
        return grounds
    }

    /// Takes out of the report what is accepted. Entries come first, so that they are told of as what they are.
    ///
    /// - Parameter lender: of values, and of the lines they stand in; nil for standard input.
    package func apply(to report: inout ScanReport, lender: ValueLender?, now: Instant) {
        report.accept(acceptances, now: now)
        for baseline in baselines { report.accept(baseline, lender: lender) }
        for file in ignoreFiles { report.accept(file) }
        if readsComments, let lender { report.acceptComments(lender: lender) }
    }
}
