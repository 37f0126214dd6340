// Where a checklist stands: the list for a terminal, for a document, for programs.

package import Checklist
package import World

package struct ChecklistReport: Sendable {
    package var checklist: Checklist
    package var order: Checklist.Order
    /// In the order in which the steps run.
    package var statuses: [StepStatus]
    /// What is wrong with the state file, a line each: events that were edited.
    package var notes: [String]
    package var now: Instant
    /// Whether the state file is in the last commit as it is; nil where there is none, or where that is not known.
    package var isStateCommitted: Bool?
    /// How a command is written so that it means the same again: `apply store-values` with the flags that name the
    /// store.
    package var commandLine: @Sendable (_ words: [String]) -> String = CommandWords.plain

    package init(
        checklist: Checklist, order: Checklist.Order, statuses: [StepStatus], notes: [String] = [], now: Instant
    ) {
        self.checklist = checklist
        self.order = order
        self.statuses = statuses
        self.notes = notes
        self.now = now
    }

    /// Whether every step is done or waived, and nothing is wrong with the file.
    package var isDone: Bool { notes.isEmpty && statuses.allSatisfy(\.standing.allowsOthers) }
    /// Whether a step could not be asked about.
    package var hasUnknowns: Bool { statuses.contains { $0.standing.name == "unknown" } }
    /// Ids of the steps that are done because somebody says so.
    package var attested: [String] {
        statuses.filter { status in
            switch status.standing {
            case .done(let evidence), .due(let evidence): evidence.restsOnWord
            default: false
            }
        }.map(\.step.id)
    }
    /// The step to do next.
    package var next: StepStatus? { StepStatus.next(in: statuses, order: order, now: now) }
}

extension Evidence {
    /// Whether somebody's word is part of it: nothing but the state file shows that it was given.
    var restsOnWord: Bool {
        facts["attestation"] != nil
            || ["accepted", "replaced-and-revoked"].contains { (facts.number($0) ?? 0) > 0 }
    }
}

/// Commands as they can be pasted into a shell.
package enum CommandWords {
    /// `migrate`, and the words after it.
    package static let plain: @Sendable (_ words: [String]) -> String = { words in
        ShellWord.line(["migrate"] + words, sanitizer: Sanitizer())
    }
}
