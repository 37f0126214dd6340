// What steps may know of each other.

import Checklist
import Synchronization

/// The records of the steps, from the journal or the state file, as soon as one of them is open.
final class RememberedSteps: Sendable {
    private let source = Mutex<(journal: any RunJournal, checklist: Checklist)?>(nil)

    func use(_ journal: any RunJournal, of checklist: Checklist) { source.withLock { $0 = (journal, checklist) } }

    /// Of the checklist's steps of that kind, in their order; none before anything was read.
    func records(ofKind kind: String) async -> [StepRecord] {
        guard let (journal, checklist) = source.withLock(\.self) else { return [] }
        var records: [StepRecord] = []
        for step in checklist.steps where step.kind == kind { records.append(await journal.record(of: step.id)) }
        return records
    }
}
