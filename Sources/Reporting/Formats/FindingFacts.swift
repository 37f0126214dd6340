// What every form says of one finding, worded once.

import Detection
import Git
import Scanning

/// One finding in plain words. Names in them come from the repository: each form escapes them in its own way.
struct FindingFacts {
    let finding: Finding
    let target: ScanReport.Target
    let situation: Situation

    init(_ finding: Finding, in target: ScanReport.Target) {
        self.finding = finding
        self.target = target
        situation = Situation(of: finding, in: target)
    }

    var title: String { finding.title(in: target) }

    /// "SendGrid API key SG.….******** (SENDGRID_API_KEY)"
    var subject: String {
        var text = title
        if !finding.mask.isEmpty { text += " " + finding.mask }
        if let name = finding.name, !name.isEmpty { text += " (\(name))" }
        return text
    }

    /// Whether it stands in commits and no longer in HEAD.
    var isOnlyInHistory: Bool { !finding.history.isInHead && finding.history.commitCount > 0 }

    /// What it is, how far it got and the first thing to do: "SendGrid API key … is pushed. Replace and revoke it."
    var sentence: String {
        var text = subject + (situation == .pushed ? " is pushed." : ".")
        if isOnlyInHistory { text += " It is only in history." }
        if let action = Advice.actions(for: finding, in: target).first { text += " " + action.title + "." }
        return text
    }

    /// Every thing to do, as sentences.
    var solution: String {
        Advice.actions(for: finding, in: target).map { action in
            action.title + "." + (action.detail.isEmpty ? "" : " " + action.detail)
        }.joined(separator: " ")
    }

    var place: FindingPlace {
        finding.occurrences.first.map(FindingPlace.init) ?? FindingPlace(path: nil, words: "an unknown place")
    }

    /// Places besides the first.
    var morePlaces: Int { max(0, finding.occurrences.count - 1) }

    func fails(from least: Severity?) -> Bool { least.map { finding.severity >= $0 } ?? false }
}

/// Where a reader is sent to.
struct FindingPlace {
    /// Nil for what is no file: a message, a blob that no tree names, standard input.
    var path: String?
    /// From 1.
    var line = 1
    /// In bytes, from 1.
    var column = 1
    /// The commit or tag whose message it is.
    var messageOf: ObjectID?
    /// `src/mail.py:12`, "the message of commit 0123456789".
    var words: String

    init(path: String?, words: String) {
        self.path = path
        self.words = words
    }

    init(_ occurrence: Occurrence) {
        path = occurrence.path
        line = max(1, occurrence.line)
        column = max(1, occurrence.column)
        switch occurrence.source {
        case .blob(_, .some(let path)), .file(let path): words = "\(path):\(line)"
        case .blob(let id, nil): words = "blob \(id.short), which no tree names"
        case .commitMessage(let id):
            messageOf = id
            words = "the message of commit \(id.short)"
        case .tagMessage(let id):
            messageOf = id
            words = "the message of tag \(id.short)"
        case .standardInput: words = "standard input, line \(line)"
        }
    }
}

extension Gap {
    /// "Could not be read: data/dump.sql: 5.2 GB; the limit is 4.3 GB"
    var sentence: String { "Could not be read: \(subject): \(reason)" }
}
