// Examples/fleet: the command lines in the manifests are run as the platforms run them, with their variables.

import Foundation
import TestServers
import Testing

@Suite struct FleetManifestTests {
    private static let examples = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Examples/fleet").path

    /// What Python prints, as JSON.
    private static func python(_ script: String, _ arguments: String...) throws -> Any {
        let run = try runProgram(PythonEnvironment.python(), ["-c", script] + arguments)
        try #require(run.status == 0, "\(run.errors)")
        return try JSONSerialization.jsonObject(with: Data(run.output.utf8), options: .fragmentsAllowed)
    }

    /// The documents of a YAML file. `on` is a key and no truth.
    private static func yaml(_ name: String) throws -> [[String: Any]] {
        let script =
            "import json, sys, yaml; print(json.dumps(list(yaml.load_all(open(sys.argv[1]), yaml.BaseLoader))))"
        return try #require(try python(script, examples + "/" + name) as? [[String: Any]])
    }

    private static func json(_ name: String) throws -> [String: Any] {
        try #require(
            try JSONSerialization.jsonObject(with: Data(Scratch.bytes(examples + "/" + name))) as? [String: Any])
    }

    /// Runs a manifest's script where `migrate` is in the PATH.
    private static func run(
        _ script: String, in folder: String, _ variables: [String: String], shell: [String] = ["/bin/sh", "-c"]
    ) async throws -> Outcome {
        let bin = try Scratch.folder("bin")
        try FileManager.default.createSymbolicLink(atPath: bin + "/migrate", withDestinationPath: Program.path)
        var environment = Program.environment.merging(variables) { $1 }
        environment["PATH"] = bin + ":" + (environment["PATH"] ?? "")
        return try await Running(
            shell + [script], in: folder, input: "/dev/null", output: nil, environment: environment
        ).end()
    }

    /// A fleet whose whole report is there to compare with, and a folder for those of shards.
    private static func mounted() async throws -> (fleet: Fleet, reports: String) {
        let fleet = try await Fleet.make()
        #expect(try await fleet.scan(output: "whole.json").status == 1)
        return (fleet, try Scratch.folder("reports"))
    }

    @Test func `a Kubernetes Job scans by its completion index, and its merge gives the whole`() async throws {
        let jobs = try Self.yaml("kubernetes.yaml")
        #expect(jobs.map { $0["kind"] as? String } == ["Job", "Job"])
        func container(_ job: [String: Any]) throws -> [String: Any] {
            let spec = try #require(job["spec"] as? [String: Any])
            let template = try #require(spec["template"] as? [String: Any])
            let pod = try #require(template["spec"] as? [String: Any])
            return try #require((pod["containers"] as? [[String: Any]])?.first)
        }
        func script(_ container: [String: Any]) throws -> String {
            #expect(container["command"] as? [String] == ["/bin/sh", "-c"])
            return try #require((container["args"] as? [String])?.first)
        }
        func variables(_ container: [String: Any]) -> [String: String] {
            let list = container["env"] as? [[String: String]] ?? []
            return Dictionary(
                uniqueKeysWithValues: list.compactMap { entry in entry["name"].map { ($0, entry["value"] ?? "") } })
        }
        let spec = try #require(jobs[0]["spec"] as? [String: Any])
        #expect(spec["completionMode"] as? String == "Indexed")
        let scan = try container(jobs[0])
        let completions = try #require((spec["completions"] as? String).flatMap { Int($0) })
        #expect(variables(scan)["SHARDS"] == "\(completions)")

        let (fleet, reports) = try await Self.mounted()
        var environment = variables(scan)
        environment["REPOSITORIES"] = fleet.list
        environment["REPORTS"] = reports
        for index in 0..<completions {
            environment["JOB_COMPLETION_INDEX"] = "\(index)"
            let outcome = try await Self.run(script(scan), in: fleet.folder, environment)
            #expect(outcome.status == 0, "\(outcome.errorText)")
        }
        let merge = try container(jobs[1])
        let merged = try await Self.run(script(merge), in: reports, ["REPORTS": reports])
        #expect(merged.status == 1)
        #expect(Scratch.bytes(reports + "/fleet.json") == fleet.bytes("whole.json"))
        // A shard's pod that never ended: the merge tells, and is not green.
        try FileManager.default.removeItem(atPath: reports + "/shard-2.json")
        #expect(try await Self.run(script(merge), in: reports, ["REPORTS": reports]).status == 2)
        // What keeps a shard from ending is for Kubernetes to try again.
        environment["REPOSITORIES"] = fleet.folder + "/none"
        #expect(try await Self.run(script(scan), in: fleet.folder, environment).status == 3)
    }

    @Test func `an AWS Batch array scans by its array index, and its definitions are what the API takes`() async throws
    {
        let check = """
            import json, sys, botocore.session, botocore.validate
            model = botocore.session.get_session().get_service_model("batch")
            shape = model.operation_model(sys.argv[2]).input_shape
            known = set(shape.members)
            body = json.load(open(sys.argv[1]))
            report = botocore.validate.ParamValidator().validate(body, shape)
            print(json.dumps([report.generate_report(), sorted(set(body) - known),
                sorted(set(body.get("containerProperties", {})) - set(model.shape_for("ContainerProperties").members))]))
            """
        for (name, operation) in [
            ("aws-batch-scan.json", "RegisterJobDefinition"), ("aws-batch-merge.json", "RegisterJobDefinition"),
            ("aws-batch-submit.json", "SubmitJob"),
        ] {
            let result = try #require(try Self.python(check, Self.examples + "/" + name, operation) as? [Any])
            #expect(result[0] as? String == "", "\(name)")
            #expect((result[1] as? [String]) == [] && (result[2] as? [String]) == [], "\(name)")
        }
        func container(_ name: String) throws -> (script: String, variables: [String: String]) {
            let properties = try #require(try Self.json(name)["containerProperties"] as? [String: Any])
            let command = try #require(properties["command"] as? [String])
            #expect(command.count == 3 && command.prefix(2) == ["/bin/sh", "-c"])
            let list = properties["environment"] as? [[String: String]] ?? []
            return (command[2], Dictionary(uniqueKeysWithValues: list.map { ($0["name"] ?? "", $0["value"] ?? "") }))
        }
        let submit = try Self.json("aws-batch-submit.json")
        let size = try #require((submit["arrayProperties"] as? [String: Int])?["size"])
        let scan = try container("aws-batch-scan.json")
        #expect(scan.variables["SHARDS"] == "\(size)")
        #expect(
            submit["jobDefinition"] as? String == (try Self.json("aws-batch-scan.json")["jobDefinitionName"] as? String)
        )

        let (fleet, reports) = try await Self.mounted()
        var environment = scan.variables.merging(["REPOSITORIES": fleet.list, "REPORTS": reports]) { $1 }
        for index in 0..<size {
            environment["AWS_BATCH_JOB_ARRAY_INDEX"] = "\(index)"
            #expect(try await Self.run(scan.script, in: fleet.folder, environment).status == 0)
        }
        let merged = try await Self.run(container("aws-batch-merge.json").script, in: reports, ["REPORTS": reports])
        #expect(merged.status == 1)
        #expect(Scratch.bytes(reports + "/fleet.json") == fleet.bytes("whole.json"))
    }

    /// Repositories to clone from, and what one run over clones of all of them writes.
    private static func origins() async throws -> (base: String, list: String, whole: [UInt8]) {
        let fleet = try await Fleet.make(["missing"])
        // Nobody can clone it; the rest can.
        let lines = fleet.text("list").split(separator: "\n").filter { $0 != "broken" }
        let list = lines.joined(separator: "\n") + "\n"
        let clones = try Scratch.folder("clones")
        try Scratch.write(list, to: clones + "/repositories.txt")
        for name in lines where !name.hasPrefix("#") && name != "missing" {
            try await Git.run(["clone", "--quiet", "--mirror", "\(fleet.folder)/\(name)", String(name)], in: clones)
        }
        _ = try await Program.run(
            ["scan", "--repos", "repositories.txt", "--format", "json", "--output", "whole.json"], in: clones)
        return (fleet.folder, list, Scratch.bytes(clones + "/whole.json"))
    }

    @Test func `a matrix of GitHub Actions clones and scans its own repositories, and the merge gives the whole`()
        async throws
    {
        let jobs = try #require(try Self.yaml("github-actions.yml")[0]["jobs"] as? [String: [String: Any]])
        func script(_ job: String, _ step: String) throws -> String {
            let steps = try #require(jobs[job]?["steps"] as? [[String: Any]])
            return try #require(steps.first { $0["name"] as? String == step }?["run"] as? String)
        }
        let strategy = try #require(jobs["scan"]?["strategy"] as? [String: Any])
        let shards = try #require((strategy["matrix"] as? [String: [String]])?["shard"])
        let variables = try #require(jobs["scan"]?["env"] as? [String: String])
        #expect(variables["SHARD"] == "${{ matrix.shard }}")
        #expect(variables["SHARDS"] == "\(shards.count)")

        let (base, list, whole) = try await Self.origins()
        let downloads = try Scratch.folder("downloads")
        for shard in shards {
            let workspace = try Scratch.folder("workspace")
            try Scratch.write(list, to: workspace + "/repositories.txt")
            let outcome = try await Self.run(
                script("scan", "Scan"), in: workspace, ["SHARD": shard, "SHARDS": "\(shards.count)", "BASE": base],
                shell: ["bash", "-e", "-c"])
            #expect(outcome.status == 0, "\(outcome.errorText)")
            try Scratch.write(
                Scratch.bytes("\(workspace)/shard-\(shard).json"), to: "\(downloads)/shard-\(shard).json")
        }
        let merged = try await Self.run(
            script("merge", "Merge"), in: downloads, ["GITHUB_STEP_SUMMARY": downloads + "/summary"],
            shell: ["bash", "-e", "-c"])
        #expect(merged.status == 1)
        #expect(Scratch.bytes(downloads + "/fleet.json") == whole && !whole.isEmpty)
        #expect(String(decoding: Scratch.bytes(downloads + "/summary"), as: UTF8.self).hasPrefix("## migrate scan\n"))
    }

    @Test func `a parallel job of GitLab clones and scans its own repositories, and the merge gives the whole`()
        async throws
    {
        let pipeline = try Self.yaml("gitlab-ci.yml")[0]
        let scan = try #require(pipeline["scan"] as? [String: Any])
        let count = try #require((scan["parallel"] as? String).flatMap { Int($0) })
        func script(_ job: [String: Any]) throws -> String {
            try #require(job["script"] as? [String]).joined(separator: "\n")
        }
        let (base, list, whole) = try await Self.origins()
        let artifacts = try Scratch.folder("artifacts")
        for index in 1...count {
            let workspace = try Scratch.folder("workspace")
            try Scratch.write(list, to: workspace + "/repositories.txt")
            let outcome = try await Self.run(
                script(scan), in: workspace,
                ["CI_NODE_INDEX": "\(index)", "CI_NODE_TOTAL": "\(count)", "BASE": base],
                shell: ["/bin/sh", "-e", "-c"])
            #expect(outcome.status == 0, "\(outcome.errorText)")
            try Scratch.write(
                Scratch.bytes("\(workspace)/shard-\(index).json"), to: "\(artifacts)/shard-\(index).json")
        }
        let merge = try #require(pipeline["merge"] as? [String: Any])
        let merged = try await Self.run(script(merge), in: artifacts, [:], shell: ["/bin/sh", "-e", "-c"])
        #expect(merged.status == 1)
        #expect(Scratch.bytes(artifacts + "/fleet.json") == whole && !whole.isEmpty)
    }

    @Test func `the list of the examples is a list, and the page names every file`() async throws {
        let outcome = try await Program.run(
            ["scan", "--repos", Self.examples + "/repositories.txt", "--list-repos"])
        #expect(outcome.status == 0)
        #expect(outcome.text.split(separator: "\n").count == 4)
        let page = String(decoding: Scratch.bytes(Self.examples + "/README.md"), as: UTF8.self)
        for name in Scratch.names(in: Self.examples) where name != "README.md" {
            #expect(
                page.contains(name) || (name.hasPrefix("aws-batch-") && page.contains("aws-batch-*.json")), "\(name)")
        }
    }
}
