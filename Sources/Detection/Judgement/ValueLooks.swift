// What the bytes of a value are, counted once for all judgements.

/// Counts over a value; at most 4096 bytes are read.
struct ValueLooks: Sendable {
    private(set) var count = 0
    private(set) var lower = 0
    private(set) var upper = 0
    private(set) var digits = 0
    /// Space, tab and line ends.
    private(set) var blanks = 0
    /// `_`, `-`, `.`, `/`, `:`, `,`: what joins words.
    private(set) var joints = 0
    /// `+`, `=`: with `/`, the marks of base64.
    private(set) var base64Marks = 0
    /// Any other ASCII mark.
    private(set) var marks = 0
    /// Parentheses, braces, brackets, angle brackets, quotes, `;`, `\`.
    private(set) var codeMarks = 0
    /// Bytes outside ASCII.
    private(set) var foreign = 0
    private(set) var control = 0
    private(set) var hexDigits = 0
    private(set) var distinct = 0
    /// Words of letters, a hump or anything else ending a word.
    private(set) var longestLetterRun = 0

    var letters: Int { lower + upper }
    var isAlphanumeric: Bool { letters + digits == count }
    var isHexadecimal: Bool { hexDigits == count }
    /// No blank, no control, nothing but what tokens are made of.
    var isToken: Bool { letters + digits + joints + base64Marks == count }

    init(_ value: Span<UInt8>) {
        count = min(value.count, 4096)
        var seenLow: UInt64 = 0
        var seenHigh: UInt64 = 0
        var run = 0
        for index in 0..<count {
            let byte = value[index]
            if byte < 64 { seenLow |= 1 << UInt64(byte) } else if byte < 128 { seenHigh |= 1 << UInt64(byte - 64) }
            if byte.isHexDigit { hexDigits += 1 }
            if byte.isLetter {
                run += 1
                longestLetterRun = max(longestLetterRun, run)
            } else {
                run = 0
            }
            switch byte {
            case 0x61...0x7A: lower += 1
            case 0x41...0x5A: upper += 1
            case 0x30...0x39: digits += 1
            case 0x20, 0x09, 0x0A, 0x0D: blanks += 1
            case 0..<0x20, 0x7F: control += 1
            case 0x80...: foreign += 1
            default: tallyMark(byte)
            }
        }
        distinct = seenLow.nonzeroBitCount + seenHigh.nonzeroBitCount
    }

    private mutating func tallyMark(_ byte: UInt8) {
        switch Unicode.Scalar(byte) {
        case "_", "-", ".", "/", ":", ",": joints += 1
        case "+", "=": base64Marks += 1
        case "(", ")", "{", "}", "[", "]", "<", ">", "\"", "'", ";", "\\", "`": codeMarks += 1
        default: marks += 1
        }
    }
}

extension ValueLooks {
    /// Whether the value looks drawn at random by a machine.
    ///
    /// Word-like text costs at most 4.4 bits a byte under `WordLikeness`; short texts vary
    /// more, so they must cost more.
    func isRandom(_ value: Span<UInt8>, atLeast length: Int) -> Bool {
        guard count >= length, isToken, distinct >= 6 else { return false }
        if isHexadecimal, digits > 0 {
            // Random hexadecimal has 6 letters in 16; 16 bytes without one, or without a digit, are no chance.
            return letters * 8 >= count && digits * 5 >= count && count >= 16 && distinct >= 8
                && (lower == 0 || upper == 0 || count >= 32)
        }
        guard letters > 0, !allWords(value) else { return false }
        let cost = WordLikeness.surprise(value)
        if digits == 0 {
            // A name in mixed case may be a name; letters alone must be far from words.
            guard count >= 12 else { return false }
            return cost >= (count >= 24 ? 5.0 : 5.4)
        }
        switch count {
        case ..<10: return cost >= 5.6
        case ..<16: return cost >= 5.2
        case ..<24: return cost >= 4.9
        default: return cost >= 4.7
        }
    }

    /// Whether at least two thirds of the value are runs of five and more letters that read like
    /// words: `my-service-2024-production`.
    private func allWords(_ value: Span<UInt8>) -> Bool {
        var inWords = 0
        var start = 0
        var index = 0
        while index <= count {
            let ends =
                index == count || !value[index].isLetter
                || (index > start && value[index].isUpperLetter && value[index - 1].isLowerLetter)
            if ends {
                let length = index - start
                if length >= 4, WordLikeness.surprise(value.extracting(start..<index)) < 4.6 {
                    inWords += length
                }
                start = index < count && value[index].isLetter ? index : index + 1
            }
            index += 1
        }
        return inWords * 3 >= count * 2
    }
}
