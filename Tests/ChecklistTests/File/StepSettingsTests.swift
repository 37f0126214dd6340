// What the settings say about the steps of a checklist, and which checklist counts.

import Checklist
import Foundation
import Settings
import Testing

@Suite("Settings of a checklist's steps")
struct ChecklistSettingsTests {
    private func applied(_ settings: String) throws -> Checklist {
        let read = try checklist(
            "  - {id: store, kind: store-values, title: T, with: {seconds: 5}}\n" + plainStep("check"))
        let configuration = try Configuration.parse(Array(settings.utf8), path: "config.yml")
        return try ChecklistFile.apply(
            settings: configuration.steps, to: read, settingsPath: "config.yml", kinds: SampleKinds.all)
    }

    @Test func `they come before those of the checklist`() throws {
        let changed = try applied("steps:\n  store:\n    seconds: 7\n    files: .env\n    description: 12\n  check:\n")
        #expect(changed["store"]?.parameters.number("seconds") == 7)
        #expect(changed["store"]?.parameters.values["files"] == .list([".env"]))
        #expect(changed["store"]?.parameters.text("description") == "12")
        #expect(changed["check"]?.parameters == StepParameters())
    }

    @Test(arguments: [
        ("steps:\n  stoer: {}", 2, "`sample` has no step `stoer`; did you mean `store`?"),
        ("steps:\n  xyz: {}", 2, "its steps: `store`, `check`"),
        ("steps:\n  store:\n    second: 1", 3, "did you mean `seconds`?"),
        ("steps:\n  store:\n    seconds: 7\n    strict: no", 4, "`strict` must be true or false"),
        ("steps:\n  check:\n    seconds: 7", 3, "it takes none"),
    ])
    func `they are checked in the same way, with the line of the settings`(
        text: String, line: Int, reason: String
    ) throws {
        let error = #expect(throws: ConfigurationError.self) { try applied(text) }
        #expect(error?.path == "config.yml" && error?.line == line, "\(String(describing: error))")
        #expect(error?.reason.contains(reason) == true, "\(String(describing: error))")
    }

    private func folder(_ files: [String: String]) throws -> String {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("checklist-" + UUID().uuidString).path
        for (name, text) in files {
            let path = root + "/" + name
            try FileManager.default.createDirectory(
                atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        }
        return root
    }

    private let own = "id: own\ntitle: T\nabout: A\nsteps:\n" + plainStep("only")

    @Test func `a team's own checklist is read from the path in the settings`() throws {
        let root = try folder([
            ".migrate/config.yml": "checklist: .migrate/own.yml\n", ".migrate/own.yml": own,
            "other.yml": own + plainStep("more"),
        ])
        defer { try? FileManager.default.removeItem(atPath: root) }
        let settings = try Configuration.load(root: root)
        let read = try ChecklistFile.load(settings: settings, root: root, kinds: SampleKinds.all)
        #expect(read.id == "own" && read.steps.count == 1)
        // What the command line says comes first.
        #expect(
            try ChecklistFile.load("other.yml", settings: settings, root: root, kinds: SampleKinds.all).steps.count == 2
        )
        #expect(
            try ChecklistFile.load(root + "/other.yml", settings: settings, root: root, kinds: SampleKinds.all).steps
                .count
                == 2)
    }

    @Test(arguments: [
        ("checklist: aws-secret-manager", "did you mean `aws-secrets-manager`?", 1),
        ("\nchecklist: nothing", "built in are `aws-secrets-manager`, `leak-response`, `rotate-sendgrid`", 2),
        ("checklist: nowhere.yml", "there is no checklist `nowhere.yml`", 1),
    ])
    func `a checklist that is not there is told with the line that names it`(
        text: String, reason: String, line: Int
    ) throws {
        let settings = try Configuration.parse(Array(text.utf8), path: "config.yml")
        let error = #expect(throws: ConfigurationError.self) {
            try ChecklistFile.load(settings: settings, root: "/nonexistent", kinds: SampleKinds.all)
        }
        #expect(error?.reason.contains(reason) == true, "\(String(describing: error))")
        #expect(error?.path == "/nonexistent/.migrate/config.yml" && error?.line == line)
    }
}
