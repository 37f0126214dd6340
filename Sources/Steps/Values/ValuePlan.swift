// What is to be stored: the survey, the secret as it is, and the answers so far, put together.

import Checklist
import Secrets

/// One version's worth of changes, and what is still to be decided. Pure, but for the values that it holds.
struct ValuePlan: Sendable {
    /// What becomes of a key.
    enum Action: Sendable {
        case take(SharedSecret)
        case generate(GeneratedForm)
        /// As it is in the secret.
        case stays(isLeaked: Bool)
        /// A person said so.
        case skip
        case leftOut(LeftOut)
        /// A question is open.
        case open
    }

    /// Why there is nothing to store.
    enum LeftOut: String, Sendable, CaseIterable {
        case setting, empty, placeholder

        var words: String {
            switch self {
            case .setting: "settings, and no secrets"
            case .empty: "empty"
            case .placeholder: "placeholders"
            }
        }
    }

    struct Row: Sendable {
        var key: String
        var action: Action
        /// Whether the secret has the key now.
        var isThere: Bool
        /// What is shown of the value, and why, without any byte of it.
        var mask: String
        var note: String
        /// Whether the value is one that git has.
        var isLeaked: Bool

        var isChange: Bool {
            switch action {
            case .take, .generate: true
            default: false
            }
        }
    }

    var rows: [Row] = []
    var questions: [Question] = []
    var notes: [String] = []
    var basis: String = ""

    var changing: [Row] { rows.filter(\.isChange) }
    var open: [Row] {
        rows.filter { if case .open = $0.action { true } else { false } }
    }

    func keys(_ isOne: (Row) -> Bool) -> [String] { rows.filter(isOne).map(\.key) }

    /// Keys that are left out because a person said so.
    var skipped: [String] {
        keys { if case .skip = $0.action { true } else { false } }
    }
    /// Keys that hold, or get, a value that git has, because a person said so.
    var keptLeaked: [String] {
        keys { row in
            switch row.action {
            case .take: row.isLeaked
            case .stays(let isLeaked): isLeaked
            default: false
            }
        }
    }
    var generated: [String] {
        keys { if case .generate = $0.action { true } else { false } }
    }
}

extension ValuePlan {
    mutating func add(
        _ key: String, _ action: Action, isThere: Bool = false, mask: String = "", note: String, isLeaked: Bool = false
    ) {
        rows.append(
            Row(key: key, action: action, isThere: isThere, mask: mask, note: note, isLeaked: isLeaked))
    }
}
