// Tells a value from text that only holds its place.

/// Spellings that people leave where a value belongs, and that no provider gives out.
///
/// On purpose fewer than `migrate scan` passes over (`Placeholder` in Detection, which servers do not link): a secret
/// holds settings too, and a real value that is refused stops an application, where a finding too many does not.
enum PlaceholderText {
    private static let words: Set<String> = [
        "changeme", "changethis", "changeit", "replaceme", "replacethis", "placeholder", "redacted", "fillmein",
        "fixme", "todo",
        "tbd", "insertkeyhere", "yourkey", "yoursecret", "yourpassword", "yourtoken", "yourapikey",
    ]
    // A real value longer than this has other things to show for itself than its beginning and end.
    private static let longest = 128

    static func matches(_ bytes: Span<UInt8>) -> Bool {
        guard bytes.count > 0, bytes.count <= longest else { return false }
        var text: [UInt8] = []
        for index in bytes.indices {
            let byte = bytes[index]
            text.append((0x41...0x5A).contains(byte) ? byte + 0x20 : byte)
        }
        if isRepeated(text) || isBracketed(text) { return true }
        let letters = text.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "_") && $0 != UInt8(ascii: " ") }
        if words.contains(String(decoding: letters, as: UTF8.self)) { return true }
        return saysYour(text)
    }

    // A mask that was pasted back: `xxxx`, `********`, `....`.
    private static func isRepeated(_ text: [UInt8]) -> Bool {
        guard text.count >= 3, let first = text.first, Array("x*.#?".utf8).contains(first) else { return false }
        return text.allSatisfy { $0 == first }
    }

    // `<api key>`, `${API_KEY}`, `{{ api_key }}`: a template that nobody filled in.
    private static func isBracketed(_ text: [UInt8]) -> Bool {
        for (open, close) in [("<", ">"), ("${", "}"), ("{{", "}}"), ("[your", "]")] {
            if text.count > open.utf8.count + close.utf8.count, text.starts(with: open.utf8),
                text.reversed().starts(with: close.utf8.reversed())
            {
                return true
            }
        }
        return false
    }

    // `your-api-key`, `SG.your_actual_key_here`: the word at a beginning, and one more after it.
    private static func saysYour(_ text: [UInt8]) -> Bool {
        let your = Array("your".utf8)
        guard text.count > your.count + 1 else { return false }
        for start in 0..<text.count - your.count - 1 where text[start..<start + your.count].elementsEqual(your) {
            let next = text[start + your.count]
            let atBeginning = start == 0 || !isWordByte(text[start - 1])
            if atBeginning, next == UInt8(ascii: "-") || next == UInt8(ascii: "_") || next == UInt8(ascii: " ") {
                return true
            }
        }
        return false
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte)
    }
}
