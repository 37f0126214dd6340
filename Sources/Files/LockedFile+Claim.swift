// How a lock file is taken, and how one is recognised whose maker was killed.

import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension LockedFile {
    /// A lock that was taken: the lock file, open for writing.
    struct Claim {
        let descriptor: FileDescriptor
        /// A second name of the lock file, by which others know whose it is; nil where the file system has no hard links.
        let twin: String?
    }

    /// What stands between the file's name and the rest, in names of files that belong to an update.
    package static let mark = ".migrate-"

    /// Takes the lock.
    ///
    /// The lock file also has a name that only this tool gives, and its maker holds a lock of the system on it, which ends
    /// with the process, however that ends. So the lock of a run that was killed is told from the lock of another
    /// program, and only the former is cleared away.
    /// - Throws: `Held`, `FileError`.
    static func claim(_ path: String) throws -> Claim {
        let lock = path + ".lock"
        let permissions: FilePermissions = [.ownerReadWrite, .groupReadWrite, .otherReadWrite]
        for attempt in 1...3 {
            let twin = "\(path)\(mark)\(getpid())-\(UInt32.random(in: 0...UInt32.max)).lock"
            // Git asks for the same bits, and the umask takes its part.
            let descriptor = try open(twin, permissions)
            guard flock(descriptor.rawValue, LOCK_EX | LOCK_NB) == 0 else {
                // Somebody took it for a dead run's in this instant, or the file system has no such locks.
                unlink(twin)
                try? descriptor.close()
                continue
            }
            if link(twin, lock) == 0 {
                removeLeftovers(of: path, except: twin)
                return Claim(descriptor: descriptor, twin: twin)
            }
            let cause = Errno(rawValue: errno)
            unlink(twin)
            try? descriptor.close()
            switch cause {
            case .fileExists:
                guard attempt < 3, removeDead(lock, of: path) else { throw Held(lock: lock) }
            // Somebody cleared it away in the instant before it was locked.
            case .noSuchFileOrDirectory where attempt < 3: continue
            default: return try plainClaim(lock, permissions)
            }
        }
        return try plainClaim(lock, permissions)
    }

    /// As git takes it.
    private static func plainClaim(_ lock: String, _ permissions: FilePermissions) throws -> Claim {
        do { return Claim(descriptor: try open(lock, permissions), twin: nil) } catch let error as FileError {
            throw error.cause == .fileExists ? Held(lock: lock) : error
        }
    }

    private static func open(_ path: String, _ permissions: FilePermissions) throws -> FileDescriptor {
        do {
            return try FileDescriptor.open(
                path, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec], permissions: permissions)
        } catch let error as Errno {
            throw FileError(operation: .open, path: path, cause: error)
        }
    }

    /// Removes the lock when a run of this tool has made it that is no more.
    /// - Returns: whether it did.
    private static func removeDead(_ lock: String, of path: String) -> Bool {
        for twin in twins(of: path) {
            let isRemoved = whenDead(twin) { status in
                var held = stat()
                guard lstat(lock, &held) == 0, held.st_ino == status.st_ino, held.st_dev == status.st_dev else {
                    return false
                }
                return unlink(lock) == 0
            }
            if isRemoved == true { return true }
        }
        return false
    }

    /// Under the lock: what runs that were killed have left. Only who holds the lock makes copies.
    private static func removeLeftovers(of path: String, except own: String) {
        let (folder, name) = AtomicFile.parts(of: path)
        for entry in (try? Folder.entries(at: folder)) ?? []
        where entry.kind == .file && entry.name.hasPrefix(name + mark) && !entry.name.hasSuffix(".lock") {
            unlink("\(folder)/\(entry.name)")
        }
        for twin in twins(of: path) where twin != own { _ = whenDead(twin) { _ in true } }
    }

    /// Removes what runs of this tool have left that were killed at this file: their marks, and the lock if it is theirs.
    ///
    /// What belongs to a run that goes on stays, and so does what cannot be removed.
    package static func removeLeftovers(of path: String) {
        let lock = path + ".lock"
        while removeDead(lock, of: path) {}
    }

    private static func twins(of path: String) -> [String] {
        let (folder, name) = AtomicFile.parts(of: path)
        return ((try? Folder.entries(at: folder)) ?? [])
            .filter { $0.kind == .file && $0.name.hasPrefix(name + mark) && $0.name.hasSuffix(".lock") }
            .map { "\(folder)/\($0.name)" }
    }

    /// Calls `action` if nobody is at work under this name any more, and removes the name.
    private static func whenDead(_ twin: String, _ action: (stat) -> Bool) -> Bool? {
        guard let descriptor = try? FileDescriptor.open(twin, .readOnly, options: [.closeOnExec, .noFollow]) else {
            return nil
        }
        defer { try? descriptor.close() }
        var status = stat()
        guard flock(descriptor.rawValue, LOCK_EX | LOCK_NB) == 0, fstat(descriptor.rawValue, &status) == 0 else {
            return nil
        }
        let result = action(status)
        unlink(twin)
        return result
    }
}
