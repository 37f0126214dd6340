// Files that several programs replace in turn, each under a lock file beside them, as git does with its index.

import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file that is replaced as a whole through `<path>.lock`: whoever makes the lock first goes first.
package enum LockedFile {
    /// Somebody else holds the lock, or another program died holding it.
    package struct Held: Error, Sendable {
        /// The lock's own path.
        package let lock: String
    }

    /// Replaces the file at `path` by what `change` makes of it, all of it under the lock: fsynced, then renamed.
    ///
    /// After a failure what stood at `path` still stands, and the lock is gone; the lock of a run of this tool that was
    /// killed is cleared away. A link is followed.
    /// - Parameters:
    ///   - limit: of what is read, in bytes.
    ///   - keepsTime: whether the new file gets the modification time of the old one.
    ///   - change: gets the bytes, nil when there is no file; nil from it leaves all as it is.
    /// - Returns: whether the file was replaced.
    /// - Throws: `Held`, `FileError`, and what `change` throws.
    @discardableResult
    package static func update(
        _ path: String, limit: Int, keepsTime: Bool = false, _ change: ([UInt8]?) throws -> [UInt8]?
    ) throws -> Bool {
        let path = FilePaths.resolved(path) ?? path
        let lock = path + ".lock"
        let claim = try Self.claim(path)
        let descriptor = claim.descriptor
        defer { if let twin = claim.twin { unlink(twin) } }
        let pending = PendingFile.remember(lock)
        defer { PendingFile.forget(pending) }
        do {
            let isReplaced = try descriptor.closeAfter {
                guard let bytes = try change(try FileContent.read(path, limit: limit)) else { return false }
                do { _ = try descriptor.writeAll(bytes) } catch let error as Errno {
                    throw FileError(operation: .write, path: lock, cause: error)
                }
                takeOver(from: path, descriptor, keepsTime: keepsTime)
                guard fsync(descriptor.rawValue) == 0 else {
                    throw FileError(operation: .sync, path: lock, cause: Errno(rawValue: errno))
                }
                return true
            }
            guard isReplaced else {
                unlink(lock)
                return false
            }
            guard rename(lock, path) == 0 else {
                throw FileError(operation: .rename, path: path, cause: Errno(rawValue: errno))
            }
        } catch {
            unlink(lock)
            throw error
        }
        AtomicFile.syncFolder(of: path)
        return true
    }

    /// Gives the new file the permissions of the old one, and its time if that is wanted.
    private static func takeOver(from path: String, _ descriptor: FileDescriptor, keepsTime: Bool) {
        var status = stat()
        guard stat(path, &status) == 0 else { return }
        _ = fchmod(descriptor.rawValue, status.st_mode & 0o7777)
        guard keepsTime else { return }
        #if canImport(Darwin)
            let times = [status.st_atimespec, status.st_mtimespec]
        #else
            let times = [status.st_atim, status.st_mtim]
        #endif
        _ = futimens(descriptor.rawValue, times)
    }
}
