// How much the kernel passes on to a program that is started.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Limits of `execve`, in bytes.
package struct ExecutionLimits: Sendable, Equatable {
    /// The longest text, its NUL included.
    package var text: Int
    /// All arguments and environment texts, with a NUL and a pointer for each.
    package var total: Int

    package init(text: Int, total: Int) {
        self.text = text
        self.total = total
    }

    /// Of the system this runs on. Linux: 32 pages of 4 KiB for one text (`MAX_ARG_STRLEN`); in all a quarter of the
    /// stack's limit, at most 6 MiB. Darwin: `ARG_MAX`, 1 MiB in all.
    package static let system: ExecutionLimits = {
        let reported = sysconf(Int32(_SC_ARG_MAX))
        // 131,072 is the least that Linux promises.
        let most = reported > 0 ? min(reported, 6 << 20) : 131_072
        // The path of the program is counted, too, and is at most this long.
        let total = most - 4_096
        #if os(Linux)
            return ExecutionLimits(text: 131_072, total: total)
        #else
            return ExecutionLimits(text: total, total: total)
        #endif
    }()
}
