// The checklist's part in the check of a pipeline: what the state file says, or the world where it is to be asked.

import Checklist
import Files
import Gate
import Reporting
import Scanning
import Settings
import Steps
import World

struct CIChecklist {
    var problems: [PipelineProblem] = []
    var standings: [PipelineChecklist] = []
    var gaps: [Gap] = []
    var notes: [String] = []

    /// In bytes, as the state file's own limit.
    private static let largest = StateFile.largest

    /// What is to be said of the checklists of the repository.
    ///
    /// Without `asksWorld` nothing leaves this machine: the state file tells, and is told of as the only witness.
    /// - Throws: `ConfigurationError` for a checklist that cannot be read, `NoSuchStep` for a required step that it lacks.
    static func judged(
        _ options: ChecklistOptions, place: RepositoryPlace, required: [String], asksWorld: Bool, now: Instant
    ) async throws -> CIChecklist {
        var result = CIChecklist()
        let settings = place.settings.configuration
        var options = options
        if options.checklist == nil, settings.checklist == nil { options.checklist = told(in: place.root) }
        // The same words for a name as every command about a checklist has.
        if let name = options.checklist { try InitRefusal.requireKnown(checklist: name) }
        let main = try ChecklistSession.checklist(options, place: place)
        let steps = try required.map { try StepNumbers.step($0, of: main, order: .standard).id }
        try await result.judge(main, options, place, required: steps, asksWorld: asksWorld, now)
        // Those that are gone through again and again stand beside it.
        for file in BuiltInChecklists.all where file.id != main.id {
            guard
                let other = try? ChecklistFile.load(
                    file.id, settings: settings, root: place.root, kinds: StepCatalog.descriptions),
                other.isRecurring
            else { continue }
            try await result.judge(other, options, place, required: [], asksWorld: false, now)
        }
        return result
    }

    /// The checklist that the state file is of, where it is a built-in one.
    private static func told(in root: String) -> String? {
        let bytes = (try? FileContent.read(root + "/" + StateFile.path, limit: largest)) ?? nil
        guard let bytes, let file = try? StateFile.parse(bytes, path: StateFile.path) else { return nil }
        return BuiltInChecklists[file.checklist]?.id
    }

    private mutating func judge(
        _ checklist: Checklist, _ options: ChecklistOptions, _ place: RepositoryPlace, required: [String],
        asksWorld: Bool, _ now: Instant
    ) async throws {
        let path = StateFile.path(of: checklist)
        let snapshot: StateSnapshot
        do { snapshot = try StateFile.read(root: place.root, checklist: checklist) } catch {
            // What it would have said is not known.
            gaps.append(Gap(kind: .unreadableFile, subject: path, reason: Failure.line(for: error)))
            return
        }
        guard snapshot.exists || asksWorld else {
            for id in required {
                problems.append(
                    PipelineProblem(
                        kind: .stepUndone, subject: id, reason: "there is no \(path): nothing is known to be done",
                        remedy: CommandHint.line("apply", id)))
            }
            return
        }
        notes += snapshot.notes
        for flaw in snapshot.tampering {
            problems.append(
                PipelineProblem(
                    kind: .stateEdited, subject: path, reason: flaw.words, remedy: "git log -p -- \(path)", path: path,
                    line: flaw.line))
        }
        let judgement =
            asksWorld
            ? try await asked(checklist, options, place, snapshot)
            : checklist.steps(in: snapshot.order).map { step in
                CIStep(step.id, remembered: snapshot.record(of: step.id), now: now)
            }
        for step in judgement {
            if let gap = step.gap, required.contains(step.id) {
                gaps.append(Gap(kind: .unreadableFile, subject: "step \(step.id)", reason: gap))
                continue
            }
            guard let problem = step.problem(isRequired: required.contains(step.id)) else { continue }
            problems.append(problem)
        }
        standings.append(
            PipelineChecklist(
                id: checklist.id, path: path, stepCount: judgement.count, doneCount: judgement.count(where: \.isDone),
                waivedCount: judgement.count(where: \.isWaived), isAsked: asksWorld))
    }

    private func asked(
        _ checklist: Checklist, _ options: ChecklistOptions, _ place: RepositoryPlace, _ snapshot: StateSnapshot
    ) async throws -> [CIStep] {
        let session = try ChecklistSession.open(
            options, place: place, identity: ChecklistSession.nobody, keepsNothing: true)
        let snapshot = try session.snapshot()
        let report = await session.report(snapshot, order: nil)
        return report.statuses.map { CIStep($0) }
    }
}

extension ChecklistSession {
    /// The checklist that is meant, without its steps made ready.
    /// - Throws: `ConfigurationError`.
    static func checklist(_ options: ChecklistOptions, place: RepositoryPlace) throws -> Checklist {
        try ChecklistFile.load(
            named(options.checklist), settings: place.settings.configuration, root: place.root,
            kinds: StepCatalog.descriptions)
    }
}
