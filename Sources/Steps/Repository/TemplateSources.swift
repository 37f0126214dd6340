// The dotenv files that a template stands for, read from disk or, where they are gone, from git.

import Dotenv
import Files
import Git
import Scanning

/// Reads dotenv files as they are now, or as they were last.
enum TemplateSources {
    private static let largest = 4 << 20

    /// The file on disk, in the index, in HEAD, or in the commit before the one that took it out; nil for none of them.
    static func document(_ path: String, _ report: DotenvFileReport?, in root: String) -> DotenvDocument? {
        // A link may lead to where the values really are, outside of the repository too: only names are taken.
        if let bytes = (try? FileContent.read(root + "/" + path, limit: largest)) ?? nil {
            return DotenvDocument(parsing: bytes)
        }
        guard let repository = try? Repository(discovering: root), let id = blob(path, report, repository),
            let header = try? repository.header(of: id), header.kind == .blob, header.size <= largest
        else { return nil }
        return (try? repository.withObject(id) { _, bytes in Array(bytes) }).map { DotenvDocument(parsing: $0) }
    }

    private static func blob(
        _ path: String, _ report: DotenvFileReport?, _ repository: borrowing Repository
    ) -> ObjectID? {
        let bytes = Array(path.utf8)
        if let record = (try? repository.indexRecords { $0 == bytes })?.first { return record.id }
        var commits: [ObjectID] = []
        switch try? repository.head() {
        case .branch(_, let commit), .detached(let commit): commits.append(commit)
        default: break
        }
        if let removed = report?.history.removed {
            commits += (try? repository.withObject(removed.id) { _, bytes in RawCommit(bytes)?.parents }) ?? []
        }
        if let introduced = report?.history.introduced { commits.append(introduced.id) }
        for commit in commits {
            if let id = (try? repository.blob(at: path, in: commit)) ?? nil { return id }
        }
        return nil
    }
}
