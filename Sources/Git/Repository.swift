// An open repository: one owner, one thread.

import CLibgit2
import Synchronization

/// An open git repository.
///
/// Libgit2's handles may not be used by two threads at once, so each worker opens its own.
package struct Repository: ~Copyable {
    let handle: OpaquePointer
    private let database: OpaquePointer
    let looseObjects: LooseObjects

    /// Opens the repository that holds `path`: a worktree, a folder in it, a bare repository.
    ///
    /// - Throws: `GitError`; `.notFound` when there is none up to the root of the file system.
    package init(discovering path: String) throws(GitError) {
        _ = Library.ready
        var repository: OpaquePointer?
        do {
            try git("open the repository") {
                Library.searchPaths.withLock { _ in
                    git_repository_open_ext(&repository, path, GIT_REPOSITORY_OPEN_CROSS_FS.rawValue, nil)
                }
            }
        } catch {
            // For another user's repository libgit2 1.5 says "not found" when no `safe.directory` is set at all.
            guard error.code == .notFound, Self.isThere(path) else { throw error }
            throw GitError(operation: error.operation, code: .notOwner, message: error.message)
        }
        guard let repository else {
            throw GitError(operation: "open the repository", code: .notFound, message: "no repository")
        }
        try self.init(owning: repository)
    }

    /// Whether there is a repository, whoever owns it.
    private static func isThere(_ path: String) -> Bool {
        var found = git_buf()
        defer { git_buf_dispose(&found) }
        return git_repository_discover(&found, path, 1, nil) == 0
    }

    /// Opens exactly the repository whose git folder is `gitFolder`, as `Repository.gitFolder` named it.
    package init(gitFolder: String) throws(GitError) {
        _ = Library.ready
        var repository: OpaquePointer?
        try git("open the repository") {
            Library.searchPaths.withLock { _ in git_repository_open(&repository, gitFolder) }
        }
        guard let repository else {
            throw GitError(operation: "open the repository", code: .notFound, message: "no repository")
        }
        try self.init(owning: repository)
    }

    private init(owning repository: OpaquePointer) throws(GitError) {
        let storage = ObjectStorage(commonFolder: String(cString: git_repository_commondir(repository)))
        // Libgit2 opens whatever bears the name of a pack's index, and would wait for a pipe for ever.
        if let path = storage.specialFiles.first {
            git_repository_free(repository)
            throw GitError(
                operation: "open the object database", code: .other(-1), message: "\(path) is no regular file")
        }
        var database: OpaquePointer?
        let status = git_repository_odb(&database, repository)
        guard status == 0, let database else {
            let failure = lastError(status, "open the object database")
            git_repository_free(repository)
            throw failure
        }
        handle = repository
        self.database = database
        // Libgit2 takes a path in quotes for a path with quotes in it.
        for folder in storage.quotedFolders { git_odb_add_disk_alternate(database, folder) }
        looseObjects = LooseObjects(storage)
    }

    deinit {
        git_odb_free(database)
        git_repository_free(handle)
    }

    /// The `.git` folder of this worktree, with a final `/`.
    package var gitFolder: String { String(cString: git_repository_path(handle)) }

    /// The folder that all worktrees share, with a final `/`.
    package var commonFolder: String { String(cString: git_repository_commondir(handle)) }

    /// The root of the worktree, with a final `/`; nil for a bare repository.
    package var worktree: String? { git_repository_workdir(handle).map { String(cString: $0) } }

    package var isBare: Bool { git_repository_is_bare(handle) == 1 }

    package var isLinkedWorktree: Bool { git_repository_is_worktree(handle) == 1 }

    /// Whether history ends early.
    package var isShallow: Bool { git_repository_is_shallow(handle) == 1 }

    /// Whether objects may be missing by agreement with a remote.
    package var isPartial: Bool {
        configuration("extensions.partialclone") != nil || configuration("core.partialclonefilter") != nil
    }

    /// The value of a configuration key; nil when unset.
    package func configuration(_ key: String) -> String? {
        var snapshot: OpaquePointer?
        guard git_repository_config_snapshot(&snapshot, handle) == 0 else { return nil }
        defer { git_config_free(snapshot) }
        var value: UnsafePointer<CChar>?
        guard git_config_get_string(&value, snapshot, key) == 0, let value else { return nil }
        return String(cString: value)
    }

    /// Lends an object's bytes for the length of `body`.
    ///
    /// - Throws: `GitError` when the object is missing or damaged, and what `body` throws.
    package borrowing func withObject<Result>(
        _ id: ObjectID, _ body: (ObjectKind, UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
        guard !looseObjects.isCutShort(id) else {
            throw GitError(
                operation: "read object \(id)", code: .other(-1),
                message: "the loose object ends early, or is no regular file")
        }
        var object: OpaquePointer?
        var name = id.raw
        try git("read object \(id)") { git_odb_read(&object, database, &name) }
        defer { git_odb_object_free(object) }
        let bytes = UnsafeRawBufferPointer(start: git_odb_object_data(object), count: git_odb_object_size(object))
        return try body(ObjectKind(git_odb_object_type(object)), bytes)
    }

    /// An object's kind and expanded size in bytes.
    package borrowing func header(of id: ObjectID) throws(GitError) -> (kind: ObjectKind, size: Int) {
        var size = 0
        var type = GIT_OBJECT_INVALID
        var name = id.raw
        try git("read object \(id)") { git_odb_read_header(&size, &type, database, &name) }
        return (ObjectKind(type), size)
    }

    /// Whether the bytes are those that the id names.
    package static func isIntact(_ id: ObjectID, _ kind: ObjectKind, _ bytes: UnsafeRawBufferPointer) -> Bool {
        Self.id(of: bytes, kind) == id
    }

    /// The name of an object with these bytes; nil when libgit2 cannot tell.
    static func id(of bytes: UnsafeRawBufferPointer, _ kind: ObjectKind) -> ObjectID? {
        var name = git_oid()
        guard git_odb_hash(&name, bytes.baseAddress, bytes.count, kind.type) == 0 else { return nil }
        return ObjectID(name)
    }
}

package enum ObjectKind: UInt8, Sendable {
    case commit, tree, blob, tag
    /// Nothing that git knows.
    case unknown

    init(_ type: git_object_t) {
        self =
            switch type {
            case GIT_OBJECT_COMMIT: .commit
            case GIT_OBJECT_TREE: .tree
            case GIT_OBJECT_BLOB: .blob
            case GIT_OBJECT_TAG: .tag
            default: .unknown
            }
    }

    var type: git_object_t {
        switch self {
        case .commit: GIT_OBJECT_COMMIT
        case .tree: GIT_OBJECT_TREE
        case .blob: GIT_OBJECT_BLOB
        case .tag: GIT_OBJECT_TAG
        case .unknown: GIT_OBJECT_INVALID
        }
    }
}

extension ObjectID {
    var raw: git_oid {
        var name = git_oid()
        withUnsafeMutableBytes(of: &name) { buffer in
            buffer.storeBytes(of: first.bigEndian, as: UInt64.self)
            buffer.storeBytes(of: second.bigEndian, toByteOffset: 8, as: UInt64.self)
            buffer.storeBytes(of: third.bigEndian, toByteOffset: 16, as: UInt32.self)
        }
        return name
    }

    init(_ raw: git_oid) {
        self = withUnsafeBytes(of: raw) { buffer in
            // A `git_oid` has twenty bytes.
            ObjectID(reading: buffer.baseAddress.unsafelyUnwrapped)
        }
    }
}
