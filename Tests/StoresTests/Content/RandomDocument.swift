// Objects as people and programs write them, at random but the same for the same seed.

struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &+ 0x1234_5678_9ABC_DEF0 }

    // SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// A JSON object with each member's text kept apart, so that a test knows what must come through.
struct RandomDocument {
    struct Member {
        var key: String
        /// As written, quotes included.
        var name: String
        var value: String
    }

    var members: [Member] = []
    var text = ""

    init(_ random: inout SeededRandom, members count: Int) {
        var keys =
            Array("ABCDEFGH").map(String.init) + ["DB_URL", "päss", "a b", "x/y", "q\"uote", "back\\slash", "-", "名"]
        keys.shuffle(using: &random)
        text = Self.space(&random) + "{" + Self.space(&random)
        for index in 0..<min(count, keys.count) {
            if index > 0 { text += Self.space(&random) + "," + Self.space(&random) }
            let member = Member(
                key: keys[index], name: Self.quoted(keys[index], &random), value: Self.value(&random, depth: 0))
            members.append(member)
            text += member.name + Self.space(&random) + ":" + Self.space(&random) + member.value
        }
        text += Self.space(&random) + "}" + Self.space(&random)
    }

    static func space(_ random: inout SeededRandom) -> String {
        ["", "", "", " ", "\n", "\n  ", "\t", "\r\n    "].randomElement(using: &random) ?? ""
    }

    /// A string literal in one of its spellings.
    static func quoted(_ text: String, _ random: inout SeededRandom) -> String {
        var literal = "\""
        for scalar in text.unicodeScalars {
            let mustEscape = scalar == "\"" || scalar == "\\" || scalar.value < 0x20
            if mustEscape || Int.random(in: 0..<8, using: &random) == 0 {
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16, uppercase: Bool.random(using: &random))
                    literal += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            } else {
                literal.unicodeScalars.append(scalar)
            }
        }
        return literal + "\""
    }

    static func value(_ random: inout SeededRandom, depth: Int) -> String {
        switch Int.random(in: 0..<(depth < 3 ? 9 : 7), using: &random) {
        case 0:
            return ["0", "-0", "1.0", "1e5", "1E+05", "12345678901234567890", "0.10", "-7"].randomElement(
                using: &random) ?? "0"
        case 1: return "true"
        case 2: return "false"
        case 3: return "null"
        case 4...6:
            let texts = ["", "x", "p@ss#word", "line\nbreak", "\u{1F511} key", "a\"b\\c", "{}", "true", "5", " "]
            return quoted(texts.randomElement(using: &random) ?? "", &random)
        case 7:
            let count = Int.random(in: 0...3, using: &random)
            return "[" + space(&random)
                + (0..<count).map { _ in value(&random, depth: depth + 1) }.joined(separator: "," + space(&random))
                + "]"
        default:
            let count = Int.random(in: 0...3, using: &random)
            return "{" + space(&random)
                + (0..<count).map { "\"k\($0)\":" + value(&random, depth: depth + 1) }.joined(
                    separator: " ," + space(&random))
                + "}"
        }
    }
}
