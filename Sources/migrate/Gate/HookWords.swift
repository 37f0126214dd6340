// What is said about hooks that are installed and taken away, and about what stands in the way.

import Gate
import Git
import Reporting

extension HookRefusal {
    var words: Failure.Words {
        switch self {
        case .bare(let folder):
            (
                .failed, "\(Failure.quoted(folder)) is a bare repository: no commits are made in it.",
                "install the hook in a clone; what is pushed here, a pipeline checks: migrate ci init"
            )
        case .hooksOff(let setting):
            (
                .failed,
                "core.hooksPath is \(Failure.quoted(setting.value)) (\(setting.scope.rawValue)), which turns all hooks off; nothing was installed.",
                "to let git run hooks again: \(Self.unset(setting))"
            )
        case .noFolder(let path, let setting):
            (
                .failed,
                "core.hooksPath (\(setting.scope.rawValue)) names \(Failure.quoted(path)), and there is no such folder; nothing was installed.",
                "make it, or take the setting away: \(Self.unset(setting))"
            )
        case .unknownHome(let setting):
            (
                .failed,
                "core.hooksPath is \(Failure.quoted(setting.value)) (\(setting.scope.rawValue)), and where that is cannot be known here; nothing was installed.",
                "set it to an absolute path, or take it away: \(Self.unset(setting))"
            )
        case .noFile(let path):
            (.failed, "\(Failure.quoted(path)) is no file; nothing was installed.", "move it away first.")
        case .changed(let path):
            (
                .failed,
                "\(Failure.quoted(path)) has been changed since migrate wrote it; it was left as it is.",
                "move your lines elsewhere and delete the file; then run this again. A hook from before is beside it, as \(HookScript.keptSuffix)"
            )
        case .twoHooks(let path, let kept):
            (
                .failed,
                "\(Failure.quoted(path)) is not migrate's, and \(Failure.quoted(kept)) is kept from an earlier installation; both were left as they are.",
                "keep the one that you want as \(Failure.quoted(path)), and delete the other; then run this again"
            )
        case .raced(let path):
            (
                .failed, "\(Failure.quoted(path)) has changed just now; it was left as it is.",
                "see what else writes there, then run this again"
            )
        case .noProgram:
            (
                .failed, "the system does not say where this program is; nothing was installed.",
                "run it by its absolute path"
            )
        case .globalTaken(let setting, let file):
            (
                .failed,
                "core.hooksPath is \(Failure.quoted(setting.value)) in \(Failure.quoted(file)) already; nothing was changed.",
                "install into single repositories, where that folder is respected: migrate hook install"
            )
        case .settingsChanged(let file, let folder):
            (
                .failed,
                "core.hooksPath in \(Failure.quoted(file)) leads to \(Failure.quoted(folder)), but not by the lines that migrate wrote; nothing was changed.",
                "take it away with: git config --global --unset core.hooksPath; then run this again"
            )
        case .settingsLocked(let lock):
            (
                .failed,
                "\(Failure.quoted(lock)) is there: another program writes git's settings; nothing was changed.",
                "run it again; if no git runs any more, delete that file"
            )
        case .noHome:
            (.failed, "there is no home folder, so there are no settings for all repositories.", "set HOME")
        }
    }

    private static func unset(_ setting: HooksPathSetting) -> String {
        "git config --\(setting.scope.rawValue) --unset core.hooksPath"
    }
}

/// What became of each hook, for people: names in one column, words in the other.
struct HookLines {
    private var rows: [(name: String, words: String)] = []

    mutating func add(_ name: String, _ words: String) { rows.append((name, words)) }

    func text(_ style: TerminalStyle) -> String {
        let width = rows.map { Failure.clean($0.name).count }.max() ?? 0
        return rows.map { row in
            let name = Failure.clean(row.name)
            return name + String(repeating: " ", count: width - name.count + 2) + Failure.clean(row.words) + "\n"
        }.joined()
    }
}
