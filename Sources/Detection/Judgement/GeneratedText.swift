// Text that a generator drew with marks amid it: the keys of frameworks, the passwords of password managers.

/// Recognises random text by what stands between its marks. Inside quotes a mark amid random text speaks for a
/// password, not for code.
enum GeneratedText {
    /// Whether `value` is letters and digits as only chance puts them, with marks or single blanks between.
    ///
    /// Text without a mark is left to `ValueLooks.isRandom`. Pairs of random letters and digits cost 5.7 bits under
    /// `WordLikeness`, with a deviation of 2 a pair; words, names and code with a digit here and there cost below
    /// 4.4. Letter case and digits change at 6 of 10 random pairs, in names at 3 of 10.
    static func isDrawn(_ value: Span<UInt8>, _ looks: ValueLooks, atLeast length: Int) -> Bool {
        let solid = looks.letters + looks.digits
        guard value.count >= length, value.count <= 128, solid >= 8, solid < value.count, looks.control == 0,
            looks.foreign == 0, looks.letters > 2, looks.distinct >= 8, looks.blanks * 8 <= value.count,
            looks.blanks == 0 || value.count >= 32 || !isList(value)
        else { return false }
        let runs = Runs(value)
        guard runs.pairs * 4 >= value.count, runs.inWords * 4 <= solid else { return false }
        let isChanging = runs.changes * 2 >= runs.pairs && runs.pairs >= 6
        guard looks.digits > 0 || isChanging else { return false }
        return runs.cost >= (isChanging ? 3.8 : 4.5)
    }

    /// Whether `value` is drawn beyond doubt, so that `&&`, `$(` or `{}` within it are chance, too.
    ///
    /// Patterns, templates and code say the same three bytes twice; fifty random bytes do so once in a hundred cases.
    static func isCertain(_ value: Span<UInt8>, _ looks: ValueLooks) -> Bool {
        guard looks.digits > 1, looks.distinct >= 20, looks.marks + looks.codeMarks > 0,
            isDrawn(value, looks, atLeast: 32) || isScattered(value, looks, atLeast: 32)
        else { return false }
        for index in 0..<(value.count - 2) {
            if value[index] == UInt8(ascii: "\\") { return false }
            for other in (index + 1)..<(value.count - 2)
            where value[index] == value[other] && value[index + 1] == value[other + 1]
                && value[index + 2] == value[other + 2]
            {
                return false
            }
        }
        return true
    }

    /// Whether many marks of several kinds stand among letters and digits, and a bracket among them has no partner, as
    /// in no code; without any bracket it takes one kind more, and without any digit another.
    static func isScattered(_ value: Span<UInt8>, _ looks: ValueLooks, atLeast length: Int) -> Bool {
        let marks = looks.marks + looks.codeMarks
        guard value.count >= length, value.count <= 128, looks.lower > 0,
            looks.digits > 0 || (value.count >= 16 && looks.blanks == 0), looks.upper > 0 || value.count >= 40,
            looks.control == 0, looks.foreign == 0, looks.blanks * 12 <= value.count, looks.longestLetterRun <= 8,
            looks.distinct * 10 >= min(value.count, 40) * 6, marks >= 3, marks * 8 >= value.count,
            !value.containsByte("\\")
        else { return false }
        let runs = Runs(value)
        guard runs.inWords * 4 <= looks.letters + looks.digits else { return false }
        let hasBracket = value.anyByte { "()[]{}<>".utf8.contains($0) }
        let kinds = runs.markKinds - (looks.digits > 0 ? 0 : 1)
        return hasBracket ? kinds >= 3 && !hasPairedBrackets(value) : kinds >= 4
    }

    /// Whether a blank follows a comma or its like.
    private static func isList(_ value: Span<UInt8>) -> Bool {
        for index in 1..<value.count where value[index].isBlank && ",;:.".utf8.contains(value[index - 1]) {
            return true
        }
        return false
    }

    /// Whether every bracket has its partner, in order; true without any.
    private static func hasPairedBrackets(_ value: Span<UInt8>) -> Bool {
        // A stack of the brackets that are open: two bits each.
        var open: UInt128 = 0
        var depth = 0
        for index in value.indices {
            let kind: UInt128
            let opens: Bool
            switch Unicode.Scalar(value[index]) {
            case "(": (kind, opens) = (0, true)
            case "[": (kind, opens) = (1, true)
            case "{": (kind, opens) = (2, true)
            case "<": (kind, opens) = (3, true)
            case ")": (kind, opens) = (0, false)
            case "]": (kind, opens) = (1, false)
            case "}": (kind, opens) = (2, false)
            case ">": (kind, opens) = (3, false)
            default: continue
            }
            if opens {
                open = open << 2 | kind
                depth += 1
            } else {
                guard depth > 0, open & 3 == kind else { return false }
                open >>= 2
                depth -= 1
            }
        }
        return depth == 0
    }

    /// What stands between the marks.
    private struct Runs {
        /// Neighbours that are both a letter or a digit.
        private(set) var pairs = 0
        /// The mean cost of those pairs, in bits.
        private(set) var cost = 0.0
        /// Pairs of which one is a small letter, a capital or a digit, and the other is not.
        private(set) var changes = 0
        /// Letters in runs of four and more that read like a word.
        private(set) var inWords = 0
        /// How many different marks there are.
        private(set) var markKinds = 0

        init(_ value: Span<UInt8>) {
            var total = 0.0
            var start = 0
            var word = 0
            var changesInWord = 0
            var kinds: UInt128 = 0
            for index in 0...value.count {
                let byte = index < value.count ? value[index] : 0
                let before = index > 0 ? value[index - 1] : 0
                if byte.isAlphanumeric, before.isAlphanumeric,
                    byte.isDigit != before.isDigit || byte.isLowerLetter != before.isLowerLetter
                {
                    changes += 1
                    changesInWord += 1
                }
                if !byte.isLetter {
                    let length = index - word
                    if byte.isDigit, length > 0 { changesInWord -= 1 }
                    if length >= 4, changesInWord * 2 < length,
                        WordLikeness.surprise(value.extracting(word..<index)) < 4.4
                    {
                        inWords += length
                    }
                    word = index + 1
                    changesInWord = 0
                }
                guard !byte.isAlphanumeric else { continue }
                if byte > 0x20, byte < 0x80 { kinds |= 1 << UInt128(byte) }
                if index - start >= 2 {
                    pairs += index - start - 1
                    total += WordLikeness.surprise(value.extracting(start..<index)) * Double(index - start - 1)
                }
                start = index + 1
            }
            markKinds = kinds.nonzeroBitCount
            cost = pairs > 0 ? total / Double(pairs) : 0
        }
    }
}
