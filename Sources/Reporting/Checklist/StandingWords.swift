// A standing in words.

package import Checklist
import World

extension Standing {
    /// The word for it in machine formats.
    package var name: String {
        switch self {
        case .done: "done"
        case .due: "due"
        case .ready: "ready"
        case .blocked: "blocked"
        case .waiting: "waiting"
        case .drifted: "drifted"
        case .waived: "waived"
        case .failed: "failed"
        case .undone: "undone"
        case .unknown: "unknown"
        }
    }

    /// What is said of it below the step's title, in one line.
    func words(now: Instant) -> String {
        switch self {
        case .done(let evidence): evidence.summary
        case .due(let evidence): "due again since \(evidence.due?.day ?? "an unknown day"): \(evidence.summary)"
        case .ready(let reason, let wasCutShort): (wasCutShort ? "an earlier run was cut short: " : "") + reason
        case .blocked(let ids, let reason): "after \(Wording.list(ids)): \(reason)"
        case .waiting(let reason, let until): reason + TimeWords.again(until, now: now)
        case .drifted(let reason): "was done, and is so no longer: \(reason)"
        case .waived(let owner, let reason, let until):
            "waived by \(owner)\(until.map { " until \($0.day)" } ?? ""): \(reason)"
        case .failed(let reason): "the last try failed: \(reason)"
        case .undone(let reason): "taken back: \(reason)"
        case .unknown(let reason, _): "not known: \(reason)"
        }
    }

    /// What a person should mind though the step is done.
    var warnings: [String] {
        switch self {
        case .done(let evidence), .due(let evidence): evidence.warnings
        default: []
        }
    }

    /// How the line below the title looks.
    var ink: Ink {
        switch self {
        case .drifted, .failed: .high
        case .due, .waiting, .unknown: .medium
        case .ready: .plain
        default: .faint
        }
    }
}

/// Points in time as a person wants to hear of them.
enum TimeWords {
    /// `; look again at 15:07 UTC, in 3 min`
    static func again(_ until: Instant?, now: Instant) -> String {
        guard let until else { return "" }
        return until <= now ? "; it is time to look again" : "; look again \(at(until, now: now))"
    }

    /// `at 15:07 UTC, in 3 min`; `on 2026-12-01`
    static func at(_ time: Instant, now: Instant) -> String {
        let left = time - now
        guard left < 20 * 3_600 else { return "on \(time.day)" }
        let clock = time.iso8601.dropFirst(11).prefix(5)
        let minutes = Int((left / 60).rounded(.up))
        if minutes < 1 { return "now" }
        let span = left < 90 ? "\(Int(left.rounded(.up))) s" : minutes < 120 ? "\(minutes) min" : "\(minutes / 60) h"
        return "at \(clock) UTC, in \(span)"
    }
}
