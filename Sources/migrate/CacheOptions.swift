// Where commands that scan keep what they know of objects.

import ArgumentParser
import Scanning

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// `--cache FOLDER` and `--no-cache`, for every command that scans a whole history.
struct CacheOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Keep in this folder which objects of this repository were read, so that the next scan reads what is new. Default: the user's cache folder.",
            valueName: "folder"))
    var cache: String?

    @Flag(help: "Read every object, and keep nothing for the next scan.")
    var noCache = false

    func validate() throws {
        if cache != nil && noCache { throw ValidationError("--cache and --no-cache contradict each other.") }
        if cache == "" { throw ValidationError("--cache is empty: a variable that is not set, perhaps?") }
    }

    /// - Parameters:
    ///   - userFolder: the user's own folder for caches; nil where there is none.
    ///   - isForMany: whether several repositories are scanned: then each has a folder in the one that was given.
    func place(userFolder: String?, isForMany: Bool = false) -> ObjectCaching {
        if noCache { return .none }
        guard var cache else { return userFolder.map { .user(folder: $0) } ?? .none }
        if !cache.hasPrefix("/") {
            guard let here = getcwd(nil, 0) else { return .none }
            defer { free(here) }
            cache = String(cString: here) + "/" + cache
        }
        return isForMany ? .user(folder: cache) : .folder(cache)
    }
}
