// Step kind `gate`: something refuses the next commit with a secret in it.

import Checklist
import Files
import Git
import HTTP
import World

/// Looks for the tool in git's hooks and in the files of continuous integration; otherwise a person answers for it.
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
    /// Where hooks of the usual managers are kept, besides git's own folder.
    private static let hookFiles = [
        ".husky/pre-commit", ".githooks/pre-commit", ".pre-commit-config.yaml", "lefthook.yml", "lefthook.yaml",
    ]
    private static let pipelineFiles = [
        ".gitlab-ci.yml", ".circleci/config.yml", "Jenkinsfile", "azure-pipelines.yml", "bitbucket-pipelines.yml",
        ".travis.yml", "buildspec.yml", ".drone.yml",
    ]

    private let step: Step
    private let workbench: Workbench

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
        if let text = Attestation.answer(answers) {
            return Preview(changes: [Attestation.change(text, by: workbench.identity)])
        }
        let question = step.parameters.text("attest").map { OneLine.of($0) } ?? Self.usualQuestion
        return Preview(
            questions: [Question(Attestation.id, question)],
            byHand: [
                "Hook: have pre-commit run `migrate scan --staged`, which takes no longer than the commit itself.",
                "Continuous integration: run `migrate scan` in a full clone; its exit code is 1 for findings.",
            ])
    }

    func apply(_ run: StepRun) async throws {
        guard let text = Attestation.answer(run.answers) else { return }
        try await Attestation.write(text, by: workbench.identity, run)
    }

    // MARK: Looking

    /// The hook that runs us on this machine; nil for none.
    private func hook() throws -> String? {
        let repository = try Repository(discovering: workbench.root)
        var folder = repository.commonFolder + "hooks"
        var shown = ".git/hooks"
        if let named = repository.configuration("core.hookspath"), !named.isEmpty {
            let path = named.hasPrefix("~/") ? (workbench.world.homeFolder ?? "~") + named.dropFirst() : named
            folder = path.hasPrefix("/") ? path : workbench.root + "/" + path
            shown = OneLine.of(named)
        }
        if mentionsUs(folder + "/pre-commit") { return shown + "/pre-commit" }
        // What a manager of hooks would run counts when it is installed at all.
        guard FileStatus(at: folder + "/pre-commit")?.kind == .file else { return nil }
        return Self.hookFiles.first { mentionsUs(workbench.root + "/" + $0) }
    }

    private func pipeline() -> String? {
        let workflows = ((try? Folder.entries(at: workbench.root + "/.github/workflows")) ?? [])
            .filter { $0.kind == .file && ($0.name.hasSuffix(".yml") || $0.name.hasSuffix(".yaml")) }
            .map { ".github/workflows/" + $0.name }
        return (workflows + Self.pipelineFiles).first { mentionsUs(workbench.root + "/" + $0) }
            .map { OneLine.of($0) }
    }

    private func mentionsUs(_ path: String) -> Bool {
        guard let bytes = (try? FileContent.read(path, limit: Self.largestFile)) ?? nil else { return false }
        return Self.runsUs(String(decoding: bytes, as: UTF8.self))
    }

    /// Whether a text runs one of our gates. The name alone does not tell: frameworks have commands of that name.
    static func runsUs(_ text: String) -> Bool {
        text.split(whereSeparator: \.isNewline).contains { line in
            guard !line.drop(while: { $0.isWhitespace }).hasPrefix("#") else { return false }
            let words = line.split { $0.isWhitespace || "\"';&|()[],".contains($0) }
            return zip(words, words.dropFirst()).contains { word, next in
                (word == "migrate" || word.hasSuffix("/migrate")) && ["scan", "hook", "ci"].contains(next)
            }
        }
    }
}
