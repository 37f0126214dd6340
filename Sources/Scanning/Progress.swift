// How far a scan is, for whoever wants to show it.

import Synchronization

/// Counters that workers raise and a display reads, without a lock.
package final class ScanProgress: Sendable {
    package enum Phase: Int, Sendable {
        case listing, objects, trees, history, worktree, done
    }

    private let phaseNumber = Atomic<Int>(0)
    private let doneCount = Atomic<Int>(0)
    private let totalCount = Atomic<Int>(0)
    private let bytes = Atomic<Int>(0)

    package init() {}

    package var phase: Phase { Phase(rawValue: phaseNumber.load(ordering: .relaxed)) ?? .listing }
    /// Units of the phase that are done: objects, trees or files.
    package var done: Int { doneCount.load(ordering: .relaxed) }
    /// Units that the phase has in all; 0 while that is not known.
    package var total: Int { totalCount.load(ordering: .relaxed) }
    /// Bytes that detection has seen since the start.
    package var byteCount: Int { bytes.load(ordering: .relaxed) }

    func enter(_ phase: Phase, total: Int = 0) {
        phaseNumber.store(phase.rawValue, ordering: .relaxed)
        doneCount.store(0, ordering: .relaxed)
        totalCount.store(total, ordering: .relaxed)
    }

    func advance(_ units: Int, bytes count: Int = 0) {
        doneCount.add(units, ordering: .relaxed)
        if count > 0 { bytes.add(count, ordering: .relaxed) }
    }
}
