// Tells the person of each effect, on its way into the journal.

struct NewsJournal: StepJournal {
    let step: Step
    let journal: any StepJournal
    let person: any Person

    func intend(_ effect: String, _ facts: Facts) async throws -> Intent {
        let intent = try await journal.intend(effect, facts)
        await person.hear(.intending(step, effect: effect))
        return intent
    }

    func effected(_ intent: Intent, _ facts: Facts) async throws {
        try await journal.effected(intent, facts)
        await person.hear(.effected(step, effect: intent.effect))
    }

    func undoing(_ effect: Intent) async throws { try await journal.undoing(effect) }
    func reverted(_ effect: Intent) async throws { try await journal.reverted(effect) }
}
