// A runner with its journal and its person.

import Checklist
import Git
import World

/// What `apply`, `undo` and `waive` run steps with.
struct StepRunning {
    let session: ChecklistSession
    let runner: Runner
    let screen: StepScreen
    /// Nil for a dry run, which holds no lock and writes nothing.
    let journal: Journal?
    var order: Checklist.Order { runner.order }

    enum Consent {
        case given, asked
        /// Nothing is done at all.
        case dryRun
    }

    /// Takes the lock, and reads what is remembered.
    /// - Parameters:
    ///   - order: nil for the one that is remembered.
    ///   - namesSteps: whether the flags of answers have to say which step they are for.
    ///   - isWatched: whether the run stays with steps that take time.
    /// - Throws: `StateError`, `FileError`.
    static func open(
        _ session: ChecklistSession, order: Checklist.Order?, identity: String, consent: Consent = .given,
        actor: ActorOptions, given: GivenAnswers = .none, output: OutputChoice, namesSteps: Bool = false,
        isWatched: Bool = false
    ) async throws -> StepRunning {
        let journal: Journal?
        let writer: any RunJournal
        let counting: Checklist.Order
        if consent == .dryRun {
            let snapshot = try session.snapshot()
            session.tell(snapshot.notes)
            if !snapshot.tampering.isEmpty {
                throw StateError.tampered(path: StateFile.path(of: session.checklist), steps: snapshot.tampering)
            }
            journal = nil
            writer = SnapshotJournal(snapshot: snapshot)
            counting = order ?? snapshot.order
        } else {
            let opened = try await Journal.open(
                root: session.root, checklist: session.checklist, order: order, identity: identity,
                tool: Version.current, world: session.world, patience: .seconds(actor.lockWait.seconds),
                onWait: { holder in Diagnostics.note("waiting for another run: \(holder.words) ...") })
            session.tell(opened.notes)
            // A run that was killed while it changed the index may have left its mark there.
            if let repository = try? Repository(discovering: session.root) { repository.removeIndexLeftovers() }
            journal = opened
            writer = opened
            counting = await opened.order
            session.bench.remembered.use(opened, of: session.checklist)
        }
        let screen = StepScreen(
            session.checklist, order: counting, output: output, isWatched: isWatched, now: session.world.now)
        let person = TerminalPerson(
            questioner: Questioner(given: given, asksOnlyRequired: consent == .given, namesSteps: namesSteps),
            agreesToAll: consent == .given, screen: screen,
            isCredential: { try await session.isCredential($0) },
            onEffect: { await session.bench.forgetFindings() })
        let runner = Runner(
            checklist: session.checklist, order: counting, kinds: session.kinds, journal: writer,
            world: session.world, person: person, words: { Failure.line(for: $0) })
        return StepRunning(session: session, runner: runner, screen: screen, journal: journal)
    }

    /// The step that a word of the command line means.
    func step(_ word: String) throws -> Step { try StepNumbers.step(word, of: session.checklist, order: order) }
}
