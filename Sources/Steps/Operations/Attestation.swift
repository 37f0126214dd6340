// What a person answers for, where nothing can be observed.

import Checklist
import HTTP
import World

/// A person's word, as it was written down.
struct Attestation: Sendable, Equatable {
    /// One line.
    var text: String
    /// "Ada Lovelace <ada@example.com>"
    var by: String
    var at: Instant

    /// Of the question, and of the effect.
    static let id = "attest"
    private static let longest = 500

    /// "attested by Ada Lovelace on 2026-11-24: all workers restarted"
    var summary: String { "attested by \(by.prefix { $0 != "<" }.trimmed) on \(at.day): \(text)" }

    /// The last one that a step's record has.
    init?(in record: StepRecord, effect: String = id) {
        guard let intent = record.effects.last(where: { $0.effect == effect }),
            let text = intent.facts.text("attestation")
        else { return nil }
        self.init(text: text, by: intent.facts.text("by") ?? "somebody", at: intent.at)
    }

    init(text: String, by: String, at: Instant) {
        self.text = text
        self.by = by
        self.at = at
    }

    /// Nil while the question is open: an answer of spaces is none.
    static func answer(_ answers: Answers, to id: String = id) -> String? {
        guard let words = answers.text(id)?.split(whereSeparator: \.isWhitespace), !words.isEmpty else { return nil }
        return OneLine.of(words.joined(separator: " "), limit: longest)
    }

    /// What a preview says of it.
    static func change(_ text: String, by identity: String) -> PlannedChange {
        PlannedChange(
            "write down what \(OneLine.of(identity)) answers for",
            lines: [PreviewLine(.added, text)])
    }

    /// Writes it down. A run that was cut short asked again, so the outcome's facts are the ones that count.
    static func write(
        _ text: String, by identity: String, effect: String = id, more: Facts = Facts(), _ run: StepRun
    ) async throws {
        var facts = more
        facts["attestation"] = .text(text)
        facts["by"] = .text(OneLine.of(identity))
        try await run.journal.effected(try await run.journal.intend(effect, facts), facts)
    }

    /// As evidence.
    var facts: Facts { ["attestation": .text(text), "by": .text(by), "attested": .text(at.iso8601)] }
}

extension Substring {
    /// Without spaces at its end.
    fileprivate var trimmed: Substring {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
