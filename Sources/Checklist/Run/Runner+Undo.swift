// Taking a step back.

extension Runner {
    /// Takes back what a step did, after showing what that is, and what stays whatever is done.
    /// - Throws: `StepFailure`, and what the step, the person or the journal throws.
    package func undo(_ id: String, isDryRun: Bool = false) async throws -> UndoOutcome {
        let work = try work(id)
        var answers = Answers()
        for _ in 0..<Self.previewLimit {
            let record = await journal.record(of: id)
            guard record.state != .undone else { return .nothing(["\(id) was taken back already."]) }
            let preview = try await undoPreview(of: work, record)
            if isDryRun { return .previewed(preview) }
            guard !preview.changes.isEmpty || record.isHalfUndone else { return .nothing(preview.cannot) }
            // Where all is taken back and only not told, there is nothing left to agree to.
            if !preview.changes.isEmpty, !(try await person.agrees(toUndo: preview, of: work.step)) {
                return .declined
            }
            for question in preview.questions where answers[question.id] == nil {
                answers[question.id] = try await person.answer(
                    question, of: work.step, seeing: Preview(changes: preview.changes, questions: preview.questions))
                if answers[question.id] == nil, question.isRequired {
                    throw StepFailure(
                        "\(id) cannot be taken back without an answer to: \(question.text)",
                        remedy: "--answer \(question.id)=…", kind: .refused)
                }
            }
            guard try await undoPreview(of: work, record) == preview else {
                await person.hear(.previewAgain(work.step, what: "what would be taken back"))
                continue
            }
            do {
                try await work.kind.undo(
                    StepRun(record: record, answers: answers, journal: news(of: work), basis: ""))
            } catch let change as StepChanged {
                await person.hear(.previewAgain(work.step, what: change.what))
                continue
            } catch {
                try await recordFailure(error, of: work)
                throw error
            }
            try await journal.write(.undone, of: id, summary: nil, until: nil, facts: Facts())
            await person.hear(.undone(work.step))
            return .undone
        }
        throw StepFailure(
            "what taking back \(id) would change has changed \(Self.previewLimit) times while it was looked at",
            remedy: "see what else writes there, then run it again", kind: .refused)
    }

    /// Says as well which steps rest on this one.
    private func undoPreview(of work: Work, _ record: StepRecord) async throws -> UndoPreview {
        var preview = try await work.kind.undoPreview(record)
        guard !preview.changes.isEmpty else { return preview }
        for step in dependents(of: work.id) where await journal.record(of: step.id).state == .verified {
            preview.cannot.append("\(step.id) was done on top of this step and stays as it is.")
        }
        return preview
    }

    /// All that need the step, at first or at second hand, in the order in which they run.
    private func dependents(of id: String) -> [Step] {
        var found: Set<String> = [id]
        return checklist.steps(in: order).filter { step in
            guard step.needs(in: order).contains(where: found.contains) else { return false }
            found.insert(step.id)
            return true
        }
    }
}
