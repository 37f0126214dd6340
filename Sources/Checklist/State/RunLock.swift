// One run at a time in a worktree.

import Files
import JSON
import Secrets
package import World

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Who holds the lock, as they have written it down. Nothing of it is known when it cannot be read.
package struct LockHolder: Sendable, Equatable {
    package var process: Int?
    package var host: String?
    /// "Ada Lovelace <ada@example.com>"
    package var who: String?
    /// "migrate apply"
    package var command: String?
    package var since: Instant?

    package init(
        process: Int? = nil, host: String? = nil, who: String? = nil, command: String? = nil, since: Instant? = nil
    ) {
        self.process = process
        self.host = host
        self.who = who
        self.command = command
        self.since = since
    }

    /// "`migrate apply` of Ada Lovelace, process 4711 on build-3, since 2026-11-24T08:59:03Z".
    package var words: String {
        var parts = [(command.map { "`\($0)`" } ?? "a program") + (who.map { " of \($0)" } ?? "")]
        if let process { parts.append("process \(process)" + (host.map { " on \($0)" } ?? "")) }
        if let since { parts.append("since \(since.iso8601)") }
        return parts.joined(separator: ", ")
    }

    func bytes() -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        if let process {
            json.key("pid")
            json.number(process)
        }
        for (name, text) in [("host", host), ("who", who), ("command", command), ("since", since?.iso8601)] {
            guard let text else { continue }
            json.key(name)
            json.string(text)
        }
        json.endObject()
        return json.finish().withBytes { span in span.withUnsafeBufferPointer { Array($0) } } + [0x0A]
    }

    init(reading bytes: [UInt8]) {
        guard let root = try? JSONDocument(parsing: bytes).root else { return }
        func text(_ name: String) -> String? {
            root[name]?.string.map { StateText.oneLine($0, limit: 200) }.flatMap { $0.isEmpty ? nil : $0 }
        }
        process = root["pid"]?.int
        host = text("host")
        who = text("who")
        command = text("command")
        since = text("since").flatMap { Instant(iso8601: $0) }
    }
}

/// An advisory lock on a file of its own. The system lets go of it when the process dies, however it dies; the file stays,
/// as otherwise two could hold locks on two files of one name.
final class RunLock: Sendable {
    private let descriptor: Int32

    private init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit {
        // What stands in the file is about a holder, and there is none any more.
        _ = ftruncate(descriptor, 0)
        // Closing alone would not do while a program that is just being started still has a copy of the descriptor.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// Waits for the lock.
    ///
    /// - Parameters:
    ///   - patience: how long to wait for whoever holds it.
    ///   - onWait: called once, when it is held.
    /// - Throws: `StateError.locked`, `FileError`, `CancellationError`.
    static func take(
        _ path: String, as holder: LockHolder, patience: Duration, onWait: @Sendable (LockHolder) -> Void
    ) async throws -> RunLock {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, mode_t(0o600))
        guard descriptor >= 0 else { throw FileError(writingTo: path, errorNumber: errno) }
        do { try await wait(for: descriptor, path, patience: patience, onWait: onWait) } catch {
            close(descriptor)
            throw error
        }
        let bytes = holder.bytes()
        // For others to read; the lock is held whether or not there is room for it.
        if ftruncate(descriptor, 0) == 0 { _ = pwrite(descriptor, bytes, bytes.count, 0) }
        return RunLock(descriptor)
    }

    private static func wait(
        for descriptor: Int32, _ path: String, patience: Duration, onWait: @Sendable (LockHolder) -> Void
    ) async throws {
        // By the real clock, and polled: this is about other processes, and a thread that sleeps in the system cannot be
        // cancelled.
        let clock = ContinuousClock()
        let deadline = clock.now.advanced(by: patience)
        var pause = Duration.milliseconds(2)
        var hasTold = false
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            switch errno {
            case EINTR: continue
            case EWOULDBLOCK:
                let holder = LockHolder(reading: ((try? FileContent.read(path, limit: 64 << 10)) ?? nil) ?? [])
                guard clock.now < deadline else { throw StateError.locked(holder) }
                if !hasTold { onWait(holder) }
                hasTold = true
                try await Task.sleep(for: pause * Double.random(in: 0.5...1))
                pause = min(pause * 2, .milliseconds(50))
            case let code: throw FileError(writingTo: path, errorNumber: code)
            }
        }
    }
}
