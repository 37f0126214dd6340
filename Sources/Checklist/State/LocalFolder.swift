// `.migrate/local/`: lock, backups, caches of one worktree.

import Files

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The folder that git ignores, and that nobody else may look into.
package enum LocalFolder {
    /// In the worktree.
    package static let path = ".migrate/local"

    /// Makes the folder where it is missing, private and ignoring itself.
    ///
    /// - Returns: its absolute path.
    /// - Throws: `FileError`; ENOTDIR when something else, a link included, stands in its place.
    @discardableResult
    package static func prepare(root: String) throws -> String {
        let folder = "\(root)/\(path)"
        try make("\(root)/.migrate", mode: 0o755)
        try make(folder, mode: 0o700)
        // An earlier version, or a person, may have made it.
        chmod(folder, 0o700)
        let ignore = "\(folder)/.gitignore"
        if try FileStatus.lookUp(Array(ignore.utf8)) == nil { try AtomicFile.write("*\n".utf8, to: ignore) }
        return folder
    }

    private static func make(_ path: String, mode: mode_t) throws {
        // Where a link stands, somebody else says where backups go.
        if mkdir(path, mode) == 0 { return }
        let code = errno
        guard code == EEXIST else { throw FileError(writingTo: path, errorNumber: code) }
        guard FileStatus(at: path)?.kind == .folder else { throw FileError(writingTo: path, errorNumber: ENOTDIR) }
    }
}
