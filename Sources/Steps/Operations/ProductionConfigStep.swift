// Step kind `production-config`: production is told which secret to read.

import AWS
import Checklist
import Files
import HTTP

/// Looks for the variable in the files that configure production; without such files, a person answers for it.
struct ProductionConfigStep: StepKind {
    static let description = KindDescription(
        name: "production-config",
        about: "The files that configure production set the variable that names the secret.",
        parameters: [
            ParameterDeclaration(
                "places", .list,
                about:
                    "Files: env file, ECS task definition, compose file, unit file, Helm values, workflow, Terraform."
            ),
            ParameterDeclaration("variable", .text, about: "The variable; AWS_SECRET_NAME by default."),
            ParameterDeclaration("value", .text, about: "What it must hold; the secret's name by default."),
        ])

    private static let largestFile = 8 << 20

    private let step: Step
    private let workbench: Workbench
    private let variable: String
    private let places: [String]

    init(_ step: Step, _ workbench: Workbench) {
        self.step = step
        self.workbench = workbench
        variable = step.parameters.text("variable") ?? "AWS_SECRET_NAME"
        places = step.parameters.list("places") ?? []
    }

    func observe(_ record: StepRecord) async throws -> Observation {
        guard !places.isEmpty else {
            guard let word = Attestation(in: record) else {
                return .unsatisfied(reason: "no file of production's is named, and nobody has answered for it yet")
            }
            return .satisfied(Evidence(word.summary, facts: word.facts))
        }
        let expected = try await expectedValue()
        var seen: [String] = []
        var problems: [String] = []
        for place in places {
            switch try look(at: place, for: expected) {
            case .success(let lines): seen += lines.map { "\(OneLine.of(place)):\($0)" }
            case .failure(let problem): problems.append(problem.reason)
            }
        }
        if let first = problems.first {
            let more = problems.count > 1 ? " (and \(problems.count - 1) more)" : ""
            return .unsatisfied(reason: first + more)
        }
        return .satisfied(
            Evidence(
                "\(variable) is \(OneLine.of(expected)) in \(PlainText.list(seen))",
                facts: ["variable": .text(variable), "value": .text(OneLine.of(expected)), "places": .list(seen)]))
    }

    private struct Problem: Error { let reason: String }

    /// The lines that set the variable as they should.
    private func look(at place: String, for expected: String) throws -> Result<[Int], Problem> {
        let shown = OneLine.of(place)
        let path = place.hasPrefix("/") ? place : workbench.root + "/" + place
        guard let bytes = try FileContent.read(path, limit: Self.largestFile) else {
            return .failure(Problem(reason: "there is no \(shown)"))
        }
        let entries = EnvironmentEntries.of(variable, in: bytes, path: place)
        guard !entries.isEmpty else { return .failure(Problem(reason: "\(shown) does not set \(variable)")) }
        for entry in entries {
            switch entry.value {
            // What is there instead may be anything, a pasted key even: it is not repeated.
            case .text(let text) where !Self.isSame(text, expected):
                let isReference = text.contains("$") || text.contains("{{") || text.hasPrefix("var.")
                return .failure(
                    Problem(
                        reason: "\(shown):\(entry.line) sets \(variable) "
                            + (isReference
                                ? "to a reference, which is not followed here" : "to something else than \(expected)")))
            case .text: break
            case .elsewhere:
                return .failure(
                    Problem(reason: "\(shown):\(entry.line) takes \(variable) from elsewhere, which is not seen here"))
            }
        }
        return .success(entries.map(\.line))
    }

    /// A name and the ARN of the secret with that name are the same to the application.
    private static func isSame(_ text: String, _ expected: String) -> Bool {
        if text == expected { return true }
        func resource(_ text: String) -> String? {
            guard let arn = ARN(text), arn.service == "secretsmanager", arn.resource.hasPrefix("secret:") else {
                return nil
            }
            return String(arn.resource.dropFirst("secret:".count))
        }
        func names(_ arn: String?, _ name: String) -> Bool {
            guard let arn else { return false }
            return arn == name || (arn.hasPrefix(name + "-") && arn.utf8.count == name.utf8.count + 7)
        }
        return names(resource(text), expected) || names(resource(expected), text)
    }

    private func expectedValue() async throws -> String {
        if let value = step.parameters.text("value") { return value }
        return try await workbench.store().name
    }

    // MARK: Doing

    func preview(_ record: StepRecord, answers: Answers) async throws -> Preview {
        let expected = try await expectedValue()
        guard places.isEmpty else {
            var byHand: [String] = []
            if case .unsatisfied(let reason) = try await observe(record) {
                byHand = ["Set \(variable)=\(OneLine.of(expected)) in \(PlainText.list(places)): \(reason)."]
            }
            return Preview(byHand: byHand, basis: expected)
        }
        if let text = Attestation.answer(answers) {
            return Preview(changes: [Attestation.change(text, by: workbench.identity)], basis: expected)
        }
        return Preview(
            questions: [
                Question(
                    Attestation.id,
                    "Where is \(variable)=\(OneLine.of(expected)) set for production, and who has seen it?")
            ],
            byHand: Self.advice(variable, OneLine.of(expected)), basis: expected)
    }

    private static func advice(_ variable: String, _ value: String) -> [String] {
        [
            "ECS: containerDefinitions[].environment of the task definition: {\"name\": \"\(variable)\", "
                + "\"value\": \"\(value)\"}; the task role reads the secret.",
            "Docker Compose: `environment: \(variable): \(value)`. systemd: `Environment=\(variable)=\(value)`.",
            "Kubernetes, Helm: `env: - name: \(variable)` with `value: \(value)`. Elsewhere: the platform's page of "
                + "environment variables.",
            "Name the file under `steps: \("production-config"): places:` in .migrate/config.yml, and it is looked at "
                + "each time.",
        ]
    }

    func apply(_ run: StepRun) async throws {
        guard places.isEmpty, let text = Attestation.answer(run.answers) else { return }
        try await Attestation.write(text, by: workbench.identity, run)
    }
}
