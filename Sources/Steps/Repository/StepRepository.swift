// The repository as the steps that change it need it: with a worktree, and nothing half done.

package import Checklist
import Dotenv
import Files
package import Git
import Settings

/// Opens a step's repository, and refuses what it must not touch.
enum StepRepository {
    /// - Throws: `StepFailure`: no repository, a bare one, another user's.
    static func open(_ workbench: Workbench) throws -> Repository {
        let repository: Repository
        do throws(GitError) { repository = try Repository(discovering: workbench.root) } catch {
            let place = PlainText.line(workbench.root)
            switch error.code {
            case .notFound:
                throw StepFailure("\(place) is in no git repository", remedy: "run migrate in a clone", kind: .refused)
            case .notOwner:
                throw StepFailure(
                    "the repository at \(place) belongs to another user",
                    remedy: "git config --global --add safe.directory \(place)", kind: .refused)
            case .unbornBranch, .other: throw failure(error)
            }
        }
        guard !repository.isBare, repository.worktree != nil else {
            throw StepFailure(
                "this is a bare repository: it has no index and no files", remedy: "run migrate in a clone of it",
                kind: .refused)
        }
        return repository
    }

    /// Throws while something is half done: what a step changes would get mixed up with it.
    ///
    /// - Parameter paths: that the step would change.
    static func refuseHalfDone(_ repository: borrowing Repository, changing isAffected: (String) -> Bool) throws {
        if let operation = repository.operationInProgress() {
            throw StepFailure(
                "a \(operation) is in progress", remedy: "finish it, or `git \(operation) \(ending(of: operation))`",
                kind: .refused)
        }
        let entries: [IndexEntry]
        do throws(GitError) { entries = try repository.indexEntries() } catch { throw failure(error) }
        if let entry = entries.first(where: { $0.stage > 0 && isAffected($0.path) }) {
            throw StepFailure(
                "\(PlainText.line(entry.path)) has a conflict that is not resolved",
                remedy: "resolve it, and `git add` or `git rm` the file", kind: .refused)
        }
    }

    private static func ending(of operation: String) -> String { operation == "bisect" ? "reset" : "--abort" }

    static func failure(_ error: GitError) -> StepFailure {
        StepFailure(
            "cannot \(PlainText.line(error.operation)): \(PlainText.line(error.message))",
            remedy: "look with `git status` and `git fsck`", kind: .unknown)
    }

    /// The same for the index.
    static func failure(_ error: IndexError) -> any Error {
        switch error {
        case .locked(let lock):
            StepFailure(
                "another git is at work here: \(PlainText.line(lock)) exists",
                remedy: "wait until it is done; if none is running, remove that file")
        case .notWritable(let path, let reason):
            StepFailure(
                "\(PlainText.line(path)) cannot be written: \(reason)", remedy: "nothing was changed; make it writable")
        case .unsupported(let message):
            StepFailure(
                "the index has a form that cannot be edited here: \(PlainText.line(message))",
                remedy: "`git update-index --no-split-index`, or `git sparse-checkout disable`", kind: .refused)
        case .conflict(let path):
            StepFailure(
                "\(PlainText.line(path)) has a conflict that is not resolved", remedy: "resolve it first",
                kind: .refused)
        case .occupied(let path):
            StepFailure(
                "something else has been staged as \(PlainText.line(path)) since",
                remedy: "`git rm --cached` it first, or leave it", kind: .refused)
        case .contentMissing(let path):
            StepFailure(
                "the content that was staged as \(PlainText.line(path)) is no longer in this repository",
                remedy: "`git add --force` the file, if it is to be tracked again", kind: .refused)
        case .changed: StepChanged("the index")
        case .bare:
            StepFailure("this is a bare repository: it has no index", remedy: "run migrate in a clone of it")
        }
    }

    /// Whether HEAD has the file as it is; true where that cannot be told.
    static func isCommitted(_ path: String, _ repository: borrowing Repository, in workbench: Workbench) -> Bool {
        guard let place = try? WorktreePlace(path, in: workbench.root),
            let bytes = (try? FileChange.content(of: place)) ?? nil
        else { return true }
        // Filters may change the bytes on the way into git.
        if let setting = repository.configuration("core.autocrlf"), setting != "false" { return true }
        switch try? repository.head() {
        case .branch(_, let commit), .detached(let commit):
            guard let committed = try? repository.blob(at: path, in: commit) else { return false }
            return committed == Repository.blobID(of: bytes)
        case .unborn: return false
        case nil: return true
        }
    }

    /// A warning for files that others do not have yet; none when all are committed.
    static func uncommitted(
        _ paths: [String], _ repository: borrowing Repository, in workbench: Workbench
    ) -> [String] {
        var open: [String] = []
        for path in paths where !isCommitted(path, repository, in: workbench) { open.append(PlainText.line(path)) }
        return open.isEmpty ? [] : ["not committed yet: \(PlainText.few(open, most: 5))"]
    }
}

extension Workbench {
    /// Whether the settings leave a path out.
    func excludes(_ path: String) -> Bool {
        settings.excludedPaths.contains { path == $0 || path.hasPrefix($0.hasSuffix("/") ? $0 : $0 + "/") }
    }
}
