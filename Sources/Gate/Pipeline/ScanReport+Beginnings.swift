// Who has brought something in, as far as a part of the history can tell.

import Detection
package import Git
package import Scanning

extension ScanReport {
    /// Takes back the commit that is said to have brought in what a commit before it had already: a scan of a few
    /// commits sees no further, and nobody is to be blamed for what others did.
    package mutating func forgetWrongBeginnings(_ repository: borrowing Repository) {
        for index in findings.indices {
            guard let commit = findings[index].history.introduced?.id else { continue }
            let parents = Self.parents(of: commit, repository)
            let isFile = findings[index].ruleID == Rule.dotenvFile.id
            for occurrence in findings[index].occurrences {
                guard case .blob(let id, .some(let path)) = occurrence.source else { continue }
                let before = parents.compactMap { (try? repository.blob(at: path, in: $0)) ?? nil }
                if isFile ? !before.isEmpty : before.contains(id) {
                    findings[index].history.introduced = nil
                    break
                }
            }
        }
        for index in dotenvFiles.indices {
            guard let commit = dotenvFiles[index].history.introduced?.id else { continue }
            let path = dotenvFiles[index].path
            let wasThere = Self.parents(of: commit, repository).contains { parent in
                ((try? repository.blob(at: path, in: parent)) ?? nil) != nil
            }
            if wasThere { dotenvFiles[index].history.introduced = nil }
        }
    }

    private static func parents(of commit: ObjectID, _ repository: borrowing Repository) -> [ObjectID] {
        (try? repository.withObject(commit) { _, bytes in RawCommit(bytes)?.parents ?? [] }) ?? []
    }
}
