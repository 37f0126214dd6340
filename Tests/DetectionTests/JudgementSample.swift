// The labelled sample of the judgement: lines with holes that are filled in at run time.

/// Fills `{…}` holes with fake values, the same ones in every run.
struct FakeValues {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next(below limit: Int) -> Int {
        // SplitMix64.
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ (mixed >> 31)) % UInt64(limit))
    }

    mutating func text(_ alphabet: String, _ count: Int) -> String {
        let bytes = Array(alphabet.utf8)
        return String(decoding: (0..<count).map { _ in bytes[next(below: bytes.count)] }, as: UTF8.self)
    }

    static let digits = "0123456789"
    static let hexadecimal = digits + "abcdef"
    static let lower = "abcdefghijklmnopqrstuvwxyz"
    static let alphanumeric = digits + lower + lower.uppercased()

    /// Words that people make passwords of; the digits and marks come at run time.
    private static let words = [
        "Sommer", "Dragon", "winter", "Monkey", "summer", "Orange", "tiger", "Paris", "London", "coffee", "Purple",
        "silver", "Rocket", "banana", "Falcon", "Mustang", "shadow", "guitar", "Thunder", "pepper", "Charlie",
        "Liverpool",
    ]

    /// A password as people choose them: a word with digits and marks, some of its letters swapped.
    mutating func password() -> String {
        let word = Self.words[next(below: Self.words.count)]
        let number = String(next(below: 900) + 13)
        switch next(below: 7) {
        case 0: return word + number + "!"
        case 1: return word + String(1950 + next(below: 70))
        case 2: return word.replacing("o", with: "0").replacing("e", with: "3").replacing("a", with: "@") + number
        case 3: return word + "@" + number
        case 4: return word.lowercased() + "_" + Self.words[next(below: Self.words.count)].lowercased() + number
        case 5: return text(Self.alphanumeric, 8) + text("!@%^*", 2)
        default: return word + text("!@*", 1) + Self.words[next(below: Self.words.count)] + number
        }
    }

    mutating func value(_ name: Substring) -> String? {
        let parts = name.split(separator: ":")
        let count = parts.count > 1 ? Int(parts[1]) ?? 8 : 8
        switch parts.first {
        case "pw": return password()
        case "hex": return text(Self.hexadecimal, count)
        case "HEX": return text(Self.hexadecimal, count).uppercased()
        case "an": return text(Self.alphanumeric, count)
        case "low": return text(Self.digits + Self.lower, count)
        case "b64": return text(Self.alphanumeric + "+/", count)
        case "url": return text(Self.alphanumeric + "-_", count)
        case "num": return text("123456789", 1) + text(Self.digits, count - 1)
        case "salt": return "#k" + text(Self.alphanumeric + "!@#$%^&*()-_ []{}<>~`+=,.;:/?|", count - 4) + "(9"
        case "weak": return "letm" + "ein"
        case "basic": return Self.base64(Array("deploy:\(password())".utf8))
        case "uuid":
            return [8, 4, 4, 4, 12].map { text(Self.hexadecimal, $0) }.joined(separator: "-")
        default: return nil
        }
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        let digits = Array((lower.uppercased() + lower + Self.digits + "+/").utf8)
        var result: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for place in 0..<4 {
                result.append(place <= group.count ? digits[bits >> (18 - 6 * place) & 63] : UInt8(ascii: "="))
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The text with every known hole filled; other braces stay.
    mutating func fill(_ template: Substring) -> String {
        var result = ""
        var rest = template
        while let open = rest.firstIndex(of: "{") {
            result += rest[..<open]
            rest = rest[rest.index(after: open)...]
            let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == ":" }
            if rest.dropFirst(name.count).first == "}", let filled = value(name) {
                result += filled
                rest = rest.dropFirst(name.count + 1)
            } else {
                result += "{"
            }
        }
        return result + rest
    }
}

/// A line and the bytes in it that are secret.
struct SampleLine: CustomStringConvertible {
    let bytes: [UInt8]
    /// Between `«` and `»` in the template; nil in a look-alike.
    let secret: Range<Int>?
    let template: String

    init(_ template: Substring, seed: UInt64) {
        self.template = String(template)
        var values = FakeValues(seed: seed)
        let filled = values.fill(template).replacing("⏎", with: "\n")
        let open = filled.firstIndex(of: "«")
        let close = filled.firstIndex(of: "»")
        if let open, let close {
            let start = filled[..<open].utf8.count
            secret = start..<(start + filled[filled.index(after: open)..<close].utf8.count)
        } else {
            secret = nil
        }
        bytes = Array(filled.filter { $0 != "«" && $0 != "»" }.utf8)
    }

    var description: String { String(decoding: bytes, as: UTF8.self) }

    /// Every line of `text` under several seeds.
    static func lines(of text: String, seeds: Range<UInt64> = 1..<6) -> [SampleLine] {
        text.split(separator: "\n").flatMap { line in
            seeds.map { SampleLine(line, seed: $0 &* 7919 &+ UInt64(line.utf8.count)) }
        }
    }
}
