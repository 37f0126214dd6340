// How unlike words a text is: the cost of its bytes under a small model of words and names.

/// A model of what people write: words, joined by humps, separators and numbers.
enum WordLikeness {
    /// What the letter of the column costs after the letter of the row, in half bits from "A" = 0.
    /// Counted over the words in the sources and documentation of Python's standard library, each
    /// weighted by the logarithm of its frequency. English words cost 3.4 bits a pair on average
    /// (99 in 100 below 5.1), random lower-case letters 6.8 (99 in 100 above 4.7 at 12 letters).
    private static let bigrams: StaticString = """
        NJHJONKTJWNGJHZJWGIFMNOPMR
        GJIJGKPVHNZFNPHOVIINISVZLZ
        GNKMGNTHJYJJPSFQUJLGJTTXNW
        HKLJDLOSFQTLONIPZKJNJPRSNZ
        JNIGLLMROVSJKGPLOFGIQMOKQU
        HLKKGGPSEZUJROGSUJLKIZVZLZ
        HUOTEQKIHZSKLIJQZGIOISUVPS
        FPQPEZVZGURMMPFRUJMILZRZLZ
        KLIKJLKWTUQJJEHLTLIHUKZOXL
        FVVVEVVVIVKVOVFLVVHVFVMVOV
        JSQNDOMSFZRJQKLOROGNLZKQNR
        GQOKEOPUFURHRQGOZQJJKNTWHY
        FKRQERRVGZQNJRHGUPKOJWSZPT
        IQIHHLFQIRNORMJOTRHFMLUVPV
        NMJJPNLUMSNIIEKJWFJJILKPRT
        GSNOFQRLIVSGPQGITFKIKUSVKX
        KWWOQPWOWWWHWWWQWLKQBWWWWQ
        GQLLEOLTGYNMJLHNXKIILNQXLZ
        KUJPFNRJGVNMNOJJPRHFIROVMZ
        HTMPEPUIEZUMPQIOZHIKKTPTKU
        JIJMJMLZJZVHIFNIZGHGSVZQZU
        FRORCUQZFZZSRRJMZUPSQUSSSU
        FTQMGOTHFZRMQIGTTHHOTTOPZZ
        IMHLGKYNGYYNLSOESNMFOSSKLY
        KLKNIOMPIZSJHIKFQLGGOOLSOL
        FWWQCOWPHWWPOMHQWWWWPWWQML
        """

    /// The mean cost of a byte of `text` given the byte before it, in bits; 0 below two bytes.
    ///
    /// Identifiers, prose and paths cost 3 to 4.3, random base64 about 6, random hexadecimal 4.7.
    /// At most 512 bytes are read: more would not change the answer.
    static func surprise(_ text: Span<UInt8>) -> Double {
        let length = min(text.count, 512)
        guard length >= 2 else { return 0 }
        var total = 0
        bigrams.withUTF8Buffer { table in
            var previous = text[0]
            var beforePrevious: UInt8 = 0
            for index in 1..<length {
                let byte = text[index]
                total += cost(of: byte, after: previous, beforePrevious, table)
                beforePrevious = previous
                previous = byte
            }
        }
        return Double(total) / 2 / Double(length - 1)
    }

    /// The cost in half bits.
    private static func cost(
        of byte: UInt8, after previous: UInt8, _ beforePrevious: UInt8, _ table: UnsafeBufferPointer<UInt8>
    ) -> Int {
        if byte.isLetter, previous.isLetter {
            // A hump opens a word; a fall from capitals inside a word is rare in names.
            if byte.isUpperLetter, previous.isLowerLetter { return 7 }
            let row = Int(previous.folded - 0x61)
            // A row is 26 letters and a line end.
            let pair = Int(table[row * 27 + Int(byte.folded - 0x61)]) - 0x41
            let falls = byte.isLowerLetter && previous.isUpperLetter && beforePrevious.isUpperLetter
            return falls ? max(pair, 9) : pair
        }
        if byte.isDigit, previous.isDigit {
            return byte == previous || byte == previous &+ 1 ? 4 : 7
        }
        if byte.isDigit { return previous.isLetter ? 10 : 6 }
        if previous.isDigit { return byte.isLetter ? 12 : 6 }
        // Separators are cheap, other marks are rare in names.
        switch byte {
        case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: " "),
            UInt8(ascii: ":"), UInt8(ascii: ","):
            return 6
        default:
            if byte.isAlphanumeric || byte >= 0x80 { return 6 }
            return 12
        }
    }
}
