// Files of checklists: what they may say, and where they are wrong.

import Checklist
import Settings
import Testing

@Suite("Checklist files")
struct ChecklistFileTests {
    @Test func `everything a file can say is read`() throws {
        let read = try parse(
            """
            id: team-2
            title: The team's own
            about: >
              Words over
              two lines.
            steps:
              - id: prepare
                kind: plain
                title: Prepare
              - id: store
                kind: store-values
                title: "Store: all"
                why: It is better.
                with:
                  description: 2026
                  colour: green
                  seconds: 60
                  strict: true
                  files: .env
                  tags: {team: shop, cost-centre: 0042}
                needs: [prepare]
                emergency-needs: []
            """)
        #expect(read.id == "team-2" && read.title == "The team's own" && read.about == "Words over two lines.")
        #expect(read.steps.map(\.id) == ["prepare", "store"])
        let store = try #require(read["store"])
        #expect(store.title == "Store: all" && store.why == "It is better." && store.kind == "store-values")
        #expect(store.needs == ["prepare"] && store.emergencyNeeds == [])
        #expect(store.parameters.text("description") == "2026")
        #expect(store.parameters.text("colour") == "green")
        #expect(store.parameters.number("seconds") == 60)
        #expect(store.parameters.flag("strict") == true)
        #expect(store.parameters.values["files"] == .list([".env"]))
        #expect(store.parameters.map("tags")?.map(\.value) == ["shop", "0042"])
        #expect(read["prepare"]?.emergencyNeeds == nil && read["prepare"]?.why == nil)
        #expect(read.steps(in: .standard).map(\.id) == ["prepare", "store"])
    }

    @Test(arguments: [
        ("id: Sample\ntitle: T\nabout: A\nsteps: []", 1, "lower-case words with dashes"),
        ("id: a--b\ntitle: T\nabout: A\nsteps: []", 1, "lower-case words with dashes"),
        ("title: T\nabout: A\nsteps: []", 1, "`id` is missing"),
        ("id: a\ntitle: T\nabout: A\nsteps: []", 4, "from one to 200 steps"),
        ("id: a\ntitle: T\nabout: A\nsteps: {}", 4, "`steps` must be a list"),
        ("id: a\ntitle: ''\nabout: A\nsteps: []", 2, "`title` must be a text"),
        ("id: a\ntitle: T\nabuot: A\nsteps: []", 3, "unknown key `abuot`; did you mean `about`?"),
        ("id: a\nid: b", 1, "`id` stands twice"),
        ("id: [", 2, ""),
        ("- a", 1, "`key: value` lines"),
        ("", 0, "it is empty"),
    ])
    func `a file as a whole that is wrong is refused with line and reason`(
        text: String, line: Int, reason: String
    ) throws {
        let error = #expect(throws: ConfigurationError.self) { try parse(text) }
        #expect(error?.path == "team.yml")
        #expect(error?.line == line, "\(String(describing: error))")
        #expect(
            error?.reason.contains(reason) == true && error?.reason.isEmpty == false, "\(String(describing: error))")
    }

    @Test(arguments: [
        ("  - {id: a, kind: plian, title: T}", 5, "no kind of step `plian`; did you mean `plain`?"),
        ("  - {id: a, kind: xyz, title: T}", 5, "known are `plain`, `run-command`, `store-values`"),
        ("  - {id: a, kind: plain, title: T}\n  - {id: a, kind: plain, title: T}", 6, "in line 5 already"),
        ("  - {id: a, kind: plain}", 5, "`title` is missing"),
        ("  - {id: a b, kind: plain, title: T}", 5, "lower-case words"),
        ("  - {id: -a, kind: plain, title: T}", 5, "lower-case words"),
        ("  - {id: a, kind: plain, title: T, need: [b]}", 5, "unknown key `need`; did you mean `needs`?"),
        ("  - {id: a, kind: plain, title: T, with: {x: 1}}", 5, "takes no parameter `x`; it takes none"),
        ("  - id: a\n    kind: run-command\n    title: T\n", 5, "needs `run` under `with`: The command"),
        ("  - id: a\n    kind: store-values\n    title: T\n    with:\n      file: x", 9, "did you mean `files`?"),
        ("  - id: a\n    kind: store-values\n    title: T\n    with:\n      wholly: x", 9, "it takes `description`"),
        ("  - id: a\n    kind: store-values\n    title: T\n    with: x", 8, "`with` must hold"),
        ("  - a", 5, "a step must hold"),
        ("  - {id: a, kind: plain, title: T, needs: [b]}", 5, "`a` needs `b`, and there is no such step"),
        ("  - {id: abc, kind: plain, title: T, needs: [abd]}", 5, "did you mean `abc`?"),
        ("  - {id: a, kind: plain, title: T, needs: [b, b]}", 5, "`b` stands twice in `needs`"),
        ("  - {id: a, kind: plain, title: T, emergency-needs: [B]}", 5, "`emergency-needs` takes lower-case"),
        ("  - {id: a, kind: plain, title: \"T\\e[31m\"}", 5, "control characters"),
    ])
    func `a step that is wrong is refused with line and reason`(steps: String, line: Int, reason: String) throws {
        let error = #expect(throws: ConfigurationError.self) { try checklist(steps) }
        #expect(error?.line == line, "\(String(describing: error))")
        #expect(error?.reason.contains(reason) == true, "\(String(describing: error))")
    }

    @Test(arguments: [
        ("description: [a]", "`description` must be a text"), ("description: ''", "`description` must be a text"),
        ("description: \"a\\nb\"", "`description` must be one line"), ("description:", "`description` has no value"),
        ("colour: gren", "takes one of `red`, `green`; did you mean `green`?"),
        ("seconds: 61", "`seconds` must be from 1 to 60, not 61"), ("seconds: '5'", "must be a whole number"),
        ("seconds: 1.5", "must be a whole number"), ("seconds: 007", "must be a whole number"),
        ("strict: yes", "`strict` must be true or false"), ("strict: 1", "`strict` must be true or false"),
        ("files: {a: b}", "`files` must be a list of texts"), ("files: [[a]]", "not lists or further keys"),
        ("files: [a, ]\n      strict: maybe", "`strict` must be true or false"),
        ("tags: [a]", "`tags` must hold `name: text` lines"), ("tags: {a: {b: c}}", "not lists or further keys"),
        ("tags: {a: ~}", "not lists or further keys"),
    ])
    func `a parameter of the wrong kind is refused`(parameter: String, reason: String) throws {
        let error = #expect(throws: ConfigurationError.self) {
            try checklist("  - id: a\n    kind: store-values\n    title: T\n    with:\n      \(parameter)\n")
        }
        #expect(error?.line == (parameter.contains("\n") ? 10 : 9), "\(String(describing: error))")
        #expect(error?.reason.contains(reason) == true, "\(String(describing: error))")
    }

    @Test(arguments: [
        (plainStep("a", needs: "a"), 5, "a step waits for itself: `a` needs `a`"),
        (
            plainStep("z") + plainStep("a", needs: "z, c") + plainStep("b", needs: "a") + plainStep("c", needs: "b"), 6,
            "steps wait for each other: `a` needs `c` needs `b` needs `a`"
        ),
        // What only waits for a circle is not part of it.
        (
            plainStep("first", needs: "a") + plainStep("a", needs: "b") + plainStep("b", needs: "a"), 6,
            ": `a` needs `b` needs `a`"
        ),
        (
            plainStep("a", needs: "b") + plainStep("b", emergency: "a"), 5,
            "steps wait for each other in the emergency order: `a` needs `b` needs `a`"
        ),
    ])
    func `steps that wait for each other are named in their order`(steps: String, line: Int, reason: String) throws {
        let error = #expect(throws: ConfigurationError.self) { try checklist(steps) }
        #expect(error?.reason.contains(reason) == true, "\(String(describing: error))")
        #expect(error?.line == line, "\(String(describing: error))")
    }

    @Test func `what would be a circle in the default order may be none in an emergency`() throws {
        let read = try checklist(
            plainStep("revoke", needs: "switch", emergency: "") + plainStep("switch", emergency: "revoke"))
        #expect(read.steps(in: .standard).map(\.id) == ["switch", "revoke"])
        #expect(read.steps(in: .emergency).map(\.id) == ["revoke", "switch"])
    }

    @Test func `bytes that are no text, too many, or aliases are refused`() throws {
        let cases: [([UInt8], String)] = [
            ([0xFF, 0xFE, 0x41], "not UTF-8"),
            ([UInt8](repeating: UInt8(ascii: "#"), count: 300 << 10), "more than 256 KiB"),
            (Array("id: &a x\ntitle: *a\n".utf8), "aliases"),
        ]
        for (bytes, reason) in cases {
            let error = #expect(throws: ConfigurationError.self) {
                try ChecklistFile.parse(bytes, path: "c.yml", kinds: SampleKinds.all)
            }
            #expect(error?.reason.contains(reason) == true, "\(String(describing: error))")
        }
    }

    @Test func `reasons stay one short line whatever the file says`() throws {
        let long = String(repeating: "x", count: 5_000)
        for text in ["\"a\\nb\\e[2J\": 1", "\(long): 1", "id: \"\\u202Eevil\\n\"\ntitle: T\nabout: A\nsteps: [1]"] {
            let error = #expect(throws: ConfigurationError.self) { try parse(text) }
            let reason = try #require(error?.reason)
            #expect(reason.utf8.allSatisfy { $0 >= 0x20 } && !reason.contains("\u{202E}"), "\(reason)")
            #expect(reason.count < 400)
        }
    }
}
