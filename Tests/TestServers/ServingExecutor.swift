// Threads of the servers' own. A test that blocks its thread (waiting for a program that waits for the server) takes a
// thread away from Swift's pool, which has one per core: the servers must not need one from there.

import Dispatch
import Foundation
import Synchronization

/// Runs tasks on serial queues, each of which gets a thread whenever it has work, however many others are blocked.
final class ServingExecutor: TaskExecutor {
    static let shared = ServingExecutor()

    private let queues = (0..<16).map { DispatchQueue(label: "test-servers-\($0)") }
    private let next = Atomic<Int>(0)

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let turn = next.wrappingAdd(1, ordering: .relaxed).oldValue
        queues[turn % queues.count].async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

/// Does work that blocks on a thread made for it.
func onOwnThread<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        Thread { continuation.resume(with: Swift.Result { try work() }) }.start()
    }
}
