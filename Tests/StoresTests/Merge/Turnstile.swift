// One task at a time goes on, chosen by a seed: the same seed is the same interleaving.

import Synchronization
import World

/// Lets a fixed number of tasks take their steps one after the other. Every task calls `step` before each step and
/// `leave` at its end; nobody goes on until all who are still there wait.
actor Turnstile {
    private var present: Int
    private var random: SeededRandom
    private var waiting: [(task: Int, continuation: CheckedContinuation<Void, Never>)] = []

    init(tasks: Int, seed: UInt64) {
        present = tasks
        random = SeededRandom(seed)
    }

    func step(_ task: Int) async {
        await withCheckedContinuation { continuation in
            waiting.append((task, continuation))
            letOneGo()
        }
    }

    func leave() {
        present -= 1
        letOneGo()
    }

    private func letOneGo() {
        guard present > 0, waiting.count == present else { return }
        // Not in the order of arrival, which no seed decides.
        waiting.sort { $0.task < $1.task }
        waiting.remove(at: Int.random(in: waiting.indices, using: &random)).continuation.resume()
    }
}

enum Interleaving {
    /// The number of the task that runs.
    @TaskLocal static var task = 0
}

/// A world that stands still, counts its sleeps, and whose randomness a seed decides.
final class StillWorld: Sendable {
    private let random: Mutex<SeededRandom>
    private let slept = Mutex<[Duration]>([])
    let now: Instant

    init(seed: UInt64 = 1, now: Instant = Instant(seconds: 1_000_000)) {
        random = Mutex(SeededRandom(seed))
        self.now = now
    }

    var sleeps: [Duration] { slept.withLock { $0 } }

    var world: World {
        World(
            now: { self.now }, environment: [:],
            randomBytes: { count in
                self.random.withLock { random in
                    (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
                }
            },
            jitter: { self.random.withLock { Double.random(in: 0..<1, using: &$0) } },
            sleep: { duration in
                try Task.checkCancellation()
                self.slept.withLock { $0.append(duration) }
            })
    }
}
