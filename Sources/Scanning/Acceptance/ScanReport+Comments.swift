// Takes the findings out of a report that comments on their lines are about.

import Detection

extension ScanReport {
    /// Takes out findings whose places of today all have such a comment, and which history has in no other file: who
    /// wrote the comment has judged this value there. What only history has needs a comment in every place.
    package mutating func acceptComments(lender: ValueLender) {
        var reader = CommentReader(lender: lender, findings: findings)
        takeOut { finding in reader.words(for: finding).map { .marker($0) } }
    }
}

/// Looks for comments, and reads what several findings stand in once.
private struct CommentReader {
    private let lender: ValueLender
    /// By the places of today.
    private var known: [Place: String] = [:]

    private struct Place: Hashable {
        var source: Occurrence.Source
        var start: Int
    }

    /// Places of history that are looked at for one finding.
    private static let mostPlaces = 50
    /// Bytes of a file in which comments are looked for.
    private static let largest = 16 << 20

    init(lender: ValueLender, findings: [Finding]) {
        self.lender = lender
        var ranges: [Occurrence.Source: [Range<Int>]] = [:]
        for finding in findings where finding.ruleID != Rule.dotenvFile.id {
            for place in finding.occurrences where place.isOfToday && place.path != nil {
                ranges[place.source, default: []].append(place.range)
            }
        }
        for (source, ranges) in ranges {
            for (range, words) in Self.words(in: source, ranges, lender) {
                known[Place(source: source, start: range.lowerBound)] = words
            }
        }
    }

    func words(for finding: Finding) -> String? {
        guard finding.ruleID != Rule.dotenvFile.id, !finding.occurrences.isEmpty else { return nil }
        let today = finding.occurrences.filter(\.isOfToday)
        guard !today.isEmpty else { return wordsInHistory(for: finding) }
        let words = today.map { known[Place(source: $0.source, start: $0.range.lowerBound)] }
        guard let first = words[0], !words.contains(nil) else { return nil }
        let paths = Set(today.map(\.path))
        return finding.occurrences.allSatisfy { paths.contains($0.path) } ? first : nil
    }

    private func wordsInHistory(for finding: Finding) -> String? {
        guard finding.occurrences.count <= Self.mostPlaces else { return nil }
        var first: String?
        for place in finding.occurrences {
            guard place.path != nil, let words = Self.words(in: place.source, [place.range], lender).first?.words else {
                return nil
            }
            first = first ?? words
        }
        return first
    }

    private static func words(
        in source: Occurrence.Source, _ ranges: [Range<Int>], _ lender: ValueLender
    ) -> [(range: Range<Int>, words: String)] {
        var found: [(range: Range<Int>, words: String)] = []
        lender.withContent(of: source) { content in
            guard content.count <= largest else { return }
            for range in ranges {
                if let words = AllowComment.words(in: content, at: range) { found.append((range, words)) }
            }
        }
        return found
    }
}

extension Occurrence {
    /// Whether it is what people see and the next commit has.
    fileprivate var isOfToday: Bool {
        !reach.isDisjoint(with: [.worktree, .untracked, .ignored, .index, .head])
    }
}
