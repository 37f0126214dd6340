// Files written whole or not at all.

import Synchronization
package import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What went wrong with a file: facts, for whoever words the message.
package struct FileError: Error, Sendable {
    package enum Operation: String, Sendable {
        case open, read, write, sync, rename
        case createFolder = "create the folder of"
    }

    package let operation: Operation
    package let path: String
    package let cause: Errno

    /// The system's words for it.
    package var reason: String {
        // What the system says of a pipe or a device that is read as a file helps nobody.
        operation == .read && cause == .invalidArgument ? "it is not a regular file" : "\(cause)"
    }
    package var isMissing: Bool { cause == .noSuchFileOrDirectory || cause == .notDirectory }
    /// For writers that are no file of this module's: a stream, say.
    package init(writingTo name: String, errorNumber: Int32) {
        self.init(operation: .write, path: name, cause: Errno(rawValue: errorNumber))
    }

    package init(readingFrom name: String, errorNumber: Int32) {
        self.init(operation: .read, path: name, cause: Errno(rawValue: errorNumber))
    }

    init(operation: Operation, path: String, cause: Errno) {
        self.operation = operation
        self.path = path
        self.cause = cause
    }

    /// Longer than whoever reads it allows.
    package var isTooLarge: Bool { cause == .fileTooLarge }
}

/// A file that appears under its name only when it is complete and on disk.
package enum AtomicFile {
    /// Writes `bytes` to `path`: into a temporary file beside it, fsynced, then renamed over it.
    ///
    /// After a failure neither a new nor a partial file is left, and what stood at `path` still stands.
    /// A link is followed. What is no regular file (a terminal, a pipe, `/dev/null`) has no name to take
    /// over, and is written into.
    /// - Parameters:
    ///   - permissions: of the new file; an existing file's are not kept.
    ///   - isExact: whether the permissions count as they are, whatever the umask says.
    ///   - beforeRename: called when all is on disk but under its name: what it throws, nothing has changed.
    /// - Throws: `FileError`, and what `beforeRename` throws.
    package static func write(
        _ bytes: some Sequence<UInt8>, to path: String,
        permissions: FilePermissions = [.ownerReadWrite, .groupRead, .otherRead], isExact: Bool = false,
        beforeRename: () throws -> Void = {}
    ) throws {
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
            return try writeThrough(bytes, to: path)
        }
        // Without this, the rename would put a file in the place of a link to one.
        let path =
            lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK ? FilePaths.resolved(path) ?? path : path
        let temporary = "\(path).\(getpid()).\(UInt32.random(in: 0...UInt32.max)).tmp"
        let descriptor: FileDescriptor
        do {
            descriptor = try FileDescriptor.open(
                temporary, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec], permissions: permissions)
        } catch let error as Errno {
            throw FileError(operation: .open, path: path, cause: error)
        }
        let pending = PendingFile.remember(temporary)
        defer { PendingFile.forget(pending) }
        do {
            try descriptor.closeAfter {
                do { _ = try descriptor.writeAll(bytes) } catch let error as Errno {
                    throw FileError(operation: .write, path: path, cause: error)
                }
                if isExact, fchmod(descriptor.rawValue, permissions.rawValue) != 0 {
                    throw FileError(operation: .write, path: path, cause: Errno(rawValue: errno))
                }
                guard fsync(descriptor.rawValue) == 0 else {
                    throw FileError(operation: .sync, path: path, cause: Errno(rawValue: errno))
                }
            }
            try beforeRename()
            guard rename(temporary, path) == 0 else {
                throw FileError(operation: .rename, path: path, cause: Errno(rawValue: errno))
            }
        } catch {
            unlink(temporary)
            throw error
        }
        syncFolder(of: path)
    }

    private static func writeThrough(_ bytes: some Sequence<UInt8>, to path: String) throws {
        do {
            let descriptor = try FileDescriptor.open(path, .writeOnly, options: .closeOnExec)
            _ = try descriptor.closeAfter { try descriptor.writeAll(bytes) }
        } catch let error as Errno {
            throw FileError(operation: .write, path: path, cause: error)
        }
    }

    /// The same, readable by everybody as the umask allows, or by the owner alone.
    package static func write(_ bytes: some Sequence<UInt8>, to path: String, isPrivate: Bool) throws {
        try write(
            bytes, to: path, permissions: isPrivate ? .ownerReadWrite : [.ownerReadWrite, .groupRead, .otherRead])
    }

    /// Makes the rename itself durable. A file system that cannot (some network mounts) is no failure.
    static func syncFolder(of path: String) {
        let folder = FilePath(path).removingLastComponent()
        let name = folder.isEmpty ? "." : folder.string
        if let descriptor = try? FileDescriptor.open(name, .readOnly, options: [.directory, .closeOnExec]) {
            _ = fsync(descriptor.rawValue)
            try? descriptor.close()
        }
    }
}

/// The temporary file that is being written, for a signal handler to remove.
package enum PendingFile {
    // The address of a C string, since a signal handler may touch neither Swift's heap nor a lock; 0 for none. Of several
    // files that are written at once, the last one counts: programs write their report alone.
    private static let address = Atomic<UInt>(0)

    static func remember(_ name: String) -> UInt {
        let copy = UInt(bitPattern: strdup(name))
        address.store(copy, ordering: .sequentiallyConsistent)
        return copy
    }

    /// The copy is not freed, as a handler may be reading it on another thread; there are few, and they are short.
    static func forget(_ name: UInt) {
        _ = address.compareExchange(expected: name, desired: 0, ordering: .sequentiallyConsistent)
    }

    /// Removes the file, if there is one. Async-signal-safe.
    package static func removeFromSignalHandler() {
        if let name = UnsafePointer<CChar>(bitPattern: address.load(ordering: .sequentiallyConsistent)) { unlink(name) }
    }
}
