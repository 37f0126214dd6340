// What is remembered, for a run that writes nothing.

import Checklist
import World

/// The state file as it is. A dry run and a look write nothing into it: what would be noted by the way is dropped, and an
/// effect must not happen at all.
struct SnapshotJournal: RunJournal {
    let snapshot: StateSnapshot

    func record(of step: String) async -> StepRecord { snapshot.record(of: step) }

    func write(
        _ event: StepEvent, of step: String, summary: String?, until: Instant?, facts: Facts
    ) async throws {}

    func stepJournal(of step: String) -> any StepJournal { NoEffects() }

    private struct NoEffects: StepJournal {
        func intend(_ effect: String, _ facts: Facts) async throws -> Intent {
            throw StepFailure("a dry run makes no changes", kind: .refused)
        }
        func effected(_ intent: Intent, _ facts: Facts) async throws {}
        func undoing(_ effect: Intent) async throws {
            throw StepFailure("a dry run makes no changes", kind: .refused)
        }
        func reverted(_ effect: Intent) async throws {}
    }
}
