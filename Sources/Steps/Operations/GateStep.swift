// Step kind `gate`: something refuses the next commit with a secret in it.

import Checklist
import Files
import Gate
import Git
import HTTP
import World

/// Installs the hook before each commit where nothing owns the hooks, and looks for the check in the files of continuous
/// integration; for what cannot be seen, a person answers.
struct GateStep: StepKind {
    static let description = KindDescription(
        name: "gate",
        about: "A hook and a check in continuous integration stop the next secret, or a person answers for it.",
        parameters: [
            ParameterDeclaration("attest", .text, about: "What a person is asked when not both are seen.")
        ])

    private static let largestFile = 1 << 20
    private static let usualQuestion =
        "Which hook or check refuses a commit with a secret in it, and where does it run?"
    /// Files of pipelines, by the service's name for `migrate ci init`; nil where it has none.
    private static let pipelineFiles: [(path: String, service: String?)] = [
        (".gitlab-ci.yml", "gitlab"), (".circleci/config.yml", "circleci"), ("Jenkinsfile", "jenkins"),
        (".buildkite/pipeline.yml", "buildkite"), ("azure-pipelines.yml", "azure"),
        ("bitbucket-pipelines.yml", "bitbucket"), (".travis.yml", nil), ("buildspec.yml", nil), (".drone.yml", nil),
    ]

    let step: Step
    let workbench: Workbench

    init(_ step: Step, _ workbench: Workbench) {
        self.step = step
        self.workbench = workbench
    }

    func observe(_ record: StepRecord) async throws -> Observation {
        let (hook, pipeline) = (try hook(), pipeline())
        if let hook, let pipeline {
            return .satisfied(
                Evidence(
                    "\(hook) and \(pipeline) run migrate",
                    facts: ["hook": .text(hook), "pipeline": .text(pipeline)]))
        }
        if let word = Attestation(in: record) {
            var facts = word.facts
            if let hook { facts["hook"] = .text(hook) }
            if let pipeline { facts["pipeline"] = .text(pipeline) }
            return .satisfied(Evidence(word.summary, facts: facts))
        }
        let reason =
            switch (hook, pipeline) {
            case (let hook?, nil): "\(hook) runs migrate on this machine, but no file of continuous integration does"
            case (nil, let pipeline?): "\(pipeline) runs migrate, but no hook on this machine does"
            default: "neither a hook nor a file of continuous integration runs migrate"
            }
        return .unsatisfied(reason: reason)
    }

    func preview(_ record: StepRecord, answers: Answers) async throws -> Preview {
        let (way, pipeline) = (try way(), pipeline())
        var preview = Preview(basis: way.basis)
        if case .install(let change) = way { preview.changes.append(planned(change)) }
        if let text = Attestation.answer(answers) {
            preview.changes.append(Attestation.change(text, by: workbench.identity))
            return preview
        }
        var canBeSeen = pipeline != nil
        if case .byHand(let lines) = way {
            preview.byHand += lines
            canBeSeen = false
        }
        if pipeline == nil { preview.byHand.append(pipelineAdvice) }
        if !canBeSeen, Attestation(in: record) == nil {
            let question = step.parameters.text("attest").map { OneLine.of($0) } ?? Self.usualQuestion
            // A hook that can be installed is no reason to wait for the rest.
            preview.questions.append(
                Question(Attestation.id, question, isRequired: preview.changes.isEmpty))
        }
        return preview
    }

    func apply(_ run: StepRun) async throws {
        let way = try way()
        try await settleHook(run)
        if case .install(let change) = way {
            guard way.basis == run.basis else { throw StepChanged(PlainText.line(shown(change))) }
            try await install(change, run)
        }
        if let text = Attestation.answer(run.answers) {
            try await Attestation.write(text, by: workbench.identity, run)
        }
    }

    // MARK: The pipeline

    /// The file of continuous integration that runs us; nil for none.
    private func pipeline() -> String? {
        let files = workflows.map { ".github/workflows/" + $0 } + Self.pipelineFiles.map(\.path)
        return files.first { mentionsUs(workbench.root + "/" + $0) }.map { OneLine.of($0) }
    }

    private var workflows: [String] {
        ((try? Folder.entries(at: workbench.root + "/.github/workflows")) ?? [])
            .filter { $0.kind == .file && ($0.name.hasSuffix(".yml") || $0.name.hasSuffix(".yaml")) }.map(\.name)
    }

    /// For the service that the repository uses already, if it shows.
    private var pipelineAdvice: String {
        let used = Self.pipelineFiles.first { FileStatus(at: workbench.root + "/" + $0.path) != nil }
        let service: String? = workflows.isEmpty ? used.map(\.service) ?? "github" : "github"
        guard let service else {
            return "Continuous integration: run `migrate ci` in a full clone; its exit code is 1 for findings."
        }
        let others = used == nil && workflows.isEmpty ? " (or gitlab, jenkins, …)" : ""
        return "Continuous integration: `migrate ci init \(service)`\(others) writes its file; commit it."
    }

    private func mentionsUs(_ path: String) -> Bool {
        guard let bytes = (try? FileContent.read(path, limit: Self.largestFile)) ?? nil else { return false }
        return Mention.runs(String(decoding: bytes, as: UTF8.self))
    }
}
