// Several steps in a row.

import World

extension Runner {
    /// The ids of all steps up to and including one, in the order in which they run.
    /// - Throws: `StepFailure` when there is no such step.
    package func ids(through id: String) throws -> [String] {
        let ids = checklist.steps(in: order).map(\.id)
        guard let end = ids.firstIndex(of: id) else { _ = try work(id); return [] }
        return Array(ids[...end])
    }

    /// Runs steps in the order given. Steps that wait, or that a person has to do something about elsewhere, hold up
    /// those that need them and no others; a no, or a step that did not work, ends the series.
    package func runThrough(_ ids: [String], _ options: RunOptions = RunOptions()) async throws -> [StepResult] {
        var results: [StepResult] = []
        var unfinished: Set<String> = []
        for id in ids {
            let step = try work(id, options).step
            let held = step.needs(in: order).filter(unfinished.contains)
            if !held.isEmpty, !options.isDryRun, !options.ignoresNeeds {
                unfinished.insert(id)
                results.append(StepResult(step: step, end: .heldUp(by: held)))
                continue
            }
            if let waiver = await journal.record(of: id).waiver, waiver.holds(at: world.now()) {
                results.append(StepResult(step: step, end: .waived))
                continue
            }
            let outcome = try await run(id, options)
            results.append(StepResult(step: step, end: .ran(outcome)))
            switch outcome {
            case .alreadySatisfied, .verified, .previewed: break
            case .waiting, .byHand: unfinished.insert(id)
            case .declined, .unsatisfied, .unknown: return results
            }
        }
        return results
    }

    /// Writes down the steps that were found done and are not remembered as such, whoever did them: what is not written
    /// down cannot be seen to come undone.
    /// - Parameter statuses: as they are now.
    /// - Returns: those steps.
    package func takeNote(of statuses: [StepStatus]) async throws -> [Step] {
        var noted: [Step] = []
        for status in statuses {
            guard case .done(let evidence) = status.standing else { continue }
            let record = await journal.record(of: status.step.id)
            // A waiver stays until it ends or is taken back.
            guard record.state != .verified, record.state != .waived else { continue }
            let work = try work(status.step.id)
            if !record.openIntents.isEmpty { _ = try await finishBookkeeping(work, record, .satisfied(evidence)) }
            try await note(evidence, of: work)
            await person.hear(.alreadySatisfied(status.step, evidence))
            noted.append(status.step)
        }
        return noted
    }
}
