// From the preview to what was applied.

extension Runner {
    /// Shows what would be done, asks what is open, asks for consent, and does it.
    /// - Parameter nothing: the outcome when there is nothing to be done about it.
    func carryOut(_ work: Work, otherwise nothing: StepOutcome) async throws -> StepOutcome {
        var answers = Answers()
        for _ in 0..<Self.previewLimit {
            let record = await journal.record(of: work.id)
            let preview = try await preview(of: work, record, &answers)
            let isEmpty = preview.changes.isEmpty && preview.irreversible.isEmpty && answers.values.isEmpty
            if isEmpty, !preview.byHand.isEmpty { return .byHand(preview.byHand) }
            if isEmpty, !record.wasCutShort {
                await tell(nothing, of: work.step)
                return nothing
            }
            // What changes nothing needs no consent: it is the end of a run that was cut short.
            if !isEmpty, !(try await person.agrees(to: preview, of: work.step)) { return .declined }
            let again = try await work.kind.preview(record, answers: answers)
            guard again.basis == preview.basis else {
                await person.hear(.previewAgain(work.step, what: Self.difference(preview, again)))
                continue
            }
            if record.state == .waived {
                try await journal.write(.unwaived, of: work.id, summary: nil, until: nil, facts: Facts())
            }
            do {
                try await work.kind.apply(
                    StepRun(
                        record: await journal.record(of: work.id), answers: answers, journal: news(of: work),
                        basis: preview.basis))
            } catch let change as StepChanged {
                await person.hear(.previewAgain(work.step, what: change.what))
                continue
            } catch {
                try await recordFailure(error, of: work)
                throw error
            }
            try await journal.write(.applied, of: work.id, summary: nil, until: nil, facts: Facts())
            return try await conclude(work)
        }
        throw StepFailure(
            "what \(work.id) would change has changed \(Self.previewLimit) times while it was looked at",
            remedy: "see what else writes there, then run it again", kind: .refused)
    }

    /// The preview with the answers to all that it asks.
    private func preview(
        of work: Work, _ record: StepRecord, _ answers: inout Answers
    ) async throws -> Preview {
        var asked: [String: Int] = [:]
        while true {
            let preview = try await work.kind.preview(record, answers: answers)
            // One that is left open is not asked again; one whose answer is not taken is, a few times.
            let open = preview.questions.filter { asked[$0.id] == nil || answers[$0.id] != nil }
            guard !open.isEmpty else { return preview }
            for question in open {
                guard asked[question.id, default: 0] < Self.answerLimit else {
                    throw StepFailure("the answer to \(question.id) is not one that this step can use", kind: .refused)
                }
                asked[question.id, default: 0] += 1
                answers[question.id] = try await person.answer(question, of: work.step, seeing: preview)
                if answers[question.id] == nil, question.isRequired {
                    throw StepFailure(
                        "\(work.id) cannot go on without an answer to: \(question.text)",
                        remedy: "--answer \(question.id)=…", kind: .refused)
                }
            }
        }
    }

    /// An earlier run was cut short between an effect and telling of it. When the world shows that nothing is left to
    /// be done, the step is run once more for the sake of its record: what is not written down cannot be taken back.
    /// - Returns: whether it was run.
    func finishBookkeeping(
        _ work: Work, _ record: StepRecord, _ observation: Observation
    ) async throws -> Bool {
        switch observation {
        case .satisfied, .waiting: break
        case .unsatisfied, .unknowable: return false
        }
        do {
            let preview = try await work.kind.preview(record, answers: Answers())
            guard preview.changes.isEmpty, preview.irreversible.isEmpty,
                !preview.questions.contains(where: \.isRequired)
            else { return false }
            try await work.kind.apply(
                StepRun(record: record, answers: Answers(), journal: news(of: work), basis: preview.basis))
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            // The step is done all the same; what could not be told is no reason to call it otherwise.
        }
        return true
    }

    /// Written down unless it was not the step that failed: a run that is called off has not.
    func recordFailure(_ error: any Error, of work: Work) async throws {
        guard !(error is CancellationError), !Task.isCancelled else { throw CancellationError() }
        // Where the journal itself is what failed, its error is the one to hear of.
        try? await journal.write(.failed, of: work.id, summary: words(error), until: nil, facts: Facts())
    }

    func news(of work: Work) -> any StepJournal {
        NewsJournal(step: work.step, journal: journal.stepJournal(of: work.id), person: person)
    }

    private func tell(_ outcome: StepOutcome, of step: Step) async {
        switch outcome {
        case .alreadySatisfied(let evidence): await person.hear(.alreadySatisfied(step, evidence))
        case .unsatisfied(let reason): await person.hear(.notSatisfied(step, reason: reason))
        default: break
        }
    }

    /// What is not as it was, in a few words.
    private static func difference(_ old: Preview, _ new: Preview) -> String {
        for (index, change) in new.changes.enumerated()
        where index >= old.changes.count || old.changes[index] != change {
            return change.subject
        }
        return old.changes.count > new.changes.count
            ? old.changes[new.changes.count].subject : "what the preview was made from"
    }
}
