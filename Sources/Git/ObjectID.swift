// The name of a git object: twenty bytes that hash its content.

/// The SHA-1 name of a git object.
package struct ObjectID: Hashable, Sendable, Comparable, CustomStringConvertible {
    // Three words instead of a byte array: no allocation, cheap to hash and compare.
    package let first: UInt64
    package let second: UInt64
    package let third: UInt32

    /// Reads the twenty bytes at `bytes`.
    @inline(__always)
    package init(reading bytes: UnsafeRawPointer) {
        first = UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self))
        second = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        third = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt32.self))
    }

    private init(_ first: UInt64, _ second: UInt64, _ third: UInt32) {
        self.first = first
        self.second = second
        self.third = third
    }

    /// Forty hexadecimal digits; nil for anything else.
    package init?(hexadecimal text: some StringProtocol) {
        let digits = Array(text.utf8)
        guard digits.count == 40 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(20)
        for index in stride(from: 0, to: 40, by: 2) {
            guard let high = Self.nibble(digits[index]), let low = Self.nibble(digits[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        self = bytes.withUnsafeBytes { buffer in
            // Twenty bytes were appended, so the buffer is not empty.
            ObjectID(reading: buffer.baseAddress.unsafelyUnwrapped)
        }
    }

    /// The name that git prints where there is no object.
    package static let zero = ObjectID(0, 0, 0)

    // Object ids are uniform already: their first word is hash enough.
    @inline(__always)
    package func hash(into hasher: inout Hasher) { hasher.combine(first) }

    package static func < (left: ObjectID, right: ObjectID) -> Bool {
        (left.first, left.second, left.third) < (right.first, right.second, right.third)
    }

    /// The forty digits.
    package var description: String {
        Self.hexadecimal(first, 16) + Self.hexadecimal(second, 16) + Self.hexadecimal(UInt64(third), 8)
    }

    /// The first ten digits, for people.
    package var short: String { String(description.prefix(10)) }

    private static func hexadecimal(_ word: UInt64, _ width: Int) -> String {
        let digits = String(word, radix: 16)
        return String(repeating: "0", count: width - digits.utf8.count) + digits
    }

    private static func nibble(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
