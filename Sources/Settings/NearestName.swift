// Which known name a misspelt one was meant to be.

package enum NearestName {
    /// Longer names are no typing mistakes of known ones, and would cost time.
    private static let longest = 64

    /// The known name that is the fewest changes of a letter away, if these are few for a word of that length; the
    /// first of several. Two letters that changed places count as one change, and case, `_` and spaces as none.
    package static func of(_ name: String, among known: some Sequence<String>) -> String? {
        let word = plain(name)
        guard !word.isEmpty, word.count <= longest else { return nil }
        var best: (name: String, distance: Int)?
        for candidate in known {
            let other = plain(candidate)
            guard other.count <= longest else { continue }
            let allowed = min(word.count, other.count) / 3
            let distance = distance(word, other)
            // A word and its beginning: `exclude-path` for `exclude`.
            let isBeginning =
                min(word.count, other.count) >= 4 && (word.starts(with: other) || other.starts(with: word))
            guard distance <= allowed || isBeginning, distance < best?.distance ?? .max else { continue }
            best = (candidate, distance)
        }
        return best?.name
    }

    private static func plain(_ text: String) -> [UInt8] {
        text.lowercased().utf8.map { $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: " ") ? UInt8(ascii: "-") : $0 }
    }

    /// Letters to insert, remove, change or swap with the next.
    private static func distance(_ first: [UInt8], _ second: [UInt8]) -> Int {
        var beforeLast = [Int](repeating: 0, count: second.count + 1)
        var last = Array(0...second.count)
        for row in first.indices {
            var current = [row + 1]
            for column in second.indices {
                let isSame = first[row] == second[column]
                var least = min(last[column] + (isSame ? 0 : 1), last[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, first[row] == second[column - 1], first[row - 1] == second[column] {
                    least = min(least, beforeLast[column - 1] + 1)
                }
                current.append(least)
            }
            (beforeLast, last) = (last, current)
        }
        return last[second.count]
    }
}
