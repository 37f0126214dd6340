// The cache as readers see it: no actor to hop to, and no lock that all of them share.

import Synchronization

/// The cached secrets by name, several times over.
///
/// One lock for all readers would make them queue: on Linux a contended `Mutex` goes to the kernel. Here each thread
/// begins at a copy of its own, and moves on to the next when that is taken. Writes are rare, and go to all copies, one
/// after the other.
struct Snapshot: Sendable {
    /// A power of two, about as many as threads read at once.
    private static let copyCount = 16

    private final class Copy: Sendable {
        let entries = Mutex<[String: CachedSecret]>([:])
    }

    private let copies = (0..<copyCount).map { _ in Copy() }

    func entry(_ name: String) -> CachedSecret? {
        let first = Self.copyOfThisThread()
        for offset in 0..<Self.copyCount {
            let copy = copies[(first + offset) & (Self.copyCount - 1)]
            if let found = copy.entries.withLockIfAvailable({ $0[name] }) { return found }
        }
        return copies[first].entries.withLock { $0[name] }
    }

    /// Only one caller at a time: whoever holds the lock of the cache's state.
    func replace(with entries: [String: CachedSecret]) {
        for copy in copies { copy.entries.withLock { $0 = entries } }
    }

    // Threads have their stacks in different places, so where a local variable lies tells them apart, and costs nothing.
    private static func copyOfThisThread() -> Int {
        var local: UInt8 = 0
        let address = withUnsafePointer(to: &local) { UInt(bitPattern: $0) }
        // Stacks are megabytes apart. The multiplier is 2^64 divided by the golden ratio: it spreads the address over
        // the upper bits.
        let spread = UInt64(address >> 18) &* 0x9E37_79B9_7F4A_7C15
        return Int(spread >> 60)
    }
}
