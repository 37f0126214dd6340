// Which encoding a dotenv file is in, and UTF-16 turned into UTF-8 with a way back to the original offsets.

/// The encoding of a dotenv file, told from its byte-order mark or, without one, from its bytes.
package enum TextEncoding: Sendable, Hashable {
    case utf8
    case utf16LittleEndian
    case utf16BigEndian
    /// Bytes that are not UTF-8 throughout: some 8-bit encoding, kept as it is.
    case latin1

    static func detected(in bytes: [UInt8]) -> TextEncoding {
        if let encoding = bytes.withUnsafeBytes({ utf16(in: $0) }) { return encoding }
        return isUTF8(bytes[...]) ? .utf8 : .latin1
    }

    /// Which UTF-16 the bytes seem to be, by their first four; nil for anything else.
    package static func utf16(in bytes: UnsafeRawBufferPointer) -> TextEncoding? {
        guard bytes.count >= 2 else { return nil }
        if (bytes[0], bytes[1]) == (0xFF, 0xFE) { return .utf16LittleEndian }
        if (bytes[0], bytes[1]) == (0xFE, 0xFF) { return .utf16BigEndian }
        // Without a mark: two ASCII characters in a row tell the byte order. No 8-bit text has a NUL in each pair.
        if bytes.count >= 4, bytes.count.isMultiple(of: 2) {
            let isNull = (bytes[0] == 0, bytes[1] == 0, bytes[2] == 0, bytes[3] == 0)
            if isNull == (false, true, false, true) { return .utf16LittleEndian }
            if isNull == (true, false, true, false) { return .utf16BigEndian }
        }
        return nil
    }
}

/// Whether `bytes` are well-formed UTF-8.
func isUTF8(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard bytes.contains(where: { $0 >= 0x80 }) else { return true }
    return String(validating: bytes, as: UTF8.self) != nil
}

/// The UTF-8 of a UTF-16 file, with the offsets of the original.
struct TranscodedText: Sendable {
    let utf8: [UInt8]
    private let checkpoints: [(text: Int, source: Int)]
    private let sourceCount: Int

    /// How many code units lie between two checkpoints: a look-up walks at most that many.
    private static let stride = 512

    init(utf16 source: [UInt8], littleEndian: Bool) {
        var text: [UInt8] = []
        text.reserveCapacity(source.count / 2 + 16)
        var checkpoints: [(text: Int, source: Int)] = []
        var offset = 0
        var next = 0
        func unit(at offset: Int) -> UInt32? {
            guard offset + 1 < source.count else { return nil }
            let (first, second) = (UInt32(source[offset]), UInt32(source[offset + 1]))
            return littleEndian ? second << 8 | first : first << 8 | second
        }
        while offset < source.count {
            if offset >= next {
                checkpoints.append((text.count, offset))
                next = offset + 2 * Self.stride
            }
            var scalar = Unicode.Scalar(0xFFFD as UInt16) ?? "?"
            var length = 2
            // A lone surrogate or a last odd byte has no character: U+FFFD stands in for it.
            if let high = unit(at: offset) {
                if let plain = Unicode.Scalar(high) {
                    scalar = plain
                } else if high < 0xDC00, let low = unit(at: offset + 2), (0xDC00...0xDFFF).contains(low),
                    let pair = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
                {
                    scalar = pair
                    length = 4
                }
            }
            text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            offset += length
        }
        self.utf8 = text
        self.checkpoints = checkpoints
        self.sourceCount = source.count
    }

    /// The offset in the original of the character that holds the byte at `offset` of the UTF-8.
    func sourceOffset(of offset: Int) -> Int {
        guard offset < utf8.count, !checkpoints.isEmpty else { return sourceCount }
        var (low, high) = (0, checkpoints.count - 1)
        while low < high {
            let middle = (low + high + 1) / 2
            if checkpoints[middle].text <= offset { low = middle } else { high = middle - 1 }
        }
        var (text, source) = checkpoints[low]
        while text < offset {
            // Four bytes of UTF-8 were a surrogate pair; one to three were one code unit.
            let first = utf8[text]
            let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
            if text + length > offset { break }
            text += length
            source += length == 4 ? 4 : 2
        }
        return min(source, sourceCount)
    }
}
