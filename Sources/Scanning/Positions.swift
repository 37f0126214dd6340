// Offsets to lines and columns, and UTF-16 to UTF-8.

import Dotenv

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Lines and columns of ascending offsets, each byte looked at once.
struct LineCounter {
    private let bytes: UnsafeRawBufferPointer
    private var offset = 0
    private var line: Int
    private var lineStart = 0

    /// - Parameter firstLine: the number of the first line.
    init(_ bytes: UnsafeRawBufferPointer, firstLine: Int = 1) {
        self.bytes = bytes
        line = firstLine
    }

    /// Line and column in bytes, from 1. `target` may not be smaller than before.
    mutating func position(of target: Int) -> (line: Int, column: Int) {
        while offset < target, let start = bytes.baseAddress,
            let found = memchr(start + offset, 0x0A, target - offset)
        {
            offset = UnsafeRawPointer(found) - start + 1
            line += 1
            lineStart = offset
        }
        offset = max(offset, target)
        return (line, target - lineStart + 1)
    }
}

/// The text of UTF-16 as UTF-8, with a way back.
struct UTF16Text {
    let utf8: [UInt8]
    /// For each 64th byte of `utf8`: the offset of its unit in the original.
    private let marks: [Int]
    private let isBigEndian: Bool
    private let original: UnsafeRawBufferPointer

    private static let markDistance = 64

    /// - Parameter encoding: which UTF-16 the bytes are. A byte order mark at their start is no part of the text.
    init(_ bytes: UnsafeRawBufferPointer, _ encoding: TextEncoding) {
        isBigEndian = encoding == .utf16BigEndian
        original = bytes
        var text: [UInt8] = []
        var marks: [Int] = []
        text.reserveCapacity(bytes.count / 2)
        var offset = 0
        if let (scalar, width) = Self.scalar(at: 0, in: bytes, isBigEndian), scalar == "\u{FEFF}" { offset = width }
        while let (scalar, width) = Self.scalar(at: offset, in: bytes, isBigEndian) {
            for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
                if text.count % Self.markDistance == 0 { marks.append(offset) }
                text.append(byte)
            }
            offset += width
        }
        utf8 = text
        self.marks = marks
    }

    /// The offset in the original of the unit that holds byte `offset` of `utf8`.
    func originalOffset(_ offset: Int) -> Int {
        guard offset < utf8.count else { return original.count }
        let mark = offset / Self.markDistance
        var place = marks[mark]
        // The marked byte may lie within its character: go back to that character's first.
        var reached = mark * Self.markDistance
        while reached > 0, utf8[reached] & 0xC0 == 0x80 { reached -= 1 }
        while let (scalar, width) = Self.scalar(at: place, in: original, isBigEndian) {
            let length = UTF8.encode(scalar)?.count ?? UTF8.encodedReplacementCharacter.count
            if reached + length > offset { return place }
            reached += length
            place += width
        }
        return original.count
    }

    /// The offset in `utf8` of the unit at `offset` of the original.
    func textOffset(ofOriginal offset: Int) -> Int {
        var (low, high) = (0, utf8.count)
        while low < high {
            let middle = (low + high) / 2
            if originalOffset(middle) < offset { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The character at `offset`, and how many bytes it takes; a lone surrogate becomes U+FFFD.
    private static func scalar(
        at offset: Int, in bytes: UnsafeRawBufferPointer, _ isBigEndian: Bool
    ) -> (Unicode.Scalar, Int)? {
        func unit(_ offset: Int) -> UInt16? {
            guard offset + 1 < bytes.count else { return nil }
            let (first, second) = (UInt16(bytes[offset]), UInt16(bytes[offset + 1]))
            return isBigEndian ? first << 8 | second : second << 8 | first
        }
        guard let first = unit(offset) else { return nil }
        if let scalar = Unicode.Scalar(first) { return (scalar, 2) }
        if UTF16.isLeadSurrogate(first), let second = unit(offset + 2), UTF16.isTrailSurrogate(second) {
            let code = 0x10000 + (UInt32(first & 0x3FF) << 10 | UInt32(second & 0x3FF))
            if let scalar = Unicode.Scalar(code) { return (scalar, 4) }
        }
        return ("\u{FFFD}", 2)
    }
}
