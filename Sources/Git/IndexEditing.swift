// Taking entries out of the index and putting them back; no file of the worktree is touched.

import CLibgit2
import Files

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Why the index was left as it is.
package enum IndexError: Error, Sendable, Equatable {
    /// Another program is at it, or has died there: the path of its lock.
    case locked(String)
    /// It cannot be written: the path, and the system's reason.
    case notWritable(path: String, reason: String)
    /// A form of index that libgit2 does not know (split, sparse), in its own words.
    case unsupported(String)
    /// A path that is in the middle of a merge.
    case conflict(path: String)
    /// Something else stands where an entry would be put back.
    case occupied(path: String)
    /// The content that an entry named is in this repository no more.
    case contentMissing(path: String)
    /// The entries are not those that were expected.
    case changed
    case bare
}

extension Repository {
    /// What would have to be put back if these paths were taken out: one record for each that is in the index and in
    /// no conflict, in the order of the index.
    ///
    /// - Throws: `GitError`
    package borrowing func indexRecords(where isWanted: (_ path: [UInt8]) -> Bool) throws(GitError) -> [IndexRecord] {
        var index: OpaquePointer?
        try git("read the index") { git_repository_index(&index, handle) }
        defer { git_index_free(index) }
        // What another program has written since the last look.
        try git("read the index") { git_index_read(index, 0) }
        return (0..<git_index_entrycount(index)).compactMap { place in
            guard let entry = git_index_get_byindex(index, place), git_index_entry_stage(entry) == 0,
                let path = entry.pointee.path
            else { return nil }
            let bytes = Array(UnsafeRawBufferPointer(start: path, count: strlen(path)))
            return isWanted(bytes) ? IndexRecord(entry.pointee, path: bytes) : nil
        }
    }

    /// Takes `paths` out of the index, under its lock; what is not in there is no error.
    ///
    /// - Parameter expected: what the index must hold under them, or nothing is taken out; nil for whatever it is.
    /// - Returns: what `restoreToIndex` needs to put them back.
    /// - Throws: `IndexError`, `GitError`.
    @discardableResult
    package borrowing func removeFromIndex(
        _ paths: [[UInt8]], expecting expected: [IndexRecord]? = nil
    ) throws -> [IndexRecord] {
        try editIndex { index in
            var removed: [IndexRecord] = []
            for path in paths {
                let name = path.map { CChar(bitPattern: $0) } + [0]
                guard let entry = git_index_get_bypath(index, name, 0) else {
                    for stage in Int32(1)...3 where git_index_get_bypath(index, name, stage) != nil {
                        throw IndexError.conflict(path: String(decoding: path, as: UTF8.self))
                    }
                    continue
                }
                removed.append(IndexRecord(entry.pointee, path: path))
                try git("take \(String(decoding: path, as: UTF8.self)) out of the index") {
                    git_index_remove(index, name, 0)
                }
            }
            if let expected, expected != removed { throw IndexError.changed }
            return (removed, !removed.isEmpty)
        }
    }

    /// Puts entries back as they were: path, mode, content and flags. One that is there already is left alone.
    ///
    /// Git compares their content with the file's at its next look, as nothing is known of the file.
    /// - Throws: `IndexError`, `GitError`; then none was put back.
    package borrowing func restoreToIndex(_ records: [IndexRecord]) throws {
        for record in records where (try? header(of: record.id))?.kind != .blob {
            throw IndexError.contentMissing(path: record.shownPath)
        }
        try editIndex { index in
            var hasChanged = false
            for record in records {
                let name = record.path.map { CChar(bitPattern: $0) } + [0]
                if let entry = git_index_get_bypath(index, name, 0) {
                    guard ObjectID(entry.pointee.id) == record.id, entry.pointee.mode == record.mode else {
                        throw IndexError.occupied(path: record.shownPath)
                    }
                    continue
                }
                for stage in Int32(1)...3 where git_index_get_bypath(index, name, stage) != nil {
                    throw IndexError.conflict(path: record.shownPath)
                }
                try name.withUnsafeBufferPointer { path in
                    var entry = git_index_entry()
                    entry.path = path.baseAddress
                    entry.id = record.id.raw
                    entry.mode = record.mode
                    if record.isAssumedUnchanged { entry.flags |= UInt16(GIT_INDEX_ENTRY_VALID.rawValue) }
                    if record.isSkippedInWorktree {
                        entry.flags_extended |= UInt16(GIT_INDEX_ENTRY_SKIP_WORKTREE.rawValue)
                    }
                    if record.isIntentToAdd {
                        entry.flags_extended |= UInt16(GIT_INDEX_ENTRY_INTENT_TO_ADD.rawValue)
                    }
                    try git("put \(record.shownPath) back into the index") { git_index_add(index, &entry) }
                }
                hasChanged = true
            }
            return ((), hasChanged)
        }
    }

    /// Removes the marks that runs of this tool have left beside the index when they were killed.
    package borrowing func removeIndexLeftovers() { LockedFile.removeLeftovers(of: gitFolder + "index") }

    /// Hands a copy of the index to `edit` while the index is locked, and puts the copy in its place if it was changed.
    private borrowing func editIndex<Result>(
        _ edit: (OpaquePointer?) throws -> (result: Result, hasChanged: Bool)
    ) throws -> Result {
        guard !isBare else { throw IndexError.bare }
        let place = gitFolder + "index"
        var result: Result?
        do {
            // Git takes an entry for unchanged if the file was last written before the index was. The index keeps its
            // time, so that a file that was written in the same instant is looked at again, as it would have been.
            try LockedFile.update(place, limit: Self.largestIndex, keepsTime: true) { bytes in
                // Libgit2 reads the index before it has the lock, and would not see what was written in between.
                let copy = "\(place)\(LockedFile.mark)\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
                defer { unlink(copy) }
                if let bytes { try AtomicFile.write(bytes, to: copy, isPrivate: true) }
                var index: OpaquePointer?
                do throws(GitError) { try git("read the index") { git_index_open(&index, copy) } } catch {
                    // The two mandatory extensions: a split index and a sparse one.
                    if error.message.contains("extension") { throw IndexError.unsupported(error.message) }
                    throw error
                }
                defer { git_index_free(index) }
                let (value, hasChanged) = try edit(index)
                result = value
                guard hasChanged else { return nil }
                try git("write the index") { git_index_write(index) }
                return try FileContent.read(copy, limit: Self.largestIndex)
            }
        } catch let error as LockedFile.Held {
            throw IndexError.locked(error.lock)
        } catch let error as FileError {
            throw IndexError.notWritable(path: error.path, reason: error.reason)
        }
        guard let result else {
            throw GitError(operation: "write the index", code: .other(-1), message: "it was not written")
        }
        return result
    }

    /// In bytes: three million entries.
    private static var largestIndex: Int { 1 << 29 }
}

extension IndexRecord {
    fileprivate init(_ entry: git_index_entry, path: [UInt8]) {
        self.init(
            path: path, id: ObjectID(entry.id), mode: entry.mode,
            isAssumedUnchanged: entry.flags & UInt16(GIT_INDEX_ENTRY_VALID.rawValue) != 0,
            isSkippedInWorktree: entry.flags_extended & UInt16(GIT_INDEX_ENTRY_SKIP_WORKTREE.rawValue) != 0,
            isIntentToAdd: entry.flags_extended & UInt16(GIT_INDEX_ENTRY_INTENT_TO_ADD.rawValue) != 0)
    }
}
