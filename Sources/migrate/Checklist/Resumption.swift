// What is said when a run is called off.

import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A checklist that is cut short goes on with the next run; whoever presses Ctrl-C should know.
enum Resumption {
    private static let isRunning = Atomic(false)

    /// From here on until `end`, steps may be under way.
    static func begin() { isRunning.store(true, ordering: .sequentiallyConsistent) }
    static func end() { isRunning.store(false, ordering: .sequentiallyConsistent) }

    /// Async-signal-safe: nothing is allocated or locked.
    static func tellFromSignalHandler() {
        guard isRunning.load(ordering: .sequentiallyConsistent) else { return }
        let words: StaticString =
            "\nmigrate: interrupted. Nothing is lost: run the same command again, and it goes on from here.\n"
        _ = write(STDERR_FILENO, words.utf8Start, words.utf8CodeUnitCount)
    }
}
