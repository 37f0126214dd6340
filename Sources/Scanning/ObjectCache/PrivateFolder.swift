// Folders for caches.

import Files

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

enum PrivateFolder {
    /// Makes the folder, for the owner alone, and those on its way; one that was not there is ignored by git.
    ///
    /// - Returns: whether it is there, and no link: a repository that somebody has just cloned must not lead us
    ///   elsewhere.
    static func make(_ folder: String) -> Bool {
        guard folder.hasPrefix("/") else { return false }
        var path = ""
        for part in folder.split(separator: "/").dropLast() {
            path += "/" + part
            mkdir(path, 0o755)
        }
        let isNew = mkdir(folder, 0o700) == 0
        guard FileStatus(at: folder)?.kind == .folder else { return false }
        // A folder that was there may hold files of somebody who wants them in git.
        if isNew { try? AtomicFile.write(Array("*\n".utf8), to: folder + "/.gitignore", isPrivate: true) }
        return true
    }
}
