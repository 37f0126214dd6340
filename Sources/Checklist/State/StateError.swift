// What keeps a state file from being used.

/// A state file that is not read, or not written. Whatever the reason, the file stays as it is.
package enum StateError: Error, Sendable, Equatable {
    /// - Parameters:
    ///   - line: from 1; nil when it is about the file as a whole.
    ///   - what: half a sentence: "a comma or `}` was expected".
    case damaged(path: String, line: Int?, what: String)
    /// - Parameters:
    ///   - line: of the first marker, from 1.
    ///   - ours: what git calls the two sides: a branch, a commit.
    ///   - steps: whose events are in dispute, as far as that can be told.
    case mergeConflict(path: String, line: Int, ours: String, theirs: String, steps: [String])
    /// Written by a newer version of the tool.
    case newerSchema(path: String, schema: String)
    /// It belongs to another checklist.
    case otherChecklist(path: String, found: String, expected: String)
    /// It remembers steps that the checklist does not have.
    case unknownSteps(path: String, steps: [String], checklist: String)
    /// - Parameter limit: in bytes.
    case tooLarge(path: String, limit: Int)
    /// A link, a folder or a device stands in its place.
    case notRegular(path: String)
    /// Its past was edited: nothing is built on it.
    case tampered(path: String, steps: [TamperedStep])
    /// Somebody else is running the checklist in this worktree.
    case locked(LockHolder)
    /// Another program has written the file since this run has read it.
    case changedMeanwhile(path: String)

    /// What is the matter, in one line.
    package var reason: String {
        switch self {
        case .damaged(let path, let line, let what):
            return "\(path) is damaged" + (line.map { ", line \($0)" } ?? "") + ": \(what)."
        case .mergeConflict(let path, let line, let ours, let theirs, let steps):
            let place = steps.isEmpty ? "" : ", about \(StateWords.steps(steps))"
            return "\(path) has a merge conflict between \(ours) and \(theirs)\(place) (line \(line))."
        case .newerSchema(let path, let schema):
            return "\(path) was written by a newer migrate (\(schema))."
        case .otherChecklist(let path, let found, let expected):
            return "\(path) belongs to the checklist \(found), not to \(expected)."
        case .unknownSteps(let path, let steps, let checklist):
            let words = StateWords.steps(steps)
            return "\(path) remembers \(words), which the checklist \(checklist) does not have."
        case .tooLarge(let path, let limit): return "\(path) is larger than \(limit >> 20) MiB."
        case .notRegular(let path): return "\(path) is not a regular file."
        case .tampered(let path, let steps):
            let first = steps.first.map { ": " + $0.words } ?? ""
            return "the past in \(path) was edited\(first)."
        case .locked(let holder): return "another run holds the lock of this repository: \(holder.words)."
        case .changedMeanwhile(let path): return "\(path) was changed by another program during this run."
        }
    }

    /// What to do about it, in one line.
    package var remedy: String {
        switch self {
        case .damaged(let path, _, _):
            "Mend it by hand, or bring back the last good one: git checkout -- \(path)"
        case .mergeConflict(_, _, _, _, let steps):
            "Keep both sides' events of \(steps.isEmpty ? "each step" : StateWords.these(steps)), first one side's and "
                + "then the other's, the state of the side that comes last, and a comma between events; remove the "
                + "markers and see `migrate status`."
        case .newerSchema: "Use that version, or a later one."
        case .otherChecklist(let path, let found, _):
            "Go on with the checklist \(found), or move \(path) away first."
        case .unknownSteps(let path, _, _):
            "Go on with the checklist that has them, or move \(path) away first."
        case .tooLarge(let path, _), .notRegular(let path):
            "Bring back the last good one: git checkout -- \(path)"
        case .tampered(let path, _):
            "See who changed it with git log -p -- \(path), and bring back the last good one."
        case .locked: "Wait for it to end; the lock goes with its process."
        case .changedMeanwhile: "Run it again: the world is asked first, and nothing is done twice."
        }
    }
}

/// A step whose past in the state file does not agree with itself.
package struct TamperedStep: Sendable, Equatable {
    package enum Flaw: Sendable, Equatable {
        /// The event, or one before it, was changed, removed or brought in from elsewhere.
        case chain
        /// The event cannot follow on what was before.
        case order
        /// The state that the file gives is not the one that its events lead to.
        case state(written: StepState, told: StepState)
    }

    /// The step's id.
    package var step: String
    package var flaw: Flaw
    /// In the file, from 1; 0 when there is no file.
    package var line: Int

    package init(step: String, flaw: Flaw, line: Int) {
        self.step = step
        self.flaw = flaw
        self.line = line
    }

    /// Half a sentence, without a full stop.
    package var words: String {
        switch flaw {
        case .chain: "an event of step \(step) does not fit the one before (line \(line))"
        case .order: "an event of step \(step) cannot follow the one before (line \(line))"
        case .state(let written, let told):
            "step \(step) is given as \(written.rawValue), and its events say \(told.rawValue) (line \(line))"
        }
    }
}

enum StateWords {
    /// "step a", "the steps a and b", "the steps a, b and 3 more".
    static func steps(_ ids: [String]) -> String {
        ids.count == 1 ? "step \(ids[0])" : "the steps \(list(ids))"
    }

    static func these(_ ids: [String]) -> String { ids.count == 1 ? "step \(ids[0])" : "these steps" }

    private static func list(_ ids: [String]) -> String {
        let shown = ids.count > 4 ? Array(ids.prefix(3)) + ["\(ids.count - 3) more"] : ids
        guard let last = shown.last, shown.count > 1 else { return shown.joined() }
        return shown.dropLast().joined(separator: ", ") + " and " + last
    }
}
