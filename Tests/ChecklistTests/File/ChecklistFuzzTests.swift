// Files that nobody wrote on purpose: whatever the bytes, there is an answer.

import Checklist
import Settings
import Testing

@Suite("Damaged checklist files")
struct ChecklistFuzzTests {
    private static let sample = """
        id: sample
        title: Sample
        about: >
          For tests.
        steps:
          - id: a
            kind: plain
            title: "A"
            emergency-needs: []
          - id: b
            kind: store-values
            title: B
            with: {seconds: 5, files: [x, 'y'], tags: {k: v}, strict: true, colour: red}
            needs: [a]
          - {id: c, kind: run-command, title: C, with: {run: [make, test]}, needs: [a, b]}

        """

    @Test(arguments: 0..<8) func `a changed file is read or refused, and never brings the program down`(seed: Int)
        throws
    {
        var numbers = Numbers(state: UInt64(seed) &* 0x9E37_79B9 &+ 1)
        let pieces = [
            "&x ", "*x", "- ", ": ", "? ", "[", "{", "}", "\"", "'", "\n", "\t", "---\n", "!!binary ", "!!int ", "~",
            "|\n",
            "needs: [c]", "id: a", "\u{FEFF}", "\0", "<<: ", "%YAML 9", "#",
        ]
        var (read, refused) = (0, 0)
        for _ in 0..<250 {
            var bytes = Array(Self.sample.utf8)
            for _ in 0..<Int.random(in: 1...2, using: &numbers) {
                let place = Int.random(in: 0..<bytes.count, using: &numbers)
                switch Int.random(in: 0..<5, using: &numbers) {
                case 0:
                    bytes[place] = UInt8.random(in: 32...(Bool.random(using: &numbers) ? 126 : 255), using: &numbers)
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(contentsOf: pieces.randomElement(using: &numbers)!.utf8, at: place)
                case 3:
                    let end = Int.random(in: place..<min(place + 40, bytes.count), using: &numbers)
                    bytes.insert(contentsOf: bytes[place...end], at: Int.random(in: 0..<bytes.count, using: &numbers))
                default: bytes.removeSubrange(place..<min(place + 10, bytes.count))
                }
                if bytes.isEmpty { bytes = [UInt8(ascii: "x")] }
            }
            do {
                let checklist = try ChecklistFile.parse(bytes, path: "fuzz.yml", kinds: SampleKinds.all)
                read += 1
                // What is accepted can be gone through in both orders.
                for order in Checklist.Order.allCases {
                    var done: Set<String> = []
                    for step in checklist.steps(in: order) {
                        #expect(step.needs(in: order).allSatisfy(done.contains))
                        done.insert(step.id)
                    }
                }
            } catch {
                refused += 1
                #expect(!error.reason.isEmpty && error.reason.utf8.allSatisfy { $0 >= 0x20 }, "\(error.reason)")
                #expect(error.line >= 0 && error.line <= bytes.count { $0 == 0x0A } + 2, "\(error)")
            }
        }
        #expect(read > 5 && refused > 50, "\(read) read, \(refused) refused")
    }

    @Test func `deep nesting is refused`() {
        for open in ["[", "{a: ", "- ", "? "] {
            let text = "id: " + (open == "- " ? "\n" : "") + String(repeating: open, count: 20_000)
            #expect(throws: ConfigurationError.self) {
                try ChecklistFile.parse(Array(text.utf8), path: "deep.yml", kinds: SampleKinds.all)
            }
        }
    }

    /// The same in each run of the tests.
    private struct Numbers: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state
        }
    }
}
