// What a file held before: only what comes on top of it is the commit's.

import Detection
import Git
import Scanning

/// The contents that a file has in the parents of a commit, as far as they matter.
struct Before {
    /// The most often that a content of before has each value.
    private var counts: [Fingerprint: Int] = [:]
    /// The same for known values, by entry.
    private(set) var knownCounts: [Int: Int] = [:]
    private var lines: [LineCounts] = []
    /// Whether it was a dotenv file before.
    private(set) var isDotenvKnown = false

    init(
        _ ids: [ObjectID], path: String, isDotenv: Bool, _ reader: ContentReader, _ check: StagedCheck,
        _ repository: borrowing Repository
    ) throws {
        for id in ids { try add(id, path: path, isDotenv: isDotenv, reader, check, repository) }
    }

    /// Takes in one content. One that cannot be read excuses nothing.
    mutating func add(
        _ id: ObjectID, path: String, isDotenv: Bool, _ reader: ContentReader, _ check: StagedCheck,
        _ repository: borrowing Repository
    ) throws {
        guard let (kind, size) = try? repository.header(of: id), kind == .blob, size <= check.largestBlob else {
            return
        }
        do {
            try repository.withObject(id) { _, bytes in
                for finding in try reader.read(bytes, path: path, isDotenvRead: isDotenv).findings {
                    let count = finding.occurrences.count
                    counts[finding.fingerprint] = max(counts[finding.fingerprint] ?? 0, count)
                }
                var known: [Int: Int] = [:]
                for match in check.known.matches(in: bytes) { known[match.entry, default: 0] += 1 }
                knownCounts.merge(known) { max($0, $1) }
                lines.append(LineCounts(bytes))
                isDotenvKnown = isDotenvKnown || isDotenv
            }
        } catch is GitError {
            return
        }
    }

    /// Those of the places of a value that come on top: where the lines are new, else the last ones.
    func additions(
        of value: Fingerprint, _ places: [Occurrence], in bytes: UnsafeRawBufferPointer
    ) -> [Occurrence] {
        let count = counts[value] ?? 0
        guard count > 0 else { return places }
        guard count < places.count else { return [] }
        let surplus = places.count - count
        let ranked = places.enumerated().sorted { left, right in
            let (first, second) = (isOld(left.element, bytes), isOld(right.element, bytes))
            return first == second ? left.offset > right.offset : !first
        }
        return ranked.prefix(surplus).map(\.element).sorted { $0.range.lowerBound < $1.range.lowerBound }
    }

    private func isOld(_ place: Occurrence, _ bytes: UnsafeRawBufferPointer) -> Bool {
        let line = TextPlace.line(around: place.range.lowerBound, in: bytes)
        return lines.contains { $0.has(line) }
    }

    /// Whether no line of a content is new.
    func hasAllLines(of bytes: UnsafeRawBufferPointer) -> Bool { lines.contains { $0.hasAll(of: bytes) } }
}
