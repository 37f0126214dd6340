// Asking the world about many steps at once.

package import World

/// Looks, and changes nothing: neither the world nor what is remembered.
package enum ChecklistWatch {
    /// How many steps are asked about side by side.
    package static let width = 8

    /// Where all steps stand now, in the order in which they run.
    /// - Parameters:
    ///   - kinds: by the id of the step.
    ///   - words: an error in one line without a secret byte.
    package static func statuses(
        _ checklist: Checklist, order: Checklist.Order, records: [String: StepRecord], kinds: [String: any StepKind],
        world: World, words: @escaping @Sendable (any Error) -> String
    ) async -> [StepStatus] {
        let observations = await observations(of: checklist.steps, records: records, kinds: kinds, words: words)
        return StepStatus.list(
            checklist, order: order, records: records, observations: observations, now: world.now())
    }

    /// What the world says about some steps, by id. A step that cannot be asked about is unknowable, and says why.
    package static func observations(
        of steps: [Step], records: [String: StepRecord], kinds: [String: any StepKind],
        words: @escaping @Sendable (any Error) -> String
    ) async -> [String: Observation] {
        await withTaskGroup(of: (String, Observation).self) { group in
            var left = steps[...]
            func askNext() {
                guard let step = left.popFirst() else { return }
                let (id, record, kind) = (step.id, records[step.id] ?? StepRecord(), kinds[step.id])
                group.addTask { (id, await observation(by: kind, record, words)) }
            }
            for _ in 0..<width { askNext() }
            var observations: [String: Observation] = [:]
            for await (id, observation) in group {
                observations[id] = observation
                askNext()
            }
            return observations
        }
    }

    private static func observation(
        by kind: (any StepKind)?, _ record: StepRecord, _ words: (any Error) -> String
    ) async -> Observation {
        guard let kind else {
            return .unknowable(reason: "this version of migrate does not know this kind of step", remedy: nil)
        }
        do {
            return try await kind.observe(record)
        } catch let failure as StepFailure {
            return .unknowable(reason: failure.reason, remedy: failure.remedy)
        } catch {
            return .unknowable(reason: words(error), remedy: nil)
        }
    }
}
