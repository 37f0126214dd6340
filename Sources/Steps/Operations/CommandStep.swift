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
    private var folder: String { workbench.root + (step.parameters.text("folder").map { "/" + $0 } ?? "") }
    /// As it would be typed, more or less.
    private var commandInWords: String? {
        command.map { OneLine.of($0.map { $0.contains(" ") || $0.isEmpty ? "'\($0)'" : $0 }.joined(separator: " ")) }
    }

    // MARK: Observing

    func observe(_ record: StepRecord) async throws -> Observation {
        guard let last = lastProof(in: record) else {
            return .unsatisfied(
                reason: command == nil ? "nobody has answered for it yet" : "\(commandInWords ?? "") has not run yet")
        }
        if let command = commandInWords {
            if last.facts.text("command") != command {
                return .unsatisfied(reason: "the command is another one than that which ran on \(last.at.day)")
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
        preview.basis = [commandInWords ?? "", version ?? "", "\(limit)"].joined(separator: "\n")
        guard let command = commandInWords else {
            guard let text = Attestation.answer(answers) else {
                preview.questions = [Question(Attestation.id, question)]
                return preview
            }
            preview.changes = [Attestation.change(text, by: workbench.identity)]
            return preview
        }
        var lines: [PreviewLine] = []
        if let folder = step.parameters.text("folder") { lines.append(PreviewLine(.note, "in \(OneLine.of(folder))")) }
        if let envFile {
            let count = try commandEnvironment().names.count
            lines.append(
                PreviewLine(.note, "with \(PlainText.count(count, "value")) of \(OneLine.of(envFile)), for it alone"))
        }
        lines.append(PreviewLine(.note, "for \(limit) s at most; what it prints is not kept"))
        if record.openIntents.contains(where: { $0.effect == Self.effect }) {
            lines.append(PreviewLine(.note, "it was begun before, and how it ended is not known: it runs once more"))
        }
        preview.changes = [PlannedChange("run \(command)", lines: lines)]
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
        guard let command else {
            guard let text = Attestation.answer(run.answers) else { return }
            return try await Attestation.write(text, by: workbench.identity, more: facts, run)
        }
        facts["command"] = .text(commandInWords ?? "")
        let environment = try commandEnvironment().entries
        let intent = try await run.journal.intend(Self.effect, facts)
        let start = ContinuousClock.now
        let ending = try await CommandRun(
            arguments: command, folder: folder, environment: environment, limit: .seconds(limit),
            showsOutput: workbench.showsCommandOutput
        ).run()
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
