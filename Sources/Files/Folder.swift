// What a folder holds.

import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

package enum Folder {
    /// One name in a folder.
    package struct Entry: Sendable {
        package enum Kind: Sendable { case file, folder, symbolicLink, other }

        /// The exact bytes: a name need not be UTF-8.
        package let bytes: [UInt8]
        package let kind: Kind

        /// For showing; bytes that are not UTF-8 are replaced.
        package var name: String { String(decoding: bytes, as: UTF8.self) }
    }

    /// The names in the folder at `path`, without `.` and `..`, sorted by their bytes.
    ///
    /// - Parameter path: its bytes, without a final NUL.
    /// - Throws: `FileError`.
    package static func entries(at path: [UInt8]) throws(FileError) -> [Entry] {
        let stream = withTerminator(path) { opendir($0) }
        guard let stream else {
            throw FileError(
                operation: .read, path: String(decoding: path, as: UTF8.self), cause: Errno(rawValue: errno))
        }
        defer { closedir(stream) }
        var entries: [Entry] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                let code = errno
                guard code == 0 else {
                    throw FileError(
                        operation: .read, path: String(decoding: path, as: UTF8.self), cause: Errno(rawValue: code))
                }
                break
            }
            let bytes = withUnsafePointer(to: &entry.pointee.d_name) { field in
                field.withMemoryRebound(to: UInt8.self, capacity: 1) { start in
                    Array(
                        UnsafeBufferPointer(
                            start: start, count: strlen(UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self))))
                }
            }
            if bytes == [UInt8(ascii: ".")] || bytes == Array("..".utf8) { continue }
            entries.append(Entry(bytes: bytes, kind: kind(of: entry, in: path, bytes)))
        }
        return entries.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
    }

    /// The same by a path in text; an absent folder has no entries.
    package static func entries(at path: String) throws(FileError) -> [Entry] {
        do { return try entries(at: Array(path.utf8)) } catch {
            if error.cause == .noSuchFileOrDirectory || error.cause == .notDirectory { return [] }
            throw error
        }
    }

    /// Makes one folder, for everybody as the umask allows; one that is there is no error.
    package static func make(at path: String) throws(FileError) {
        guard mkdir(path, 0o777) != 0, errno != EEXIST else { return }
        throw FileError(operation: .createFolder, path: path, cause: Errno(rawValue: errno))
    }

    private static func kind(of entry: UnsafeMutablePointer<dirent>, in folder: [UInt8], _ name: [UInt8]) -> Entry.Kind
    {
        switch Int32(entry.pointee.d_type) {
        case Int32(DT_REG): return .file
        case Int32(DT_DIR): return .folder
        case Int32(DT_LNK): return .symbolicLink
        case Int32(DT_UNKNOWN):
            // Some file systems do not say.
            do { return try FileStatus.lookUp(folder + [UInt8(ascii: "/")] + name)?.kind ?? .other } catch {
                // Reading it will tell why it cannot be read.
                return .file
            }
        default: return .other
        }
    }
}

/// What the file system knows of a path; a symbolic link is not followed.
package struct FileStatus: Sendable {
    package let kind: Folder.Entry.Kind
    /// In bytes.
    package let size: Int
    /// Seconds and nanoseconds since 1970.
    package let modified: (seconds: Int64, nanoseconds: UInt32)
    /// When the content, the name or the mode last changed: unlike `modified`, nobody can set it.
    package let changed: (seconds: Int64, nanoseconds: UInt32)
    /// The file's number in its file system.
    package let inode: UInt64
    /// The twelve bits of the mode below the kind: nine of permissions and three special ones.
    package let mode: UInt32

    /// What is known of `path`; nil when there is nothing.
    ///
    /// - Parameter path: its bytes, without a final NUL.
    /// - Throws: `FileError` when it cannot be known: a folder on the way may not be entered, say.
    package static func lookUp(_ path: [UInt8]) throws(FileError) -> FileStatus? {
        var status = stat()
        if withTerminator(path, { lstat($0, &status) }) == 0 { return FileStatus(status) }
        let cause = Errno(rawValue: errno)
        if cause == .noSuchFileOrDirectory || cause == .notDirectory { return nil }
        throw FileError(operation: .read, path: String(decoding: path, as: UTF8.self), cause: cause)
    }

    /// Nil when there is nothing, or it cannot be known.
    package init?(at path: [UInt8]) {
        guard let status = (try? Self.lookUp(path)) ?? nil else { return nil }
        self = status
    }

    private init(_ status: stat) {
        kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .folder
            case S_IFLNK: .symbolicLink
            default: .other
            }
        size = Int(status.st_size)
        #if canImport(Darwin)
            modified = (Int64(status.st_mtimespec.tv_sec), UInt32(status.st_mtimespec.tv_nsec))
            changed = (Int64(status.st_ctimespec.tv_sec), UInt32(status.st_ctimespec.tv_nsec))
        #else
            modified = (Int64(status.st_mtim.tv_sec), UInt32(status.st_mtim.tv_nsec))
            changed = (Int64(status.st_ctim.tv_sec), UInt32(status.st_ctim.tv_nsec))
        #endif
        inode = UInt64(status.st_ino)
        mode = UInt32(status.st_mode) & 0o7777
    }

    package init?(at path: String) { self.init(at: Array(path.utf8)) }
}

/// Lends `bytes` as a C string.
func withTerminator<Result>(_ bytes: [UInt8], _ body: (UnsafePointer<CChar>) -> Result) -> Result {
    (bytes + [0]).withUnsafeBytes { buffer in
        // The array holds at least the NUL.
        body(buffer.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: CChar.self))
    }
}
