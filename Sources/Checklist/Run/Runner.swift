// Runs steps: observe, preview, ask, apply, observe again; and writes down each of it.

package import World

/// Runs the steps of a checklist, one at a time. It holds nothing: what it knows, it reads from the journal and asks of
/// the world each time, so that a run that was cut short at any instant goes on with the next.
package struct Runner: Sendable {
    package var checklist: Checklist
    package var order: Checklist.Order
    /// By the id of the step.
    package var kinds: [String: any StepKind]
    package var journal: any RunJournal
    package var world: World
    package var person: any Person
    /// An error in one line without a secret byte.
    package var words: @Sendable (any Error) -> String

    /// How often a preview is made again because what it was made from has changed.
    static let previewLimit = 5
    /// How often a question is asked whose answer the step does not take.
    static let answerLimit = 3

    package init(
        checklist: Checklist, order: Checklist.Order, kinds: [String: any StepKind], journal: any RunJournal,
        world: World, person: any Person, words: @escaping @Sendable (any Error) -> String
    ) {
        self.checklist = checklist
        self.order = order
        self.kinds = kinds
        self.journal = journal
        self.world = world
        self.person = person
        self.words = words
    }

    /// A step and the code behind it.
    struct Work {
        let step: Step
        let kind: any StepKind
        let options: RunOptions
        var id: String { step.id }
    }

    /// Where all steps stand now.
    package func statuses() async -> [StepStatus] {
        await ChecklistWatch.statuses(
            checklist, order: order, records: await records(of: checklist.steps), kinds: kinds, world: world,
            words: words)
    }

    /// The step to do next; nil when all are done, or wait, or cannot go on.
    package func next() async -> StepStatus? {
        StepStatus.next(in: await statuses(), order: order, now: world.now())
    }

    /// Runs one step to its end, or as far as it goes today.
    ///
    /// - Throws: `StepFailure` when the step does not exist, needs others first, or could not be done; what the step,
    ///   the person or the journal throws. A failure of the step itself is written down before.
    package func run(_ id: String, _ options: RunOptions = RunOptions()) async throws -> StepOutcome {
        let work = try work(id, options)
        await person.hear(.observing(work.step))
        var record = await journal.record(of: id)
        var observation = try await work.kind.observe(record)
        if options.isDryRun { return try await dryRun(work, record, observation) }
        if !record.openIntents.isEmpty, try await finishBookkeeping(work, record, observation) {
            record = await journal.record(of: id)
            observation = try await work.kind.observe(record)
        }
        switch observation {
        case .satisfied(let evidence):
            try await note(evidence, of: work)
            if let due = evidence.due, due <= world.now() {
                try await checkNeeds(of: work)
                return try await carryOut(work, otherwise: .alreadySatisfied(evidence))
            }
            await person.hear(.alreadySatisfied(work.step, evidence))
            return .alreadySatisfied(evidence)
        case .waiting(let reason, let until, let facts):
            return try await standBy(work, Wait(reason: reason, until: until, facts: facts))
        case .unknowable(let reason, let remedy):
            throw StepFailure(reason, remedy: remedy, kind: .unknown)
        case .unsatisfied(let reason):
            if record.state == .verified {
                try await journal.write(.drifted, of: id, summary: reason, until: nil, facts: Facts())
            }
            try await checkNeeds(of: work)
            return try await carryOut(work, otherwise: .unsatisfied(reason: reason))
        }
    }

    func work(_ id: String, _ options: RunOptions = RunOptions()) throws -> Work {
        guard let step = checklist[id] else {
            throw StepFailure(
                "no step of \(checklist.id) has the id \(oneLine(id))", remedy: "migrate plan lists the steps",
                kind: .refused)
        }
        guard let kind = kinds[id] else {
            throw StepFailure("\(id) is of a kind that this version does not know: \(step.kind)", kind: .refused)
        }
        return Work(step: step, kind: kind, options: options)
    }

    func records(of steps: [Step]) async -> [String: StepRecord] {
        var records: [String: StepRecord] = [:]
        for step in steps { records[step.id] = await journal.record(of: step.id) }
        return records
    }

    private func dryRun(_ work: Work, _ record: StepRecord, _ observation: Observation) async throws -> StepOutcome {
        switch observation {
        case .satisfied(let evidence) where evidence.due.map({ world.now() < $0 }) ?? true:
            return .alreadySatisfied(evidence)
        case .waiting(let reason, let until, _): return .waiting(reason: reason, until: until)
        default: return .previewed(try await work.kind.preview(record, answers: Answers()))
        }
    }

    /// Whether the steps that must come first are done, as the world has it now.
    private func checkNeeds(of work: Work) async throws {
        guard !work.options.ignoresNeeds else { return }
        let ids = work.step.needs(in: order)
        let steps = checklist.steps(in: order).filter { ids.contains($0.id) }
        let records = await records(of: steps)
        let observations = await ChecklistWatch.observations(
            of: steps, records: records, kinds: kinds, words: words)
        for step in steps {
            let standing = Standing.of(
                step, record: records[step.id] ?? StepRecord(),
                observation: observations[step.id] ?? .unknowable(reason: "it was not asked about", remedy: nil),
                // Whether it can be done now does not matter here: only whether it is.
                standings: [:], order: order, now: world.now())
            guard !standing.allowsOthers else { continue }
            if case .unknown(let reason, let remedy) = standing {
                throw StepFailure(
                    "\(work.id) needs \(step.id) first, and whether that is done is not known: \(reason)",
                    remedy: remedy, kind: .unknown)
            }
            throw StepFailure(
                "\(work.id) needs \(step.id) first\(standing.reason.map { ": \($0)" } ?? "")",
                remedy: "migrate apply \(step.id)", kind: .refused)
        }
    }
}

/// For ids and names that come from a command line.
func oneLine(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : $0 }))
}
