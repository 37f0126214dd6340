// The few commits that a report names, read in full.

import Git

/// Reads commits for a report, each once.
struct CommitSummaries {
    private let table: ObjectTable
    private let graph: CommitGraph
    /// Hits in messages, by place: a subject that holds a secret is not shown.
    private let hiding: [Int: [Hit]]
    private var known: [Int: CommitSummary] = [:]

    /// Subjects are read up to this many bytes; a report cuts them once it is known that they hold no value.
    private static let longestSubject = 4_096

    init(table: ObjectTable, graph: CommitGraph, hiding: [Int: [Hit]]) {
        self.table = table
        self.graph = graph
        self.hiding = hiding
    }

    mutating func summary(ofNode node: Int, _ repository: borrowing Repository) -> CommitSummary? {
        if let summary = known[node] { return summary }
        let place = graph.nodes[node].place
        let id = table.ids[place]
        // It was read before, so a failure here means that the repository changed under us: the report does without.
        let summary = try? repository.withObject(id) { _, bytes -> CommitSummary? in
            guard let commit = RawCommit(bytes, wantsAuthor: true) else { return nil }
            let line = bytes[commit.message].prefix { $0 != UInt8(ascii: "\n") }.prefix(Self.longestSubject)
            let isHidden = hiding[place] != nil
            return CommitSummary(
                id: id, authorName: commit.author.name, authorEmail: commit.author.email, time: commit.author.time,
                subject: isHidden ? Self.hiddenSubject : String(decoding: line, as: UTF8.self))
        }
        if let summary = summary ?? nil { known[node] = summary }
        return summary ?? nil
    }

    /// What stands in the place of a subject that holds a value.
    static let hiddenSubject = "(hidden: the message holds a secret)"
}

extension History {
    init(_ subject: SubjectHistory, _ summaries: inout CommitSummaries, _ repository: borrowing Repository) {
        self.init(
            introduced: subject.introduced.flatMap { summaries.summary(ofNode: $0, repository) },
            removed: subject.isInHead ? nil : subject.removed.flatMap { summaries.summary(ofNode: $0, repository) },
            commitCount: subject.commitCount, references: subject.references.sorted(), isInHead: subject.isInHead,
            isPushed: subject.isPushed)
    }
}
