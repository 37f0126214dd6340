// What a decision may not reach for by itself: the clock, randomness, the environment.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The world as code sees it, which a test replaces one piece at a time.
package struct World: Sendable {
    /// The time on this machine's clock.
    package var now: @Sendable () -> Instant
    /// Environment variables, read once.
    package var environment: [String: String]
    /// That many bytes nobody can predict, from the system's generator.
    package var randomBytes: @Sendable (_ count: Int) -> [UInt8]
    /// From 0 up to, but not including, 1: for jitter, never for secrets.
    package var jitter: @Sendable () -> Double
    /// - Throws: `CancellationError`.
    package var sleep: @Sendable (_ duration: Duration) async throws -> Void

    package init(
        now: @escaping @Sendable () -> Instant, environment: [String: String],
        randomBytes: @escaping @Sendable (_ count: Int) -> [UInt8], jitter: @escaping @Sendable () -> Double,
        sleep: @escaping @Sendable (_ duration: Duration) async throws -> Void
    ) {
        self.now = now
        self.environment = environment
        self.randomBytes = randomBytes
        self.jitter = jitter
        self.sleep = sleep
    }

    /// The world as it is.
    package static func real() -> World {
        World(
            now: { Instant.systemNow() },
            environment: ProcessEnvironment.all(),
            randomBytes: { count in
                var generator = SystemRandomNumberGenerator()
                return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
            },
            jitter: { Double.random(in: 0..<1) },
            sleep: { try await Task.sleep(for: $0) })
    }

    /// The value of a variable that is there and not empty.
    package func variable(_ name: String) -> String? {
        guard let value = environment[name], !value.isEmpty else { return nil }
        return value
    }

    /// The folder of the user's own files: HOME, else what the system's user table says.
    package var homeFolder: String? {
        if let home = variable("HOME") { return home }
        guard let entry = getpwuid(getuid()), let folder = entry.pointee.pw_dir else { return nil }
        return String(cString: folder)
    }
}

private enum ProcessEnvironment {
    static func all() -> [String: String] {
        var variables: [String: String] = [:]
        var next = environ
        while let entry = next.pointee {
            let text = String(cString: entry)
            if let equals = text.firstIndex(of: "=") {
                let name = String(text[..<equals])
                // The first of several is what getenv finds.
                if variables[name] == nil { variables[name] = String(text[text.index(after: equals)...]) }
            }
            next += 1
        }
        return variables
    }
}
