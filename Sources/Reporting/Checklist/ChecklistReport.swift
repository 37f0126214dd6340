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
    /// The step to do next.
    package var next: StepStatus? { StepStatus.next(in: statuses, order: order, now: now) }
}

/// Commands as they can be pasted into a shell.
package enum CommandWords {
    /// `migrate`, and the words after it.
    package static let plain: @Sendable (_ words: [String]) -> String = { words in
        ShellWord.line(["migrate"] + words, sanitizer: Sanitizer())
    }
}
