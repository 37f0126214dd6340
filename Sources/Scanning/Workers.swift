// Work shared among the cores.

import Synchronization

/// Hands out portions of `0..<count` to whoever asks, each once.
final class WorkQueue: Sendable {
    private let cursor = Atomic<Int>(0)
    private let count: Int
    private let portion: Int

    init(count: Int, portion: Int) {
        self.count = count
        self.portion = portion
    }

    func next() -> Range<Int>? {
        let start = cursor.add(portion, ordering: .relaxed).oldValue
        return start < count ? start..<min(start + portion, count) : nil
    }
}

/// Runs `body` on `jobs` workers at once, each taking portions from one queue, and returns what each made.
///
/// Neighbouring objects of a pack are deltas of each other, so portions are long enough to profit and short enough to
/// keep all workers busy to the end.
func shareWork<Result: Sendable>(
    of count: Int, portion: Int, jobs: Int, _ body: @escaping @Sendable (WorkQueue) throws -> Result
) async throws -> [Result] {
    let queue = WorkQueue(count: count, portion: portion)
    let workers = max(1, min(jobs, (count + portion - 1) / portion))
    if workers == 1 { return [try body(queue)] }
    return try await withThrowingTaskGroup(of: Result.self) { group in
        for _ in 0..<workers { group.addTask { try body(queue) } }
        var results: [Result] = []
        for try await result in group { results.append(result) }
        return results
    }
}
