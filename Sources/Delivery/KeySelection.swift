// Which keys to take: names and patterns with `*` and `?`.

/// Keys asked for and keys left out. Without any asked for, all are.
package struct KeySelection: Sendable, Equatable {
    /// Names, or patterns in which `*` stands for any characters and `?` for one.
    package var only: [String]
    package var excluding: [String]

    package init(only: [String] = [], excluding: [String] = []) {
        self.only = only
        self.excluding = excluding
    }

    package static let all = KeySelection()

    package func includes(_ key: String) -> Bool {
        (only.isEmpty || only.contains { Self.matches(key, $0) }) && !excluding.contains { Self.matches(key, $0) }
    }

    /// What was asked for, or to be left out, and is the name of none of these: most likely a typing error.
    package func unmatched(in keys: [String]) -> [String] {
        (only + excluding).filter { pattern in !keys.contains { Self.matches($0, pattern) } }
    }

    /// Whether the whole key matches. Takes time in proportion to both lengths multiplied, at worst.
    package static func matches(_ key: String, _ pattern: String) -> Bool {
        let key = Array(key.unicodeScalars)
        let pattern = Array(pattern.unicodeScalars)
        var (offset, place) = (0, 0)
        // Where the last `*` stands, and how much of the key it has taken so far.
        var star: (place: Int, offset: Int)?
        while offset < key.count {
            if place < pattern.count, pattern[place] == "*" {
                star = (place, offset)
                place += 1
            } else if place < pattern.count, pattern[place] == "?" || pattern[place] == key[offset] {
                offset += 1
                place += 1
            } else if let last = star {
                star = (last.place, last.offset + 1)
                offset = last.offset + 1
                place = last.place + 1
            } else {
                return false
            }
        }
        return pattern[place...].allSatisfy { $0 == "*" }
    }

    /// The chosen ones in their order.
    ///
    /// - Throws: `DeliveryError.noSuchKeys`, or `.empty` when none is left.
    func chosen(_ values: [DeliveredValue]) throws(DeliveryError) -> [DeliveredValue] {
        let missing = unmatched(in: values.map(\.key))
        guard missing.isEmpty else { throw .noSuchKeys(missing) }
        let chosen = values.filter { includes($0.key) }
        guard !chosen.isEmpty else { throw .empty }
        return chosen
    }
}
