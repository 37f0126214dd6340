// Takes the findings out of a report that a baseline knows.

import Detection
import Git
import Secrets

extension ScanReport {
    /// Takes out what the baseline knows, all or nothing of a finding: a known value at a new place is the same value.
    /// Where the baseline has places and no values, every file that has the value must be known.
    ///
    /// - Parameter lender: of values; nil where none can be had, as of standard input.
    package mutating func accept(_ baseline: Baseline, lender: ValueLender?) {
        let known = baseline.known
        takeOut { finding in
            let isKnown =
                switch baseline.form {
                case .migrate: known.fingerprints.contains(finding.fingerprint.bits)
                case .gitleaks:
                    known.knowsValue(of: finding, lender) || known.knowsPlaces(of: finding)
                case .detectSecrets: known.knowsHash(of: finding, lender)
                }
            return isKnown ? .baseline(baseline.path) : nil
        }
    }
}

extension KnownFindings {
    /// By the value, wherever it stands. It is lent, compared by a keyed digest, and wiped.
    func knowsValue(of finding: Finding, _ lender: ValueLender?) -> Bool {
        guard !values.isEmpty, finding.ruleID != Rule.dotenvFile.id, let lender else { return false }
        for occurrence in finding.occurrences {
            guard let value = lender.value(at: occurrence) else { continue }
            return value.withBytes { values.contains(digest.code($0)) }
        }
        return false
    }

    /// By places alone, where values were left out. A place is a file and a line, in the commit that brought the value
    /// in, or in no commit: in the files as they are.
    ///
    /// Lines move, so for a file it is enough that the value was brought in at the line of that commit. Without one,
    /// every line at which the file has it must be listed. Every file that has the value must be known.
    func knowsPlaces(of finding: Finding) -> Bool {
        guard !places.isEmpty, finding.ruleID != Rule.dotenvFile.id, !finding.occurrences.isEmpty else { return false }
        let introduced = finding.history.introduced.flatMap { places[$0.id.description] } ?? []
        let plain = places[""] ?? []
        var lines: [String: Set<Int>] = [:]
        for occurrence in finding.occurrences {
            guard let path = occurrence.path else { return false }
            lines[path, default: []].insert(occurrence.line)
        }
        var unknown: [String] = []
        for (path, lines) in lines {
            let isKnown =
                lines.contains { introduced.contains(Place(path: path, line: $0)) }
                || lines.allSatisfy { plain.contains(Place(path: path, line: $0)) }
            if !isKnown { unknown.append(path) }
        }
        if unknown.isEmpty { return true }
        // Of copies, the commits that brought them in are not kept: any commit will do once one file is known.
        guard unknown.count < lines.count else { return false }
        return unknown.allSatisfy { path in
            let lines = lines[path] ?? []
            return places.contains { commit, known in
                !commit.isEmpty && lines.contains { known.contains(Place(path: path, line: $0)) }
            }
        }
    }

    /// By the SHA-1 of the value, where the value stands in the file that the baseline names.
    func knowsHash(of finding: Finding, _ lender: ValueLender?) -> Bool {
        guard finding.ruleID != Rule.dotenvFile.id, let lender else { return false }
        let candidates = finding.occurrences.filter { $0.path.map { hashes[$0] != nil } ?? false }
        guard !candidates.isEmpty else { return false }
        for occurrence in candidates {
            guard let path = occurrence.path, let value = lender.value(at: occurrence) else { continue }
            let hash = value.withBytes { ValueDigest.sha1($0) }
            return hashes[path]?.contains(hash) ?? false
        }
        return false
    }
}
