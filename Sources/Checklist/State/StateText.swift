// Texts on their way into the state file, and out of it onto a terminal.

/// The state file is public, and its texts are shown as they are: each is one line of plain characters.
enum StateText {
    /// Of one text, in bytes.
    static let longest = 2_000
    /// Of an event, in bytes.
    static let longestEvent = 32_000

    /// Characters that move a cursor, end a line or turn the direction of writing.
    static func isPlain(_ text: String) -> Bool { text.unicodeScalars.allSatisfy(isPlain) }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF: false
        default: true
        }
    }

    /// One line of at most `limit` bytes: runs of spaces, line ends and control characters become one space.
    static func oneLine(_ text: String, limit: Int = longest) -> String {
        var line = ""
        var wantsSpace = false
        for scalar in text.unicodeScalars {
            if !isPlain(scalar) || scalar == " " {
                wantsSpace = !line.isEmpty
                continue
            }
            let length = UTF8.width(scalar) + (wantsSpace ? 1 : 0)
            guard line.utf8.count + length <= limit - 3 else { return line + "…" }
            if wantsSpace { line += " " }
            wantsSpace = false
            line.unicodeScalars.append(scalar)
        }
        return line
    }

    /// What is wrong with a text that is about to be published; nil for nothing. The text itself is in no answer.
    ///
    /// That no step hands a secret over is for the steps to see to. This is the last line: whole keys and private keys
    /// have a shape that no id, digest or name has.
    static func objection(to text: String) -> String? {
        if text.utf8.count > longest { return "is longer than \(longest) bytes" }
        if !isPlain(text) { return "has a control character in it" }
        if text.contains("PRIVATE KEY-----") || holdsSendGridKey(text) { return "looks like a secret" }
        return nil
    }

    static func objection(to fact: Fact) -> String? {
        switch fact {
        case .text(let text): objection(to: text)
        case .list(let texts): texts.lazy.compactMap(objection(to:)).first
        case .number, .flag: nil
        }
    }

    /// `SG.`, 22 characters of base64url, a dot, and more than a few others: the public part of a key ends at that dot.
    private static func holdsSendGridKey(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        let prefix = Array("SG.".utf8)
        guard bytes.count > 26 else { return false }
        return (0..<bytes.count - 26).contains { start in
            bytes[start..<start + 3].elementsEqual(prefix) && bytes[start + 25] == UInt8(ascii: ".")
                && bytes[(start + 3)..<(start + 25)].allSatisfy(isBase64URL)
                && bytes[(start + 26)...].prefix { isBase64URL($0) }.count >= 16
        }
    }

    private static func isBase64URL(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
