// Which hooks a repository has, for people.

package import Gate
import Git

/// `migrate hook status`.
package struct HookStatusReport {
    let status: HookStatus
    let global: GlobalHooks.State?
    /// Of this tool.
    let version: String

    /// - Parameter global: of the folder for all of the user's repositories; nil where there can be none.
    package init(_ status: HookStatus, global: GlobalHooks.State?, version: String) {
        self.status = status
        self.global = global
        self.version = version
    }

    package func text(_ style: TerminalStyle) -> String {
        var page = style.page()
        page.paragraph([Piece("Hooks: "), .whole(status.folder.shown(status.folder.path), .strong), Piece(origin)])
        let width = HookKind.allCases.map(\.name.utf8.count).max() ?? 0
        for hook in status.hooks {
            let gap = String(repeating: " ", count: width - hook.kind.name.utf8.count + 2)
            page.paragraph(
                [sign(hook, style), .whole(" "), .whole(hook.kind.name, .strong), .whole(gap)] + words(hook),
                hanging: width + 4)
        }
        for path in status.hidden {
            page.paragraph([
                .whole(status.folder.shown(path)), Piece(" is ours, and core.hooksPath keeps git from running it."),
            ])
        }
        page.gap()
        let conclusion =
            status.isActive
            ? Piece("Commits are checked.", .good) : Piece("Commits are not checked.", .high)
        page.paragraph([conclusion] + (next.map { [Piece(" " + $0)] } ?? []))
        return page.text
    }

    private var origin: String {
        if status.isGlobal { return " (for all repositories of this user)" }
        guard let setting = status.folder.setting else { return "" }
        return " (core.hooksPath, \(setting.scope.rawValue))"
    }

    private func sign(_ hook: HookStatus.Hook, _ style: TerminalStyle) -> Piece {
        if hook.isActive { return .whole(style.unicode ? "✓" : "+", .good) }
        // Whether somebody wants it to check.
        let isMeant = hook.kind == .preCommit || hook.owner == .ours || hook.owner == .changed
        return isMeant ? .whole(style.unicode ? "✗" : "x", .high) : .whole("-", .faint)
    }

    private func words(_ hook: HookStatus.Hook) -> [Piece] {
        switch hook.owner {
        case .none: return [Piece("not installed", .faint)]
        case .changed: return [Piece("ours, changed by hand since; what it does is not known")]
        case .ours: return ours(hook) + kept(hook)
        case .foreign:
            switch hook.obstacle {
            case nil: return [Piece("another hook, which runs migrate")]
            case .notExecutable?:
                return [Piece("another hook, which would run migrate but is not executable, so git passes over it")]
            default: return [Piece("another hook, which does not run migrate")]
            }
        case .manager: return managed(hook)
        }
    }

    private func kept(_ hook: HookStatus.Hook) -> [Piece] {
        guard let path = hook.kept else { return [] }
        let file = Piece.whole(status.folder.shown(path))
        return hook.keptRuns
            ? [Piece(", then "), file]
            : [Piece("; "), file, Piece(" is not executable: git would not have run it, and neither do we")]
    }

    private func ours(_ hook: HookStatus.Hook) -> [Piece] {
        guard let program = hook.program else { return [Piece("ours")] }
        let path = Piece.whole(program.path)
        switch hook.obstacle {
        case .notExecutable?: return [Piece("ours, but not executable, so git passes over it")]
        case .noProgram?:
            return [Piece("ours, but "), path, Piece(" is gone and no migrate is in the PATH: it blocks every commit")]
        default: break
        }
        guard let substitute = program.substitute else {
            return [Piece("runs "), path, Piece(program.isThis ? " (this program, \(version))" : "")]
        }
        return [path, Piece(" is gone; runs "), .whole(substitute), Piece(" from the PATH")]
    }

    private func managed(_ hook: HookStatus.Hook) -> [Piece] {
        let title = status.manager?.kind.title ?? "a manager"
        let file = Piece.whole(status.folder.shown(hook.path))
        switch hook.obstacle {
        case nil: return [Piece("\(title) runs migrate, by "), file]
        case .managerNotInPlace(let install)?:
            return [file, Piece(" has our line, but git does not run \(title): "), .whole(install, .command)]
        default: return [Piece("\(title) has no line for migrate in "), file]
        }
    }

    private var next: String? {
        guard !status.isActive else { return nil }
        if case .managerNotInPlace(let install)? = status[.preCommit]?.obstacle { return "Next: \(install)" }
        return switch status.refusal {
        case .noFolder?: "core.hooksPath names a folder that is not there."
        case .some: "core.hooksPath turns all hooks off."
        case nil: "To install: migrate hook install"
        }
    }
}
