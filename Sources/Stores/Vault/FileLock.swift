// One writer at a time, over all processes.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// An advisory lock on a file of its own. The system lets go of it when its process dies, however it dies, and the file
/// itself stays: were it removed, two writers could hold locks on two files of one name.
enum FileLock {
    /// Waits for the lock and holds it while `body` runs.
    ///
    /// - Parameters:
    ///   - path: made when it is missing.
    ///   - patience: how long to wait for whoever holds it.
    /// - Throws: `StoreError.file`, `CancellationError`, and what `body` throws.
    static func holding<Result>(
        _ path: String, patience: Duration = .seconds(30), _ body: () throws(StoreError) -> Result
    ) async throws -> Result {
        let descriptor = try open(path)
        defer { letGo(descriptor) }
        // Polled, not waited for in the system: a thread that sleeps there cannot be cancelled, and there are few threads.
        // By the real clock: this is about other processes, not about a decision that a test would steer.
        let clock = ContinuousClock()
        let deadline = clock.now.advanced(by: patience)
        var pause = Duration.milliseconds(1)
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            switch errno {
            case EINTR: continue
            case EWOULDBLOCK:
                guard clock.now < deadline else {
                    throw StoreError.file(path: path, reason: "another process has held the lock for \(patience)")
                }
                try await Task.sleep(for: pause * Double.random(in: 0.5...1))
                pause = min(pause * 2, .milliseconds(20))
            default: throw StoreError.systemFailure(path, "it cannot be locked")
            }
        }
        return try body()
    }

    /// Runs `body` under the lock if nobody holds it now.
    static func ifFree(_ path: String, _ body: () throws(StoreError) -> Void) throws(StoreError) {
        let descriptor = try open(path)
        defer { letGo(descriptor) }
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { try body() }
    }

    /// Closing alone would leave the lock to a child that is being started at this very moment, until it becomes another
    /// program.
    private static func letGo(_ descriptor: Int32) {
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    private static func open(_ path: String) throws(StoreError) -> Int32 {
        #if canImport(Darwin)
            let descriptor = Darwin.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        #elseif canImport(Musl)
            let descriptor = Musl.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        #else
            let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        #endif
        guard descriptor >= 0 else { throw .systemFailure(path, "the lock cannot be opened") }
        return descriptor
    }
}
