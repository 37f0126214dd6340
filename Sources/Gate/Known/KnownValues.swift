// Values that earlier commands of this clone have seen, known by keyed digests alone: no rule need recognise them.

import Crypto
package import Detection
import Files

/// Digests of values, and the search for those values in bytes.
///
/// Nothing here reaches out: the digests were made when `migrate secret`, `migrate apply` or `migrate scan` had the
/// values in memory. Whoever holds both files can try guesses; a value of fewer than twenty bytes costs two thousand
/// hashes a guess, less what sixteen bits of its ends spare them. They are private and never leave the clone.
package struct KnownValues: Sendable {
    /// A place that holds a known value.
    package struct Match: Sendable {
        /// In bytes of what was searched.
        package var range: Range<Int>
        /// Which of the values, within this run.
        package var entry: Int
        /// Whether a scan has found it, and no command has put it into the secret.
        package var isFromScan: Bool
        /// To be ignored by.
        package var fingerprint: Fingerprint
    }

    let entries: [KnownEntry]
    private let key: KnownKey?
    /// One bit for each hash that the first bytes of a value have.
    private let filter: [UInt64]
    private let byHead: [UInt16: [Int]]
    private let lengths: [Int]

    /// Nothing is known.
    package static let none = KnownValues(entries: [], key: nil)

    init(entries: [KnownEntry], key: KnownKey?) {
        self.entries = entries
        self.key = key
        var filter = [UInt64](repeating: 0, count: entries.isEmpty ? 0 : 1 << 10)
        var byHead: [UInt16: [Int]] = [:]
        for (place, entry) in entries.enumerated() {
            filter[Int(entry.head >> 6)] |= 1 << UInt64(entry.head & 63)
            byHead[entry.head, default: []].append(place)
        }
        self.filter = filter
        self.byHead = byHead
        lengths = entries.map { Int($0.length) }
    }

    package var count: Int { entries.count }

    /// The rule that fingerprints of known values are made under.
    package static let ruleID = "known-value"

    /// All places where a known value stands. A short one must stand alone: no letter or digit may adjoin it.
    package func matches(in bytes: UnsafeRawBufferPointer) -> [Match] {
        guard let key, !entries.isEmpty, bytes.count >= KnownEntry.shortest, let start = bytes.baseAddress else {
            return []
        }
        var found: [Match] = []
        // The same bytes are not hashed two thousand times twice.
        var judged: [Judged: Fingerprint?] = [:]
        filter.withUnsafeBufferPointer { filter in
            let last = bytes.count - KnownEntry.shortest
            var offset = 0
            while offset <= last {
                let head = key.head(start + offset)
                if filter[Int(head >> 6)] >> UInt64(head & 63) & 1 == 1 {
                    for entry in byHead[head] ?? [] {
                        let end = offset + lengths[entry]
                        guard end <= bytes.count, key.tail(start + end - 8) == entries[entry].tail,
                            isWhole(offset..<end, bytes),
                            let fingerprint = confirm(entry, offset..<end, bytes, key, &judged)
                        else { continue }
                        found.append(
                            Match(
                                range: offset..<end, entry: entry, isFromScan: entries[entry].isFromScan,
                                fingerprint: fingerprint))
                    }
                }
                offset += 1
            }
        }
        return Self.longest(found)
    }

    private struct Judged: Hashable {
        var entry: Int
        var content: Int
    }

    private func confirm(
        _ entry: Int, _ range: Range<Int>, _ bytes: UnsafeRawBufferPointer, _ key: KnownKey,
        _ judged: inout [Judged: Fingerprint?]
    ) -> Fingerprint? {
        let value = UnsafeRawBufferPointer(rebasing: bytes[range])
        var hasher = Hasher()
        hasher.combine(bytes: value)
        let name = Judged(entry: entry, content: hasher.finalize())
        if let known = judged[name] { return known }
        var fingerprint: Fingerprint?
        if key.digest(of: value) == entries[entry].digest {
            fingerprint = Fingerprint(rule: Self.ruleID, value: value.assumingMemoryBound(to: UInt8.self).span)
        }
        judged[name] = .some(fingerprint)
        return fingerprint
    }

    private func isWhole(_ range: Range<Int>, _ bytes: UnsafeRawBufferPointer) -> Bool {
        guard range.count < KnownEntry.longEnough else { return true }
        func isWord(_ byte: UInt8) -> Bool { ByteClass.word.contains(byte) }
        if range.lowerBound > 0, isWord(bytes[range.lowerBound - 1]), isWord(bytes[range.lowerBound]) { return false }
        if range.upperBound < bytes.count, isWord(bytes[range.upperBound]), isWord(bytes[range.upperBound - 1]) {
            return false
        }
        return true
    }

    /// Of values within values, the longest.
    private static func longest(_ matches: [Match]) -> [Match] {
        var kept: [Match] = []
        for match in matches.sorted(by: {
            ($0.range.lowerBound, $1.range.upperBound) < ($1.range.lowerBound, $0.range.upperBound)
        }) {
            if let last = kept.last, match.range.upperBound <= last.range.upperBound { continue }
            kept.append(match)
        }
        return kept
    }
}
