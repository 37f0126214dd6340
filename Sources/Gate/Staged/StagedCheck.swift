// What is about to be committed, looked at before it is.

package import Detection
import Dotenv
package import Git
package import Scanning
package import Settings

/// Checks the index of a repository against what its next commit's parents have.
package struct StagedCheck {
    /// Patterns, loaded when there is something to search.
    let compiled: () throws -> CompiledRules
    let settings: Configuration
    /// Whether somebody answers for a finding.
    let isAccepted: (Fingerprint) -> Bool
    let known: KnownValues
    /// In bytes: a larger content is refused, as it is held in memory whole.
    package var largestBlob = 512 << 20
    /// Files that a commit takes away, as far as they are looked through for where a new file came from.
    static let mostRemoved = 1_000

    package init(
        settings: Configuration, known: KnownValues, isAccepted: @escaping (Fingerprint) -> Bool,
        compiled: @escaping () throws -> CompiledRules
    ) {
        self.settings = settings
        self.known = known
        self.isAccepted = isAccepted
        self.compiled = compiled
    }

    /// The patterns that are searched for.
    package func compile() throws -> CompiledRules { try compiled() }

    /// Looks at all that the next commit adds.
    ///
    /// - Throws: `GitError`, `IndexFormatError`, `FileError`, `DetectionError`: then nothing is known.
    package func run(
        _ repository: borrowing Repository, _ surroundings: HookSurroundings
    ) throws -> GateReport {
        let index = try repository.stagedIndex(surroundings)
        let parents = try repository.parentTrees(surroundings)
        let changes = try repository.changes(of: index, since: parents)
        var report = GateReport()
        for path in changes.conflicts {
            report.gaps.append(
                Gap(
                    kind: .unreadableIndex, subject: String(decoding: path, as: UTF8.self),
                    reason: "it is in the middle of a merge: resolve it, and `git add` it"))
        }
        if !changes.added.isEmpty {
            let reader = try ContentReader(compiled())
            var run = StagedRun(check: self, reader: reader, changes: changes)
            for change in changes.added { try run.look(at: change, repository) }
            report.merge(run.report)
            report.byteCount = reader.byteCount
        }
        try IgnoreHoles.check(changes, index: index, parents: parents, repository, &report)
        settle(&report)
        return report
    }

    /// Leaves out what the settings leave out, and what somebody answers for; the rest by place.
    func settle(_ report: inout GateReport) {
        report.settle(settings: settings, isAccepted: isAccepted)
    }
}

extension GateReport {
    package mutating func merge(_ other: GateReport) {
        problems += other.problems
        remainingCount += other.remainingCount
        acceptedCount += other.acceptedCount
        gaps += other.gaps
        fileCount += other.fileCount
        byteCount += other.byteCount
    }

    /// Leaves out what a team's settings leave out, and what somebody answers for; sorts the rest by path and line.
    package mutating func settle(settings: Configuration, isAccepted: (Fingerprint) -> Bool) {
        problems.removeAll { problem in
            settings.excludedPaths.contains { path in
                problem.path == path || problem.path.hasPrefix(path.hasSuffix("/") ? path : path + "/")
            }
        }
        let least = settings.failOn ?? .low
        problems.removeAll { $0.kind == .credential && $0.severity < least }
        let before = problems.count
        problems.removeAll { $0.fingerprint.map(isAccepted) ?? false }
        acceptedCount += before - problems.count
        problems.sort { ($0.path, $0.line, $0.column) < ($1.path, $1.line, $1.column) }
    }
}
