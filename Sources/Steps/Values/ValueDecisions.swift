// What a person has decided about values that leaked, and what the journal remembers of it.

import Checklist
import Scanning
import Secrets

/// What is to become of a key whose value is in git.
enum ValueDecision: String, Sendable {
    /// A new random value.
    case generate
    /// A new value that a person types.
    case enter
    /// The leaked value is carried over, knowingly.
    case keep
    /// The key is left out.
    case skip
}

/// Decisions of earlier runs, by key.
struct RememberedDecisions: Sendable {
    private(set) var kept: Set<String> = []
    private(set) var skipped: Set<String> = []
    /// Keys that this step has stored.
    private(set) var stored: Set<String> = []

    /// Names of the facts.
    enum Name {
        static let added = "added"
        static let changed = "changed"
        static let generated = "generated"
        static let kept = "kept-leaked"
        static let skipped = "skipped"
        static let version = "version-id"
        static let base = "base-version-id"
    }

    /// What a person has agreed to counts even where the run was cut short: the last word on a key is the one.
    init(_ record: StepRecord) {
        for effect in (record.effects + record.openIntents).sorted(by: { $0.at < $1.at }) {
            let isMade = record.effects.contains { $0.token == effect.token }
            let changed = (effect.facts.list(Name.added) ?? []) + (effect.facts.list(Name.changed) ?? [])
            kept.subtract(changed)
            skipped.subtract(changed)
            if isMade { stored.formUnion(changed) }
            for key in effect.facts.list(Name.kept) ?? [] {
                kept.insert(key)
                skipped.remove(key)
            }
            for key in effect.facts.list(Name.skipped) ?? [] {
                skipped.insert(key)
                kept.remove(key)
            }
        }
    }
}

extension Finding {
    /// Whether git has the value: not only a file that is ignored or was never added, or a change of a tracked file
    /// that is not staged.
    var isInGit: Bool { occurrences.contains { !$0.reach.isSubset(of: [.ignored, .untracked, .worktree]) } }

    /// Where it stands: "backend/.env:3", "a commit message".
    var whereabouts: String {
        for occurrence in occurrences {
            if let path = occurrence.path { return "\(PlainText.line(path)):\(occurrence.line)" }
        }
        return occurrences.isEmpty ? "git" : "a message in git"
    }
}

extension RepositoryFindings {
    /// The finding in git whose value this is; nil for a value that git does not have.
    func leak(of value: SharedSecret, key: String) -> Finding? {
        guard let finding = leaked.finding(of: value, key: key) else { return nil }
        if finding.isInGit { return finding }
        // The same value under another rule: in a file of no interest here, and in git there.
        return report.findings.first { other in
            other.isInGit && other.ruleID != finding.ruleID && self.value(of: other)?.isSame(as: value) ?? false
        }
    }
}
