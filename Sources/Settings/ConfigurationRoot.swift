// Which folder's `.migrate/config.yml` counts.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

package enum ConfigurationRoot {
    /// The nearest folder, from `folder` upwards, that has a `.migrate/config.yml`; the search ends at the root of the
    /// repository (the first folder with a `.git`), which is the answer where there is none. Without a repository:
    /// `folder` itself, so that nobody else's settings count.
    package static func containing(_ folder: String) -> String {
        var candidate = folder
        // A path has at most PATH_MAX (4,096) bytes, and so fewer steps.
        for _ in 0..<4_096 {
            if exists(candidate + "/" + Configuration.path) || exists(candidate + "/.git") { return candidate }
            guard let slash = candidate.utf8.lastIndex(of: UInt8(ascii: "/")) else { break }
            candidate = String(candidate[..<slash])
            if candidate.isEmpty { break }
        }
        return folder
    }

    private static func exists(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0
    }
}
