// The index: what the next commit will hold.

import CLibgit2

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// One entry of the index.
package struct IndexEntry: Sendable {
    package enum Kind: Sendable { case file, symbolicLink, submodule }

    /// As git stores it; bytes that are not UTF-8 are replaced for showing.
    package let path: String
    /// The exact bytes of the path.
    package let pathBytes: [UInt8]
    package let id: ObjectID
    package let kind: Kind
    /// What the file's status was when git last compared it; seconds and nanoseconds since 1970.
    package let modified: (seconds: Int64, nanoseconds: UInt32)
    /// The same for the status itself; zero when whoever wrote the index did not ask.
    package let changed: (seconds: Int64, nanoseconds: UInt32)
    /// The lower half of the file's number, as git keeps it; zero when whoever wrote the index did not ask.
    package let inode: UInt32
    /// In bytes, modulo 2^32, as git keeps it.
    package let size: UInt32
    /// 0, or 1 to 3 in a conflict.
    package let stage: Int
}

extension Repository {
    /// The entries of this worktree's index, by path.
    ///
    /// - Throws: `GitError` when the index is damaged or from a newer git.
    package borrowing func indexEntries() throws(GitError) -> [IndexEntry] {
        var index: OpaquePointer?
        try git("read the index") { git_repository_index(&index, handle) }
        defer { git_index_free(index) }
        let count = git_index_entrycount(index)
        var entries: [IndexEntry] = []
        entries.reserveCapacity(count)
        for place in 0..<count {
            guard let entry = git_index_get_byindex(index, place), let path = entry.pointee.path else { continue }
            let kind: IndexEntry.Kind? =
                switch entry.pointee.mode & 0o170000 {
                case 0o100000: .file
                case 0o120000: .symbolicLink
                case 0o160000: .submodule
                default: nil
                }
            guard let kind else { continue }
            let bytes = Array(UnsafeRawBufferPointer(start: path, count: strlen(path)))
            entries.append(
                IndexEntry(
                    path: String(decoding: bytes, as: UTF8.self), pathBytes: bytes, id: ObjectID(entry.pointee.id),
                    kind: kind,
                    modified: (Int64(entry.pointee.mtime.seconds), entry.pointee.mtime.nanoseconds),
                    changed: (Int64(entry.pointee.ctime.seconds), entry.pointee.ctime.nanoseconds),
                    inode: entry.pointee.ino,
                    size: entry.pointee.file_size, stage: Int(git_index_entry_stage(entry))))
        }
        return entries
    }
}
