// Keys by name and by pattern.

import Testing

@testable import Delivery

@Suite("Selection of keys")
struct KeySelectionTests {
    static let cases: [(String, String, Bool)] = [
        ("DB_HOST", "DB_*", true), ("DB_", "DB_*", true), ("DB", "DB_*", false), ("A_DB_X", "DB_*", false),
        ("A", "?", true), ("", "?", false), ("", "*", true), ("AB", "?", false), ("AXXB", "A*B", true),
        ("AXXBC", "A*B", false), ("AbAb", "*Ab", true), ("a", "A", false), ("ABCABD", "*AB?", true),
        ("[A]", "[A]", true), ("é1", "é?", true),
    ]

    @Test("`*` stands for any characters, `?` for one, everything else for itself", arguments: cases)
    func matching(_ key: String, _ pattern: String, _ expected: Bool) {
        #expect(KeySelection.matches(key, pattern) == expected)
    }

    @Test("Matching agrees with a plain recursive reading", arguments: 0..<200)
    func model(_ seed: UInt64) {
        var random = Seeded(seed)
        func word(_ alphabet: [Character]) -> String {
            String(
                (0..<Int.random(in: 0...7, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? "a" })
        }
        let (key, pattern) = (word(["a", "b"]), word(["a", "b", "*", "?"]))
        #expect(
            KeySelection.matches(key, pattern) == Self.model(Substring(key), Substring(pattern)), "\(key) \(pattern)")
    }

    @Test("A pattern of many stars is answered at once")
    func manyStars() {
        let key = String(repeating: "a", count: 200)
        #expect(!KeySelection.matches(key, String(repeating: "*a", count: 100) + "b"))
    }

    @Test("Excluding goes before asking for, and both are checked for typing errors")
    func both() {
        let selection = KeySelection(only: ["DB_*", "X"], excluding: ["DB_B", "Q*"])
        let keys = ["DB_A", "DB_B", "X", "Y"]
        #expect(keys.filter(selection.includes) == ["DB_A", "X"])
        #expect(selection.unmatched(in: keys) == ["Q*"])
        #expect(keys.allSatisfy(KeySelection.all.includes))
    }

    private static func model(_ key: Substring, _ pattern: Substring) -> Bool {
        guard let first = pattern.first else { return key.isEmpty }
        if first == "*" { return (0...key.count).contains { model(key.dropFirst($0), pattern.dropFirst()) } }
        guard let character = key.first, first == "?" || first == character else { return false }
        return model(key.dropFirst(), pattern.dropFirst())
    }
}
