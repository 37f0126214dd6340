// Leaked values, named by where they stand: nothing of a live one may be derived.

import Checklist
import Detection
import Git
import HTTP
import Scanning
import Secrets

/// A finding that git keeps, under a name that tells nothing of its value.
struct LeakedCredential: Sendable {
    let finding: Finding
    /// The first ten digits of a blob or commit, line and column: `3f2a1b4c5d:12:18`. Where two findings begin at the
    /// same place, the later one's rule as well.
    let id: String
    /// The ids of all its places.
    let places: [String]

    private static let mostPlaces = 32

    /// "SendGrid API key SG.abc.******** in backend/.env:3"
    var words: String {
        var parts = [OneLine.of(finding.title)]
        if let name = finding.name { parts.append(OneLine.of(name)) }
        if !finding.mask.isEmpty { parts.append(OneLine.of(finding.mask)) }
        return (parts + ["in", place]).joined(separator: " ")
    }

    /// Where it stands, most present first: "backend/.env:3", "the message of commit 3f2a1b4c5d".
    var place: String {
        guard let first = finding.occurrences.first else { return "git" }
        switch first.source {
        case .commitMessage(let id): return "the message of commit \(id.short)"
        case .tagMessage(let id): return "the message of tag \(id.short)"
        case .blob(let id, nil): return "blob \(id.short), line \(first.line)"
        case .blob(_, let path?), .file(let path): return "\(OneLine.of(path)):\(first.line)"
        case .standardInput: return "standard input"
        }
    }

    /// Whether a decision that was written down is about this one.
    func isMeant(by effect: Intent, kind: String) -> Bool {
        guard effect.effect.hasPrefix(kind + "/") else { return false }
        let id = effect.effect.dropFirst(kind.count + 1)
        if id == self.id { return true }
        guard effect.facts.text("rule") == finding.ruleID else { return false }
        return !Set(effect.facts.list("places") ?? []).isDisjoint(with: places)
    }

    /// What a decision says of it.
    var facts: Facts { ["rule": .text(finding.ruleID), "places": .list(places)] }

    /// The findings of a report that git keeps and that hold a value: in any object, reachable or not, or in the index.
    /// The most urgent first.
    static func all(in report: ScanReport) -> [LeakedCredential] {
        var seen: Set<String> = []
        return report.findings.compactMap { finding in
            // A committed dotenv file is a finding without a value; taking it out of git is another step.
            guard finding.severity >= .low, finding.ruleID != "dotenv-file" else { return nil }
            let places = finding.occurrences.compactMap(Self.id)
            guard var id = places.first else { return nil }
            if !seen.insert(id).inserted {
                id += ":" + finding.ruleID
                guard seen.insert(id).inserted else { return nil }
            }
            return LeakedCredential(finding: finding, id: id, places: Array(places.prefix(mostPlaces)))
        }
    }

    private static func id(_ occurrence: Occurrence) -> String? {
        switch occurrence.source {
        case .blob(let id, _), .commitMessage(let id), .tagMessage(let id):
            "\(id.short):\(occurrence.line):\(occurrence.column)"
        case .file, .standardInput: nil
        }
    }

    /// What to do about it, and where: "revoke or rotate it: https://…".
    var remedy: String {
        finding.revocation.isEmpty
            ? "replace it wherever it is used, and make the old one worthless" : OneLine.of(finding.revocation)
    }
}

extension ScanReport {
    /// Why nothing can be said for certain; nil for a report of everything.
    var gapInWords: String? {
        guard let gap = gaps.first else { return nil }
        return "\(PlainText.count(gaps.count, "thing")) could not be read, the first: \(OneLine.of(gap.subject)): "
            + OneLine.of(gap.reason)
    }
}
