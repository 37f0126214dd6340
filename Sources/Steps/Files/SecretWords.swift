// Secrets in comments and prose, word by word.

import Detection

/// Words of a text that may be secrets.
package enum SecretWords {
    /// The ranges of the line that should not be seen: words that look like secrets, by themselves or under the name
    /// before them.
    ///
    /// - Parameters:
    ///   - isStrict: whether the value of every assignment counts, and every longer word of letters and digits.
    ///   - isSecret: further words, judged by whoever knows more; gets the name before `=`, if there is one.
    static func ranges(
        in line: [UInt8], isStrict: Bool = false,
        isSecret: (_ name: [UInt8]?, _ value: ArraySlice<UInt8>) -> Bool = { _, _ in false }
    ) -> [Range<Int>] {
        var previous: Range<Int>?
        return words(of: line).compactMap { word in
            defer { previous = word }
            let name = name(of: word, in: line)
            let start = name.map { word.lowerBound + $0.count + 1 } ?? word.lowerBound
            let whole = start..<word.upperBound
            // A password may end in a mark of its own.
            if !whole.isEmpty, isSecret(name, line[whole]) { return whole }
            let value = trimmed(whole, of: line)
            guard !value.isEmpty else { return nil }
            let bytes = Array(line[value])
            if StandaloneValue.isPlaceholder(bytes.span) { return nil }
            let isAssigned = name != nil || previous.map { announces(line[$0]) } ?? false
            let isHidden = isStrict && (isAssigned || isMixed(bytes))
            return isHidden || looksSecret(bytes, under: name) || isSecret(name, line[value]) ? value : nil
        }
    }

    /// Whether a sentence that is going to be committed has a credential in it: one that was found in the repository, or
    /// a word that looks like one.
    package static func holdsCredential(_ text: String, _ findings: RepositoryFindings) -> Bool {
        let bytes = Array(text.utf8)
        return !ranges(in: bytes).isEmpty || LeakedBytes(findings).isIn(bytes)
    }

    /// `KEY =`, `=`, `password:`
    private static func announces(_ word: ArraySlice<UInt8>) -> Bool {
        if word.last == UInt8(ascii: "=") { return true }
        guard word.last == UInt8(ascii: ":") else { return false }
        let text = String(decoding: word, as: UTF8.self).lowercased()
        return ["pass", "pwd", "secret", "token", "key", "credential"].contains { text.contains($0) }
    }

    private static func isMixed(_ word: [UInt8]) -> Bool {
        let hasDigit = word.contains { (0x30...0x39).contains($0) }
        let hasLetter = word.contains { (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) }
        return word.count >= 8 && hasDigit && hasLetter
    }

    /// The line with these words replaced.
    static func hiding(_ line: [UInt8], isStrict: Bool = false, by mask: (ArraySlice<UInt8>) -> String) -> String {
        var text: [UInt8] = []
        var place = 0
        for range in ranges(in: line, isStrict: isStrict) {
            text += line[place..<range.lowerBound] + Array(mask(line[range]).utf8)
            place = range.upperBound
        }
        return String(decoding: text + line[place...], as: UTF8.self)
    }

    private static func looksSecret(_ value: [UInt8], under name: [UInt8]?) -> Bool {
        // Without a name, only a vendor's format, a URL with a password or a random text counts.
        let key = name ?? Array("KEY".utf8)
        let judged = ValueJudge.judge(key: key.span, value: value.span, in: name == nil ? .unquoted : .dotenv)
        return judged.valueClass == .secret || judged.valueClass == .connectionString
    }

    /// What stands between blanks and quotes.
    private static func words(of line: [UInt8]) -> [Range<Int>] {
        var words: [Range<Int>] = []
        var start: Int?
        for (index, byte) in line.enumerated() {
            let isGap = byte <= 0x20 || byte == 0x7F || "\"'`<>".utf8.contains(byte)
            if isGap, let first = start {
                words.append(first..<index)
                start = nil
            } else if !isGap, start == nil {
                start = index
            }
        }
        if let start { words.append(start..<line.count) }
        return words
    }

    /// `NAME` of `NAME=value`; a comment's `#` in front does not count.
    private static func name(of word: Range<Int>, in line: [UInt8]) -> [UInt8]? {
        guard let equals = line[word].firstIndex(where: { $0 == UInt8(ascii: "=") }), equals > word.lowerBound
        else { return nil }
        let name = line[word.lowerBound..<equals]
        let isName = name.allSatisfy {
            (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                || "_-.#".utf8.contains($0)
        }
        return isName ? Array(name) : nil
    }

    /// Without the marks of a sentence around it.
    private static func trimmed(_ range: Range<Int>, of line: [UInt8]) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, "#([,;".utf8.contains(line[start]) { start += 1 }
        while end > start, ",;.)]:!".utf8.contains(line[end - 1]) { end -= 1 }
        return start..<end
    }
}
