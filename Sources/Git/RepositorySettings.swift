// Git's settings as libgit2 reads them, from all files that count together.

import CLibgit2
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension Repository {
    /// The settings of some sections, of the system, the user and the repository together, each as often as it is set,
    /// in the order in which libgit2 reads them.
    ///
    /// - Parameter sections: lower-case: `core`.
    /// - Throws: `GitError` when a file of settings cannot be read.
    package borrowing func settings(ofSections sections: Set<String>) throws(GitError) -> [(
        name: String, value: String
    )] {
        var snapshot: OpaquePointer?
        try git("read git's settings") {
            Library.searchPaths.withLock { _ in git_repository_config_snapshot(&snapshot, handle) }
        }
        defer { git_config_free(snapshot) }
        var iterator: OpaquePointer?
        try git("read git's settings") { git_config_iterator_new(&iterator, snapshot) }
        defer { git_config_iterator_free(iterator) }
        var found: [(name: String, value: String)] = []
        var entry: UnsafeMutablePointer<git_config_entry>?
        while git_config_next(&entry, iterator) == 0, let item = entry?.pointee {
            guard let name = item.name.map({ String(cString: $0) }),
                let section = name.split(separator: ".").first, sections.contains(section.lowercased())
            else { continue }
            // A key without `=` has no value.
            found.append((name, item.value.map { String(cString: $0) } ?? ""))
        }
        return found
    }

    /// Where the user's own ignore rules may stand: the file that `core.excludesFile` names, else `git/ignore` among
    /// the user's settings. The files need not exist.
    package borrowing func userIgnoreFiles() -> [String] {
        var snapshot: OpaquePointer?
        guard git_repository_config_snapshot(&snapshot, handle) == 0 else { return [] }
        defer { git_config_free(snapshot) }
        var named = git_buf()
        defer { git_buf_dispose(&named) }
        if git_config_get_path(&named, snapshot, "core.excludesfile") == 0, let path = named.ptr {
            return [String(cString: path)]
        }
        return Library.searchPaths.withLock { _ in
            var folders = git_buf()
            defer { git_buf_dispose(&folders) }
            guard migrate_git_get_search_path(GIT_CONFIG_LEVEL_XDG.rawValue, &folders) == 0, let list = folders.ptr
            else { return [] }
            return String(cString: list).split(separator: ":").map { $0 + "/ignore" }
        }
    }
}
