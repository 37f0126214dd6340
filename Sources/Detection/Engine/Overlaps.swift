// Which of several matches in one place is reported.

/// Rules that accept bytes of the same text.
enum Overlaps {
    /// Of overlapping matches, the one whose rule says most; of equals, the longest, then the first.
    static func resolved(_ matches: [Match], of rules: [Rule]) -> [Match] {
        let sorted = matches.sorted { ($0.value.lowerBound, $0.rule) < ($1.value.lowerBound, $1.rule) }
        var kept: [Match] = []
        var start = 0
        while start < sorted.count {
            // Most matches stand alone; only those of one chain of overlaps are weighed against each other.
            var end = start + 1
            var reach = sorted[start].value.upperBound
            while end < sorted.count, sorted[end].value.lowerBound < reach {
                reach = max(reach, sorted[end].value.upperBound)
                end += 1
            }
            if end == start + 1 { kept.append(sorted[start]) } else { kept += disjoint(sorted[start..<end], of: rules) }
            start = end
        }
        return kept
    }

    /// Takes the match that tells most, then the next that leaves it whole, and so on. What a taken match hides thus
    /// hides nothing itself.
    private static func disjoint(_ chain: ArraySlice<Match>, of rules: [Rule]) -> [Match] {
        func rank(_ match: Match) -> (Int, Int, Int, Int) {
            (-rules[match.rule].confirmation.specificity, -match.value.count, match.rule, match.value.lowerBound)
        }
        var kept: [Match] = []
        for match in chain.sorted(by: { rank($0) < rank($1) }) {
            // The place of the first kept match that ends after this one begins.
            var place = 0
            var above = kept.count
            while place < above {
                let middle = (place + above) / 2
                if kept[middle].value.upperBound <= match.value.lowerBound {
                    place = middle + 1
                } else {
                    above = middle
                }
            }
            if place == kept.count || kept[place].value.lowerBound >= match.value.upperBound {
                kept.insert(match, at: place)
            }
        }
        return kept
    }
}
