// Takes the findings out of a report that somebody answers for.

import Detection
package import World

extension ScanReport {
    /// Takes out the findings that entries accept, and tells of entries that have ended, soon will, or are about
    /// nothing any more. Findings whose entry has ended stay, and count.
    package mutating func accept(_ acceptances: Acceptances, now: Instant) {
        guard !acceptances.entries.isEmpty else { return }
        let entries = acceptances.byFingerprint
        var met: Set<String> = []
        takeOut { finding in
            let name = finding.fingerprint.description
            guard let entry = entries[name] else { return nil }
            met.insert(name)
            return entry.isExpired(at: now) ? nil : .entry(entry)
        }
        for entry in acceptances.entries.sorted(by: { $0.fingerprint < $1.fingerprint }) {
            if !met.contains(entry.fingerprint) {
                if coversEverything { accepted.stale.append(entry) }
            } else if entry.isExpired(at: now) {
                accepted.expired.append(entry)
            } else if entry.isExpiring(at: now) {
                accepted.expiring.append(entry)
            }
        }
    }

    /// Moves the findings for which there is a ground from those that count to those that do not.
    mutating func takeOut(_ ground: (Finding) throws -> AcceptedFinding.Ground?) rethrows {
        var kept: [Finding] = []
        var taken: [AcceptedFinding] = []
        for finding in findings {
            if let ground = try ground(finding) {
                taken.append(AcceptedFinding(finding: finding, ground: ground))
            } else {
                kept.append(finding)
            }
        }
        guard !taken.isEmpty else { return }
        findings = kept
        accepted.findings += taken
        let gone = Set(taken.map(\.finding.fingerprint))
        for file in dotenvFiles.indices {
            for entry in dotenvFiles[file].entries.indices {
                dotenvFiles[file].entries[entry].findings.removeAll(where: gone.contains)
            }
        }
        acceptDotenvFiles(taken)
    }

    /// A dotenv file that may stay tracked for now is neither to be untracked nor a fault of the ignore rules.
    private mutating func acceptDotenvFiles(_ taken: [AcceptedFinding]) {
        let paths = Set(
            taken.filter { $0.finding.ruleID == Rule.dotenvFile.id }.compactMap { $0.finding.occurrences.first?.path })
        guard !paths.isEmpty else { return }
        for file in dotenvFiles.indices where paths.contains(dotenvFiles[file].path) {
            dotenvFiles[file].isAccepted = true
        }
        guard var audit = ignoreAudit else { return }
        audit.trackedThoughIgnored.removeAll(where: paths.contains)
        if audit.isSound { audit.fix = [] }
        ignoreAudit = audit
    }

    /// Whether all was looked at, and read, where a finding could be: only then is nothing there what was not found.
    package var coversEverything: Bool {
        // Submodules that were scanned stand in the report like the rest; those that were not may hold what is missed.
        isComplete && scope == ScanRequest.wholeRepository
            && (nestedRepositories.isEmpty || isNestedIncluded)
    }
}
