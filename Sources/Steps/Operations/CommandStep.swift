// Step kind `command`: a command that succeeds, or the word of a person, shows that something still works.

import Checklist
import HTTP
import Settings
import Stores
import World

/// Runs a command of the team's with the values of a dotenv file, or asks somebody to answer for it.
struct CommandStep: StepKind {
    static let description = KindDescription(
        name: "command",
        about: "A command of yours ends with success, or a person answers for it.",
        parameters: [
            ParameterDeclaration(
                "run", .list, about: "The program and its arguments, a word each; no shell reads them."),
            ParameterDeclaration(
                "env-file", .text, about: "A dotenv file whose values the command gets, over the environment."),
            ParameterDeclaration("folder", .text, about: "Where it runs; by default the root of the repository."),
            ParameterDeclaration(
                "seconds", .number, range: 1...86_400, about: "How long it may take; 600 by default."),
            ParameterDeclaration("attest", .text, about: "What a person is asked when there is no command."),
            ParameterDeclaration(
                "after-version", .flag,
                about: "Whether it counts only for the version that the secret has when it is done."),
        ])

    private static let effect = "run"
    private static let usualLimit = 600

    private let step: Step
    private let workbench: Workbench
    /// Nil where a person is asked.
    private let command: [String]?
    private let limit: Int

    /// - Throws: `StepFailure` for a command of no words.
    init(_ step: Step, _ workbench: Workbench) throws {
        self.step = step
        self.workbench = workbench
        command = step.parameters.list("run")
        limit = step.parameters.number("seconds") ?? Self.usualLimit
        if let command, command.first.map(\.isEmpty) ?? true {
            throw StepFailure("`run` of \(step.id) names no program", remedy: "give the program and its arguments")
        }
    }

    private var isAfterVersion: Bool { step.parameters.flag("after-version") ?? false }
    private var envFile: String? { step.parameters.text("env-file") }
    private var typed: TypedCommand? { command.map { TypedCommand(words: $0) } }
    /// For a line, so cut where it is long: never what is compared.
    private var commandInWords: String? { typed?.shortened }
    /// What ran counts for this very command, in this very place.
    private var digest: String? { typed?.digest([envFile, step.parameters.text("folder")]) }

    // MARK: Observing

    func observe(_ record: StepRecord) async throws -> Observation {
        guard let last = lastProof(in: record) else {
            return .unsatisfied(
                reason: command == nil ? "nobody has answered for it yet" : "\(commandInWords ?? "") has not run yet")
        }
        if let command = commandInWords {
            if last.facts.text("digest") != digest {
                return .unsatisfied(
                    reason: "the command is another one than that which ran on \(last.at.day), or in another place")
            }
            guard last.facts.number("exit-status") == 0 else {
                return .unsatisfied(reason: "\(command) \(Self.ending(last.facts)) on \(last.at.day)")
            }
        }
        if isAfterVersion {
            let place = try await SecretPlace(workbench)
            guard let current = try await place.describe()?.version(with: "AWSCURRENT") else {
                return .unsatisfied(reason: "\(PlainText.line(place.name)) has no current version")
            }
            if last.facts.text("version-id") != current {
                return .unsatisfied(
                    reason: "the secret has version \(PlainText.version(current)) since, and this was done for "
                        + (last.facts.text("version-id").map { PlainText.version($0) } ?? "another one"))
            }
        }
        return .satisfied(Evidence(summary(of: last, in: record), facts: evidence(of: last, in: record)))
    }

    private func lastProof(in record: StepRecord) -> Intent? {
        record.effects.last { $0.effect == (command == nil ? Attestation.id : Self.effect) }
    }

    private func summary(of proof: Intent, in record: StepRecord) -> String {
        guard let command = commandInWords else { return Attestation(in: record)?.summary ?? "attested" }
        let seconds = proof.facts.number("milliseconds").map { " after \(Self.seconds($0)) s" } ?? ""
        return "\(command) ended with success\(seconds) on \(proof.at.day)"
    }

    private func evidence(of proof: Intent, in record: StepRecord) -> Facts {
        guard command == nil else { return proof.facts }
        var facts = Attestation(in: record)?.facts ?? Facts()
        facts["version-id"] = proof.facts["version-id"]
        return facts
    }

    private static func ending(_ facts: Facts) -> String {
        if let signal = facts.number("signal") { return "was ended by signal \(signal)" }
        if facts.flag("took-too-long") == true { return "took too long" }
        return "ended with exit status \(facts.number("exit-status") ?? -1)"
    }

    /// "1.2"
    private static func seconds(_ milliseconds: Int) -> String {
        "\(milliseconds / 1_000).\(milliseconds % 1_000 / 100)"
    }

    // MARK: Doing

    func preview(_ record: StepRecord, answers: Answers) async throws -> Preview {
        var preview = Preview()
        let version = try await currentVersion()
        preview.basis = [digest ?? "", version ?? "", "\(limit)"].joined(separator: "\n")
        guard let typed else {
            guard let text = Attestation.answer(answers) else {
                preview.questions = [Question(Attestation.id, question)]
                return preview
            }
            preview.changes = [Attestation.change(text, by: workbench.identity)]
            return preview
        }
        var lines: [PreviewLine] = []
        if let folder = step.parameters.text("folder") { lines.append(PreviewLine(.note, "in \(OneLine.of(folder))")) }
        let run = try commandRun()
        if run.program != typed.words[0] { lines.append(PreviewLine(.note, "the program \(OneLine.of(run.program))")) }
        if let envFile {
            let environment = try commandEnvironment()
            let shown = OneLine.of(envFile)
            lines.append(
                PreviewLine(
                    .note, "with \(PlainText.count(environment.names.count, "value")) of \(shown), for it alone"))
            if !environment.withheld.isEmpty {
                lines.append(
                    PreviewLine(
                        .note,
                        "without \(PlainText.list(environment.withheld)) of \(shown): they decide what code runs"))
            }
        }
        lines.append(PreviewLine(.note, "for \(limit) s at most; what it prints is not kept"))
        if record.openIntents.contains(where: { $0.effect == Self.effect }) {
            lines.append(PreviewLine(.note, "it was begun before, and how it ended is not known: it runs once more"))
        }
        preview.changes = [typed.change(lines)]
        return preview
    }

    private var question: String {
        step.parameters.text("attest").map { OneLine.of($0) } ?? "How did you see that this is done: \(step.title)?"
    }

    private func currentVersion() async throws -> String? {
        guard isAfterVersion else { return nil }
        let place = try await SecretPlace(workbench)
        guard let version = try await place.describe()?.version(with: "AWSCURRENT") else {
            throw StepFailure(
                "\(PlainText.line(place.name)) has no current version", remedy: "store the values first",
                kind: .refused)
        }
        return version
    }

    func apply(_ run: StepRun) async throws {
        var facts = Facts()
        if let version = try await currentVersion() { facts["version-id"] = .text(version) }
        guard command != nil else {
            guard let text = Attestation.answer(run.answers) else { return }
            return try await Attestation.write(text, by: workbench.identity, more: facts, run)
        }
        facts["command"] = .text(commandInWords ?? "")
        facts["digest"] = .text(digest ?? "")
        let command = try commandRun()
        let intent = try await run.journal.intend(Self.effect, facts)
        let start = ContinuousClock.now
        let ending = try await command.run()
        facts["milliseconds"] = .number(Int((ContinuousClock.now - start) / .milliseconds(1)))
        switch ending {
        case .exited(let code): facts["exit-status"] = .number(code)
        case .signalled(let signal): facts["signal"] = .number(signal)
        case .tookTooLong: facts["took-too-long"] = true
        }
        try await run.journal.effected(intent, facts)
        guard ending == .exited(0) else {
            throw StepFailure(
                "\(commandInWords ?? "") \(Self.ending(facts))",
                remedy: "mend what it complains about, then run the step again")
        }
    }

    /// The run, its program found and its folder there.
    /// - Throws: `StepFailure` where one of them is not, or lies outside of the repository.
    private func commandRun() throws -> CommandRun {
        let words = command ?? []
        var folder = workbench.root
        if let named = step.parameters.text("folder"), named != "." {
            let place = try WorktreePlace(named, in: workbench.root, isFolder: true)
            guard place.isThere else {
                throw StepFailure(
                    "there is no folder \(OneLine.of(named))", remedy: "make it, or correct `folder` of the step")
            }
            folder = place.full
        }
        return CommandRun(
            program: try CommandRun.program(words[0], folder: folder, world: workbench.world),
            arguments: words, folder: folder, environment: try commandEnvironment().entries,
            limit: .seconds(limit), showsOutput: workbench.showsCommandOutput)
    }

    private func commandEnvironment() throws -> CommandEnvironment {
        try CommandEnvironment(
            workbench.world.environment, file: envFile, root: workbench.root,
            dialect: workbench.settings.store.dialect)
    }

    func undoPreview(_ record: StepRecord) async throws -> UndoPreview {
        UndoPreview(
            changes: [],
            cannot: [
                command == nil
                    ? "What somebody has answered for stays in the record of the state file."
                    : "What the command did is not taken back: only you know what that would be."
            ])
    }
}
