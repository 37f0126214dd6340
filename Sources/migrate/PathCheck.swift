// A look at the paths before anything else is read: what is not permitted is told as that.

import Scanning

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

enum PathCheck {
    /// - Throws: `ScanError.notReadable` for the first path that this user may not read.
    static func requireReadable(_ paths: [String]) throws {
        for path in paths where access(path, R_OK) != 0 && errno == EACCES {
            throw ScanError.notReadable(path: path, reason: String(cString: strerror(EACCES)))
        }
    }
}
