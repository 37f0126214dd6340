// The digest: the same for the same steps, another for others.

import Checklist
import Settings
import Testing

@Suite("Digest of a checklist")
struct ChecklistDigestTests {
    private let original = """
        id: sample
        title: Sample
        about: For tests.
        steps:
          - id: a
            kind: plain
            title: A
          - id: b
            kind: store-values
            title: B
            with:
              seconds: 5
              files: [x, y]
              tags: {k: v, l: w}
            needs: [a]

        """

    @Test func `it is SHA-256 in hexadecimal`() throws {
        let digest = try parse(original).digest
        #expect(digest.hasPrefix("sha256:") && digest.utf8.count == 71)
    }

    @Test func `words, comments, layout and the order of names do not change it`() throws {
        let other = """
            # A comment.
            steps:
              - {kind: store-values, id: b, title: Other words, why: Because., emergency-needs: [a], needs: [a],
                 with: {tags: {l: w, k: 'v'}, seconds: 5, files: [x, "y"]}}
              - {id: a, kind: plain, title: Another}
            about: Something else.
            title: Another title
            id: sample
            """
        #expect(try parse(other).digest == parse(original).digest)
    }

    @Test(arguments: [
        ("id: sample", "id: samples"), ("id: a", "id: c"), ("kind: plain", "kind: store-values"),
        ("seconds: 5", "seconds: 6"), ("[x, y]", "[y, x]"), ("[x, y]", "['x, y']"), ("k: v", "k: w"),
        ("needs: [a]", "needs: []"), ("needs: [a]", "needs: [a]\n    emergency-needs: []"),
        ("seconds: 5", "strict: true"),
    ])
    func `what a step does changes it`(from: String, to: String) throws {
        var changed = original.replacing(from, with: to)
        if to == "id: c" { changed = changed.replacing("needs: [a]", with: "needs: [c]") }
        #expect(changed != original)
        #expect(try parse(changed).digest != parse(original).digest)
    }

    @Test func `parameters of the settings do not change it`() throws {
        let read = try parse(original)
        let changed = try ChecklistFile.apply(
            settings: [StepSettings(id: "b", line: 1, entries: [.init(name: "seconds", value: .number(9), line: 2)])],
            to: read, settingsPath: "config.yml", kinds: SampleKinds.all)
        #expect(changed["b"]?.parameters.number("seconds") == 9)
        #expect(changed["b"]?.parameters.list("files") == ["x", "y"])
        #expect(changed.digest == read.digest)
    }
}
