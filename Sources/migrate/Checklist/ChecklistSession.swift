// A checklist in the repository around us, and the workbench for its steps.

import Checklist
import Files
import Reporting
import Settings
import Steps
import World

/// What the commands about a checklist begin with.
struct ChecklistSession {
    let place: RepositoryPlace
    let checklist: Checklist
    let kinds: [String: any StepKind]
    let bench: WorkbenchOpening
    var root: String { place.root }
    var world: World { bench.world }

    /// For commands that write nothing down: nobody has to be known by name.
    static let nobody = "somebody"

    /// - Parameters:
    ///   - identity: who does it.
    ///   - keepsNothing: whether not even a cache may be written.
    ///   - showsCommands: whether what a team's own commands print is shown.
    /// - Throws: `NotAWorktree`, `SettingsElsewhere`, `InitRefusal`, `ConfigurationError`.
    static func open(
        _ options: ChecklistOptions, place: RepositoryPlace, identity: String, keepsNothing: Bool = false,
        showsCommands: Bool = false
    ) throws -> ChecklistSession {
        CommandHint.remember(options.store)
        if let name = options.checklist { try InitRefusal.requireKnown(checklist: name) }
        let checklist = try ChecklistFile.load(
            named(options.checklist), settings: place.settings.configuration, root: place.root,
            kinds: StepCatalog.descriptions)
        let bench = WorkbenchOpening(options, place: place, identity: identity, keepsNothing: keepsNothing)
        var workbench = bench.workbench
        workbench.showsCommandOutput = showsCommands
        var kinds: [String: any StepKind] = [:]
        for step in checklist.steps {
            // The checklist was read against the same catalogue.
            guard let declaration = StepCatalog[step.kind] else { continue }
            do { kinds[step.id] = try declaration.make(step, workbench) } catch {
                kinds[step.id] = UnusableStep(error: error)
            }
        }
        return ChecklistSession(place: place, checklist: checklist, kinds: kinds, bench: bench)
    }

    /// A file is named from the working folder, and its name ends in .yml; another name is a built-in checklist's.
    static func named(_ option: String?) -> String? {
        guard let option, ChecklistReference.isFile(option) else { return option }
        return FilePaths.resolved(option) ?? (option.hasPrefix("/") ? option : WorkingFolder.path + "/" + option)
    }

    /// What is remembered, without a lock. The steps go by it from here on.
    func snapshot() throws -> StateSnapshot {
        let snapshot = try StateFile.read(root: root, checklist: checklist)
        bench.remembered.use(SnapshotJournal(snapshot: snapshot), of: checklist)
        return snapshot
    }

    /// Where all steps stand now.
    func report(_ snapshot: StateSnapshot, order: Checklist.Order?) async -> ChecklistReport {
        let order = order ?? snapshot.order
        let statuses = await ChecklistWatch.statuses(
            checklist, order: order, records: snapshot.records, kinds: kinds, world: world,
            words: { Failure.line(for: $0) })
        var report = ChecklistReport(self, order: order, statuses: statuses, notes: snapshot.tampering.map(\.words))
        report.isStateCommitted = CommittedState.isCurrent(in: root)
        return report
    }

    /// Whether a text that would be written down, and committed, has a credential in it.
    func isCredential(_ text: String) async throws -> Bool {
        SecretWords.holdsCredential(text, try await bench.workbench.findings())
    }

    /// Says what a person should know about the state file.
    func tell(_ notes: [String]) { for note in notes { Diagnostics.note("note: " + note) } }
}

extension ChecklistReport {
    init(_ session: ChecklistSession, order: Checklist.Order, statuses: [StepStatus], notes: [String] = []) {
        self.init(
            checklist: session.checklist, order: order, statuses: statuses, notes: notes, now: session.world.now())
        commandLine = { CommandHint.line($0) }
    }
}

/// A step that cannot even be made ready; it says why when it is asked, so that the other steps are not held up.
struct UnusableStep: StepKind {
    let error: any Error

    func observe(_ record: StepRecord) async throws -> Observation { throw error }
    func preview(_ record: StepRecord, answers: Answers) async throws -> Preview { throw error }
    func apply(_ run: StepRun) async throws { throw error }
    func undoPreview(_ record: StepRecord) async throws -> UndoPreview { throw error }
    func undo(_ run: StepRun) async throws { throw error }
}
