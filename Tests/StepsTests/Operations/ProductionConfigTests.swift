// Production is told which secret to read: seen in the files that say so.

import Checklist
import Settings
import Testing

@testable import Steps

@Suite struct ProductionConfigTests {
    struct Form: Sendable, CustomTestStringConvertible {
        var testDescription: String { file }
        var file: String
        /// `VALUE` stands for the value.
        var text: String
        var line: Int
    }

    static let forms = [
        Form(file: ".env.production", text: "# AWS_SECRET_NAME=old\nAWS_SECRET_NAME=VALUE\n", line: 2),
        Form(file: "quoted.env", text: "PORT=1\nexport AWS_SECRET_NAME=\"VALUE\" # the secret\n", line: 2),
        Form(
            file: "compose.yml", text: "services:\n  app:\n    environment:\n      AWS_SECRET_NAME: VALUE\n", line: 4),
        Form(
            file: "compose-list.yml",
            text: "services:\n  app:\n    environment:\n      - PORT=1\n      - AWS_SECRET_NAME=VALUE\n", line: 5),
        Form(file: "compose-quoted.yml", text: "environment:\n  - 'AWS_SECRET_NAME=VALUE'\n", line: 2),
        Form(
            file: "values.yaml",
            text: "env:\n  - name: PORT\n    value: \"1\"\n  - name: AWS_SECRET_NAME\n    value: VALUE\n",
            line: 5),
        Form(
            file: "template.yaml",
            text: "env:\n{{- if .x }}\n  - name: \"AWS_SECRET_NAME\"\n    value: 'VALUE'\n{{ end }}\n",
            line: 4),
        Form(file: "flow.yaml", text: "env: [{name: AWS_SECRET_NAME, value: VALUE}]\n", line: 1),
        Form(file: "reversed.yaml", text: "env:\n  - value: VALUE\n    name: AWS_SECRET_NAME\n", line: 2),
        Form(
            file: "task.json",
            text: """
                {"containerDefinitions": [
                  {"name": "app", "environment": [
                    {"name": "PORT", "value": "1"},
                    {"name": "AWS_SECRET_NAME",
                     "value": "VALUE"}]}]}
                """, line: 5),
        Form(
            file: "lambda.json",
            text: "{\"Environment\": {\"Variables\":\n{\"AWS_SECRET_NAME\": \"VALUE\"}}}", line: 2),
        Form(file: "app.service", text: "[Service]\nEnvironment=PORT=1\nEnvironment=AWS_SECRET_NAME=VALUE\n", line: 3),
        Form(file: "quoted.service", text: "[Service]\nEnvironment=\"PORT=1\" \"AWS_SECRET_NAME=VALUE\"\n", line: 2),
        Form(
            file: ".github/workflows/deploy.yml", text: "jobs:\n  x:\n    env:\n      AWS_SECRET_NAME: VALUE\n", line: 4
        ),
        Form(
            file: "main.tf",
            text: "environment {\n  variables = {\n    AWS_SECRET_NAME = \"VALUE\"\n  }\n}\n", line: 3),
        Form(file: "ecs.tf", text: "env {\n  name  = \"AWS_SECRET_NAME\"\n  value = \"VALUE\"\n}\n", line: 3),
        Form(file: "Dockerfile", text: "FROM x\nENV AWS_SECRET_NAME VALUE\n", line: 2),
        Form(file: "Dockerfile.new", text: "FROM x\nENV PORT=1 AWS_SECRET_NAME=VALUE\n", line: 2),
    ]

    private static func step(_ bench: Bench, _ places: [String]) throws -> Rehearsal {
        Rehearsal(
            try Bench.kind(
                "production-config", places.isEmpty ? [:] : ["places": .list(places)], on: bench.workbench()))
    }

    @Test(arguments: forms)
    func `every form is read, and told with its line`(form: Form) async throws {
        let bench = try Bench()
        try bench.repository.write(form.file, form.text.replacing("VALUE", with: Bench.secret))
        let evidence = try #require(try await Self.step(bench, [form.file]).observe().evidence)
        #expect(evidence.facts.list("places") == ["\(form.file):\(form.line)"])
        #expect(evidence.facts.text("value") == Bench.secret)
    }

    @Test(arguments: forms)
    func `another value is told with its line, and not repeated`(form: Form) async throws {
        let bench = try Bench()
        try bench.repository.write(form.file, form.text.replacing("VALUE", with: "pasted-by-mistake"))
        let observation = try await Self.step(bench, [form.file]).observe()
        #expect(
            observation.reason
                == "\(form.file):\(form.line) sets AWS_SECRET_NAME to something else than \(Bench.secret)")
    }

    @Test(arguments: [
        ("a.yml", "OTHER_AWS_SECRET_NAME: fluxion/production\n"), ("a.yml", "AWS_SECRET_NAME_2: fluxion/production\n"),
        ("a.yml", "run: echo $AWS_SECRET_NAME=fluxion/production\n"),
        ("a.tf", "// AWS_SECRET_NAME = \"fluxion/production\"\n"),
        ("a.json", #"{"name": "app", "value": "fluxion/production"}"#), ("a.env", ""),
    ])
    func `what only looks like it does not count`(file: String, text: String) async throws {
        let bench = try Bench()
        try bench.repository.write(file, text)
        #expect(try await Self.step(bench, [file]).observe().reason == "\(file) does not set AWS_SECRET_NAME")
    }

    @Test func `the secret's ARN is as good as its name, another secret's is not`() async throws {
        let bench = try Bench()
        let arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:"
        try bench.repository.write("a.env", "AWS_SECRET_NAME=\(arn)fluxion/production-AbCdEf\n")
        #expect(try await Self.step(bench, ["a.env"]).observe().evidence != nil)
        for other in ["fluxion/production-staging-AbCdEf", "fluxion/staging-AbCdEf"] {
            try bench.repository.write("a.env", "AWS_SECRET_NAME=\(arn)\(other)\n")
            #expect(try await Self.step(bench, ["a.env"]).observe().evidence == nil)
        }
    }

    @Test func `what cannot be seen in the file is not taken for done`() async throws {
        let bench = try Bench()
        try bench.repository.write("a.yml", "AWS_SECRET_NAME: ${NAME}\n")
        #expect(try await Self.step(bench, ["a.yml"]).observe().reason?.contains("a reference") == true)
        try bench.repository.write(
            "t.json", #"{"secrets": [{"name": "AWS_SECRET_NAME", "valueFrom": "arn:aws:ssm:…"}]}"#)
        #expect(try await Self.step(bench, ["t.json"]).observe().reason?.contains("from elsewhere") == true)
    }

    @Test func `all places count, and a missing one is named`() async throws {
        let bench = try Bench()
        try bench.repository.write("a.env", "AWS_SECRET_NAME=fluxion/production\n")
        let step = try Self.step(bench, ["a.env", "b.env"])
        #expect(try await step.observe().reason == "there is no b.env")
        #expect(try await step.preview().byHand.first?.contains("there is no b.env") == true)
        #expect(try await step.preview().questions.isEmpty)
    }

    @Test func `without places a person answers, and is told where to look`() async throws {
        let bench = try Bench()
        let step = try Self.step(bench, [])
        let preview = try await step.preview()
        #expect(preview.questions.map(\.id) == ["attest"])
        #expect(preview.text.contains("ECS") && preview.text.contains("fluxion/production"))
        #expect(try await step.run(["attest": .text("seen in the console")]).evidence != nil)
    }

    /// Seeded, so that a failure can be repeated.
    @Test func `no text makes the reader fall over`() {
        var state: UInt64 = 11
        func next(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        let parts = [
            "AWS_SECRET_NAME", "name:", "value", "=", ":", "\"", "'", "\n", " ", "- ", "{", "}", ",", "é", "\r\n",
        ]
        for _ in 0..<4_000 {
            let text = (0..<next(20)).map { _ in parts[next(parts.count)] }.joined()
            for path in ["a.yml", "a.json"] {
                for entry in EnvironmentEntries.of("AWS_SECRET_NAME", in: Array(text.utf8), path: path) {
                    #expect(entry.line >= 1)
                }
            }
        }
    }
}
