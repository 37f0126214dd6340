// A submodule's report, joined with that of the repository around it.

import Git

extension ScanReport {
    /// Adds what `nested`, the report of the repository at `folder`, has to say, under paths that begin with `folder`.
    mutating func absorb(_ nested: ScanReport, below folder: String) {
        for var finding in nested.findings {
            finding.occurrences = finding.occurrences.map { $0.moved(below: folder) }
            // A value that both have is one finding; how it came and went is told for the outer repository.
            if let place = findings.firstIndex(where: {
                $0.fingerprint == finding.fingerprint && $0.ruleID == finding.ruleID
            }) {
                findings[place].occurrences += finding.occurrences
            } else {
                findings.append(finding)
            }
        }
        dotenvFiles += nested.dotenvFiles.map { file in
            var file = file
            file.path = folder + "/" + file.path
            return file
        }
        gaps += nested.gaps.map { Gap(kind: $0.kind, subject: folder + ": " + $0.subject, reason: $0.reason) }
        notes += nested.notes.map { folder + ": " + $0 }
        notes.append("\(folder) is a repository of its own and was scanned too; its .gitignore was not audited.")
        gradedDown += nested.gradedDown
        statistics.objectCount += nested.statistics.objectCount
        statistics.knownObjectCount += nested.statistics.knownObjectCount
        statistics.blobCount += nested.statistics.blobCount
        statistics.commitCount += nested.statistics.commitCount
        statistics.fileCount += nested.statistics.fileCount
        statistics.byteCount += nested.statistics.byteCount
    }
}

extension Occurrence {
    fileprivate func moved(below folder: String) -> Occurrence {
        let source: Source =
            switch source {
            case .blob(let id, let path): .blob(id, path: path.map { folder + "/" + $0 } ?? folder)
            case .file(let path): .file(path: folder + "/" + path)
            case .commitMessage, .tagMessage, .standardInput: source
            }
        return Occurrence(source: source, range: range, line: line, column: column, reach: reach)
    }
}
