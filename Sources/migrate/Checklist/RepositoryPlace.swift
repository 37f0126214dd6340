// The repository that a checklist is about.

import Files
import Git
import Scanning
import Settings

/// A worktree, and the settings at its root.
struct RepositoryPlace {
    /// Absolute and without links, no `/` at the end.
    let root: String
    let settings: LocalSettings

    /// The worktree around the working folder.
    /// - Throws: `NotAWorktree`, `SettingsElsewhere`, `ConfigurationError`, `ScanError` for a repository of others.
    static func find() throws -> RepositoryPlace {
        let folder = WorkingFolder.path
        let repository = try open(folder)
        guard let worktree = repository.worktree, let root = FilePaths.resolved(worktree) else {
            throw NotAWorktree.bare(folder)
        }
        let settingsRoot = ConfigurationRoot.containing(folder)
        guard settingsRoot == root || !settingsRoot.hasPrefix(root + "/") else {
            throw SettingsElsewhere(found: settingsRoot, root: root)
        }
        let settings = LocalSettings(root: root, configuration: try Configuration.load(root: root))
        return RepositoryPlace(root: root, settings: settings)
    }

    private static func open(_ folder: String) throws -> Repository {
        do { return try Repository(discovering: folder) } catch {
            switch error.code {
            case .notFound: throw NotAWorktree.none(folder)
            case .notOwner: throw ScanError.notOwner(path: folder)
            case .unbornBranch, .other:
                if error.message.contains("objectformat") { throw ScanError.sha256Repository(path: folder) }
                throw ScanError.unsupportedRepository(path: folder, reason: error.message)
            }
        }
    }
}

/// There is no worktree around the working folder.
enum NotAWorktree: Error {
    case none(String)
    case bare(String)
}

/// `.migrate/config.yml` is in a folder of the repository, and not at its root.
struct SettingsElsewhere: Error {
    let found: String
    let root: String
}
