// What is kept of a value: its length, sixteen bits of either end, and a digest, all under a key of this clone alone.

import Crypto
import Secrets

struct KnownEntry: Sendable, Equatable {
    /// In bytes of the value.
    var length: UInt32
    /// Of its first eight bytes, and of its last eight.
    var head: UInt16
    var tail: UInt16
    var digest: [UInt8]
    var isFromScan: Bool

    /// Bytes of a value that is worth it, at least...
    static let shortest = 8
    /// ...and at most.
    static let longest = 4_096
    /// From this length on a value is no part of anything else by chance.
    static let longEnough = 20
    /// Of one entry in the file.
    static let size = 1 + 4 + 2 + 2 + 32

    init(_ value: UnsafeRawBufferPointer, _ key: KnownKey, isFromScan: Bool) {
        length = UInt32(value.count)
        // Whoever calls has seen that there are eight bytes.
        let start = value.baseAddress.unsafelyUnwrapped
        head = key.head(start)
        tail = key.tail(start + value.count - 8)
        digest = key.digest(of: value)
        self.isFromScan = isFromScan
    }

    init(_ record: ArraySlice<UInt8>) {
        let bytes = Array(record)
        func number(_ range: Range<Int>) -> Int { bytes[range].reduce(0) { $0 << 8 | Int($1) } }
        isFromScan = bytes[0] == 1
        length = UInt32(number(1..<5))
        head = UInt16(number(5..<7))
        tail = UInt16(number(7..<9))
        digest = Array(bytes[9...])
    }

    var record: [UInt8] {
        func bytes(_ number: Int, _ count: Int) -> [UInt8] {
            (0..<count).reversed().map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
        }
        return [isFromScan ? 1 : 0] + bytes(Int(length), 4) + bytes(Int(head), 2) + bytes(Int(tail), 2) + digest
    }
}

/// The key of a clone, and what is made under it.
struct KnownKey: Sendable {
    let bytes: [UInt8]
    private let headMask: UInt64
    private let headFactor: UInt64
    private let tailMask: UInt64
    private let tailFactor: UInt64

    static let length = 64

    /// Nil unless there are 64 bytes.
    init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.length else { return nil }
        self.bytes = bytes
        func word(_ place: Int) -> UInt64 { bytes[place..<place + 8].reduce(0) { $0 << 8 | UInt64($1) } }
        headMask = word(32)
        headFactor = word(40) | 1
        tailMask = word(48)
        tailFactor = word(56) | 1
    }

    @inline(__always)
    func head(_ start: UnsafeRawPointer) -> UInt16 {
        UInt16(truncatingIfNeeded: Self.mix(start, headMask, headFactor))
    }

    @inline(__always)
    func tail(_ start: UnsafeRawPointer) -> UInt16 {
        UInt16(truncatingIfNeeded: Self.mix(start, tailMask, tailFactor))
    }

    /// Every one of the eight bytes counts in the result's upper bits.
    @inline(__always)
    private static func mix(_ start: UnsafeRawPointer, _ mask: UInt64, _ factor: UInt64) -> UInt64 {
        let word = start.loadUnaligned(as: UInt64.self) ^ mask
        return ((word ^ word >> 32) &* factor) >> 48
    }

    /// HMAC-SHA256 under the first half of the key; of a short value two thousand times over.
    func digest(of value: UnsafeRawBufferPointer) -> [UInt8] {
        let keyed = HMAC<SHA256>(key: SymmetricKey(data: bytes[0..<32]))
        var code = keyed
        code.update(data: value)
        var digest = code.finalize()
        for _ in 1..<(value.count < KnownEntry.longEnough ? 2_000 : 1) {
            var next = keyed
            digest.withUnsafeBytes { next.update(data: $0) }
            digest = next.finalize()
        }
        return Array(digest)
    }
}
