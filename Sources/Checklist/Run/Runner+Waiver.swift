// Leaving out a step, with a name to it.

package import World

extension Runner {
    /// Writes down that somebody answers for leaving a step out.
    /// - Parameter until: nil for as long as nobody takes it back.
    /// - Throws: `StepFailure` when a part of it is missing or is no single line, or the time has passed already.
    package func waive(_ id: String, reason: String, owner: String, until: Instant?) async throws {
        _ = try work(id)
        try check(reason, "reason")
        try check(owner, "owner")
        if let until, until <= world.now() {
            throw StepFailure("the waiver of \(id) would have ended on \(until.day) already", kind: .refused)
        }
        let wanted = Waiver(owner: owner, reason: reason, until: until)
        let record = await journal.record(of: id)
        if let waiver = record.waiver {
            if waiver == wanted { return }
            try await journal.write(.unwaived, of: id, summary: nil, until: nil, facts: Facts())
        }
        try await journal.write(
            .waived, of: id, summary: reason, until: until, facts: [Waiver.ownerFact: .text(owner)])
    }

    /// Takes a waiver back.
    /// - Throws: `StepFailure` when the step is not waived.
    package func unwaive(_ id: String) async throws {
        _ = try work(id)
        guard await journal.record(of: id).state == .waived else {
            throw StepFailure("\(id) is not waived", kind: .refused)
        }
        try await journal.write(.unwaived, of: id, summary: nil, until: nil, facts: Facts())
    }

    private func check(_ text: String, _ name: String) throws {
        guard text.contains(where: { !$0.isWhitespace }) else {
            throw StepFailure("a waiver needs \(name == "owner" ? "an owner" : "a reason")", remedy: "--\(name) TEXT")
        }
        guard oneLine(text) == text else {
            throw StepFailure("the \(name) of a waiver is one line without control characters")
        }
    }
}
