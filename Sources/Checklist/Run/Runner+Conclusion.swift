// What the world says after a step was applied, and while it takes its time.

import World

extension Runner {
    /// A step that was done and does not show yet.
    struct Wait {
        var reason: String
        var until: Instant?
        var facts: Facts
    }

    static let firstPause = Duration.seconds(1)
    static let lastPause = Duration.seconds(30)
    /// However near the time to look again is.
    static let leastPause = Duration.milliseconds(250)

    /// Observes a step that was applied, and writes down what came of it.
    func conclude(_ work: Work) async throws -> StepOutcome {
        switch try await look(work) {
        case .satisfied(let evidence): return try await verify(work, evidence)
        case .waiting(let reason, let until, let facts):
            return try await standBy(work, Wait(reason: reason, until: until, facts: facts))
        case .unsatisfied(let reason): return try await disappoint(work, reason)
        case .unknowable(let reason, _):
            // It may well have worked: the step stays applied, and the next run looks again.
            await person.hear(.notSatisfied(work.step, reason: reason))
            return .unknown(reason: reason)
        }
    }

    /// Stays with a step as long as the patience lasts, looking again after one second, two, four, up to thirty. What has
    /// no time waits for a person, and nobody is made to wait for that.
    func standBy(_ work: Work, _ first: Wait) async throws -> StepOutcome {
        var wait = first
        try await note(wait, of: work)
        await person.hear(.waiting(work.step, reason: wait.reason, until: wait.until))
        var slept = Duration.zero
        var pause = Self.firstPause
        // Counted in sleeps and not by the clock, which may be set back.
        while slept < work.options.patience, let until = wait.until {
            var delay = pause
            if until > world.now() {
                delay = min(delay, max(Self.leastPause, .seconds(min(until - world.now(), 3_600))))
            }
            delay = min(delay, work.options.patience - slept)
            try await world.sleep(delay)
            slept += delay
            pause = min(pause * 2, Self.lastPause)
            switch try await look(work) {
            case .satisfied(let evidence): return try await verify(work, evidence)
            case .unsatisfied(let reason): return try await disappoint(work, reason)
            case .waiting(let reason, let until, let facts):
                let next = Wait(reason: reason, until: until, facts: facts)
                if next.reason != wait.reason || next.until?.wholeSeconds != wait.until?.wholeSeconds {
                    await person.hear(.waiting(work.step, reason: reason, until: until))
                }
                wait = next
                try await note(wait, of: work)
            // Nothing new: a line that is down for a moment is no reason to give up.
            case .unknowable: break
            }
        }
        return .waiting(reason: wait.reason, until: wait.until)
    }

    /// Writes down that a step is done, unless that is what is written there already.
    func note(_ evidence: Evidence, of work: Work) async throws {
        let record = await journal.record(of: work.id)
        if record.state == .verified, let last = record.last(.verified), last.facts == evidence.facts,
            last.until?.wholeSeconds == evidence.due?.wholeSeconds
        {
            return
        }
        if record.state == .waived {
            try await journal.write(.unwaived, of: work.id, summary: nil, until: nil, facts: Facts())
        }
        try await journal.write(
            .verified, of: work.id, summary: evidence.summary, until: evidence.due, facts: evidence.facts)
    }

    /// Writes down that a step waits, unless the same is written there already and its time has not come.
    private func note(_ wait: Wait, of work: Work) async throws {
        let record = await journal.record(of: work.id)
        if record.state == .waiting, let last = record.last(.waiting), last.facts == wait.facts {
            if last.until?.wholeSeconds == wait.until?.wholeSeconds { return }
            // A time that moves on with each look is not written down at each.
            if let time = last.until, time > world.now(), wait.until != nil { return }
        }
        if record.state == .waived {
            try await journal.write(.unwaived, of: work.id, summary: nil, until: nil, facts: Facts())
        }
        try await journal.write(.waiting, of: work.id, summary: wait.reason, until: wait.until, facts: wait.facts)
    }

    private func verify(_ work: Work, _ evidence: Evidence) async throws -> StepOutcome {
        try await note(evidence, of: work)
        await person.hear(.verified(work.step, evidence))
        return .verified(evidence)
    }

    private func disappoint(_ work: Work, _ reason: String) async throws -> StepOutcome {
        try await journal.write(.failed, of: work.id, summary: reason, until: nil, facts: Facts())
        await person.hear(.notSatisfied(work.step, reason: reason))
        return .unsatisfied(reason: reason)
    }

    /// What the world says, or why it says nothing.
    private func look(_ work: Work) async throws -> Observation {
        do {
            return try await work.kind.observe(await journal.record(of: work.id))
        } catch {
            if error is CancellationError || Task.isCancelled { throw CancellationError() }
            return .unknowable(reason: words(error), remedy: nil)
        }
    }
}
