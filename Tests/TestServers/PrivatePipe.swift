// Pipes that only the child they are meant for inherits.

package import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A pipe whose both ends close in every child but the one that gets one of them as a standard stream.
///
/// With Foundation's `Pipe`, a child that another thread starts meanwhile inherits the writing end, and whoever reads
/// waits for the end of that child too: a long-lived one stopped all tests.
package struct PrivatePipe {
    package let reading: FileHandle
    package let writing: FileHandle

    package init() throws {
        var ends: [Int32] = [0, 0]
        #if canImport(Darwin)
            guard pipe(&ends) == 0 else { throw TestServerError("no pipe: \(String(cString: strerror(errno)))") }
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        #else
            // A pair of sockets, since those can be made so from the first instant.
            let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
            guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
                throw TestServerError("no pipe: \(String(cString: strerror(errno)))")
            }
        #endif
        reading = FileHandle(fileDescriptor: ends[0], closeOnDealloc: true)
        writing = FileHandle(fileDescriptor: ends[1], closeOnDealloc: true)
    }
}
