// Small questions about bytes and spans of ASCII text that every judgement asks.

extension UInt8 {
    @inline(__always) var isLowerLetter: Bool { self &- 0x61 < 26 }
    @inline(__always) var isUpperLetter: Bool { self &- 0x41 < 26 }
    @inline(__always) var isLetter: Bool { (self | 0x20) &- 0x61 < 26 }
    @inline(__always) var isDigit: Bool { self &- 0x30 < 10 }
    @inline(__always) var isAlphanumeric: Bool { isLetter || isDigit }
    @inline(__always) var isHexDigit: Bool { isDigit || (self | 0x20) &- 0x61 < 6 }
    /// Space or tab.
    @inline(__always) var isBlank: Bool { self == 0x20 || self == 0x09 }
    @inline(__always) var isLineEnd: Bool { self == 0x0A || self == 0x0D }
    /// An ASCII letter in lower case; every other byte as it is.
    @inline(__always) var folded: UInt8 { isUpperLetter ? self | 0x20 : self }

    @inline(__always) init(_ character: Unicode.Scalar) { self.init(ascii: character) }
}

extension Span where Element == UInt8 {
    /// Whether `literal` (in lower case) stands at `offset`, letter case aside.
    func matches(_ literal: StaticString, at offset: Int) -> Bool {
        let length = literal.utf8CodeUnitCount
        guard offset >= 0, offset + length <= count else { return false }
        return literal.withUTF8Buffer { wanted in
            for index in 0..<length where self[offset + index].folded != wanted[index] { return false }
            return true
        }
    }

    func opens(with literal: StaticString) -> Bool { matches(literal, at: 0) }

    func closes(with literal: StaticString) -> Bool { matches(literal, at: count - literal.utf8CodeUnitCount) }

    /// Whether the whole is `literal` (in lower case), letter case aside.
    func reads(_ literal: StaticString) -> Bool { count == literal.utf8CodeUnitCount && matches(literal, at: 0) }

    /// Whether `literal` (in lower case) occurs, letter case aside.
    func holds(_ literal: StaticString) -> Bool { place(of: literal) != nil }

    /// The first place of `literal` (in lower case) at or after `start`, letter case aside.
    func place(of literal: StaticString, from start: Int = 0) -> Int? {
        let length = literal.utf8CodeUnitCount
        guard length > 0, count - start >= length else { return nil }
        let first = literal.withUTF8Buffer { $0[0] }
        for offset in start...(count - length) where self[offset].folded == first && matches(literal, at: offset) {
            return offset
        }
        return nil
    }

    func place(ofByte byte: UInt8, from start: Int = 0) -> Int? {
        var index = start
        while index < count {
            if self[index] == byte { return index }
            index += 1
        }
        return nil
    }

    func containsByte(_ byte: Unicode.Scalar) -> Bool { place(ofByte: UInt8(byte)) != nil }

    func allBytes(_ test: (UInt8) -> Bool) -> Bool {
        for index in indices where !test(self[index]) { return false }
        return true
    }

    func anyByte(_ test: (UInt8) -> Bool) -> Bool {
        for index in indices where test(self[index]) { return true }
        return false
    }

    /// Whether both are the same text, letter case aside.
    func equals(_ other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        for index in indices where self[index].folded != other[index].folded { return false }
        return true
    }
}

/// A word of up to sixteen bytes as one number, in lower case, so that a set of words is
/// asked without allocating a string.
struct PackedWord: Hashable, Sendable {
    static let longest = 16

    private var bytes: UInt128 = 0
    private(set) var count = 0

    init() {}

    init(_ literal: StaticString) {
        literal.withUTF8Buffer { for byte in $0 { append(byte) } }
    }

    /// Nil when the text is empty or longer than a packed word may be.
    init?(_ text: Span<UInt8>) {
        guard !text.isEmpty, text.count <= Self.longest else { return nil }
        for index in text.indices { append(text[index]) }
    }

    /// Bytes past the sixteenth are counted, not kept.
    mutating func append(_ byte: UInt8) {
        if count < Self.longest { bytes = bytes << 8 | UInt128(byte.folded) }
        count += 1
    }

    static func == (left: Self, right: Self) -> Bool { left.bytes == right.bytes && left.count == right.count }

    func hash(into hasher: inout Hasher) { hasher.combine(bytes) }
}

/// A set of words written as one text with spaces between them.
struct WordSet: Sendable {
    private let words: Set<PackedWord>

    init(_ text: StaticString) {
        var words: Set<PackedWord> = []
        var word = PackedWord()
        text.withUTF8Buffer { bytes in
            for byte in bytes {
                if byte.isBlank || byte.isLineEnd {
                    if word.count > 0 { words.insert(word) }
                    word = PackedWord()
                } else {
                    word.append(byte)
                }
            }
        }
        if word.count > 0 { words.insert(word) }
        self.words = words
    }

    func contains(_ word: PackedWord) -> Bool { words.contains(word) }

    func contains(_ text: Span<UInt8>) -> Bool {
        guard let word = PackedWord(text) else { return false }
        return words.contains(word)
    }
}
