// One line on the terminal that says how far a scan is.

import Scanning
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Shows progress on standard error when that is a terminal, after half a second, and clears it away.
///
/// It has a thread of its own: the workers of a scan keep all threads of Swift's pool busy.
final class ProgressDisplay: Sendable {
    private let progress: ScanProgress
    private let state = Mutex(State())

    private struct State {
        var isStopped = false
        var isShown = false
    }

    private static let firstDelay: UInt32 = 500_000
    private static let interval: UInt32 = 100_000
    private static let dots = Terminal.isUTF8 ? "…" : "..."

    private init(_ progress: ScanProgress) { self.progress = progress }

    /// Nil when standard error is no terminal, or one that cannot clear a line.
    static func start(_ progress: ScanProgress) -> ProgressDisplay? {
        guard Terminal.standardError.isTerminal, Environment["TERM"] != "dumb" else { return nil }
        let display = ProgressDisplay(progress)
        #if canImport(Darwin)
            var thread: pthread_t?
        #else
            var thread = pthread_t()
        #endif
        let context = Unmanaged.passRetained(display).toOpaque()
        let status = pthread_create(&thread, nil, displayThread, context)
        guard status == 0 else {
            Unmanaged<ProgressDisplay>.fromOpaque(context).release()
            return nil
        }
        return display
    }

    /// Stops, and clears the line.
    func stop() {
        state.withLock { state in
            if state.isShown, !state.isStopped { put(ProgressLine.clearing) }
            ProgressLine.isShown.store(false, ordering: .relaxed)
            state.isStopped = true
        }
    }

    fileprivate func run() {
        usleep(Self.firstDelay)
        // A line that wraps cannot be cleared. One less than the width: some terminals wrap early.
        let width = max(Terminal.standardError.width - 1, 10)
        var phase = progress.phase
        var phaseStart = ContinuousClock.now
        while true {
            if progress.phase != phase {
                phase = progress.phase
                phaseStart = .now
            }
            let line = text(elapsed: ContinuousClock.now - phaseStart)
            let isOver = state.withLock { state in
                if state.isStopped { return true }
                // Before the line, so that a signal in between clears one too many rather than none.
                ProgressLine.isShown.store(true, ordering: .relaxed)
                put(ProgressLine.clearing + line.prefix(width))
                state.isShown = true
                return false
            }
            if isOver { return }
            usleep(Self.interval)
        }
    }

    /// "Reading objects: 120,000 of 849,014 (14%), 1.2 GB, 21 s left"
    private func text(elapsed: Duration) -> String {
        let what: String
        switch progress.phase {
        case .listing: return "Listing objects" + Self.dots
        case .history, .done: return "Working out histories" + Self.dots
        case .objects: what = "Reading objects"
        case .trees: what = "Reading trees"
        case .worktree: what = "Reading files"
        }
        let (done, total) = (min(progress.done, progress.total), progress.total)
        guard total > 0 else { return what + Self.dots }
        var line =
            "\(what): \(grouped(done)) of \(grouped(total)) (\(done * 100 / total)%), \(size(progress.byteCount))"
        let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
        if done * 20 > total, done < total {
            line += ", \(max(1, Int(seconds * Double(total - done) / Double(done)))) s left"
        }
        return line
    }

    private func grouped(_ number: Int) -> String {
        var digits = Array(String(number))
        for place in stride(from: digits.count - 3, to: 0, by: -3) { digits.insert(",", at: place) }
        return String(digits)
    }

    private func size(_ bytes: Int) -> String {
        if bytes >= 1_000_000_000 { return "\(bytes / 1_000_000_000).\(bytes / 100_000_000 % 10) GB" }
        return "\(bytes / 1_000_000) MB"
    }

    private func put(_ text: String) {
        let bytes = Array(text.utf8)
        // A terminal that cannot be written to only misses its progress.
        _ = write(STDERR_FILENO, bytes, bytes.count)
    }
}

/// Whether the line is on screen, for a signal handler to clear it.
enum ProgressLine {
    static let isShown = Atomic(false)
    static let clearing = "\r\u{1B}[K"

    /// Replaces the line; for a terminal.
    static func show(_ text: String) {
        isShown.store(true, ordering: .relaxed)
        Diagnostics.text(clearing + text)
    }

    static func clear() {
        if isShown.exchange(false, ordering: .relaxed) { Diagnostics.text(clearing) }
    }

    /// Async-signal-safe: nothing is allocated or locked.
    static func clearFromSignalHandler() {
        guard isShown.load(ordering: .relaxed) else { return }
        withUnsafeBytes(of: (0x0D, 0x1B, 0x5B, 0x4B) as (UInt8, UInt8, UInt8, UInt8)) { bytes in
            _ = write(STDERR_FILENO, bytes.baseAddress, bytes.count)
        }
    }
}

#if canImport(Darwin)
    private func displayThread(_ context: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
        Unmanaged<ProgressDisplay>.fromOpaque(context).takeRetainedValue().run()
        return nil
    }
#else
    private func displayThread(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        if let context { Unmanaged<ProgressDisplay>.fromOpaque(context).takeRetainedValue().run() }
        return nil
    }
#endif
