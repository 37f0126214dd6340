// Which hooks a repository has, for programs.

import Gate
import Git
import JSON

extension HookStatusReport {
    /// `migrate.hook-status/1`
    package func json() throws -> [UInt8] { try JSONText.bytes(Document(status, global: global, version: version)) }

    private struct Document: Encodable {
        let schema = "migrate.hook-status/1"
        /// Whether a commit is checked.
        let active: Bool
        let worktree: String
        let folder: String
        let hooksPath: Setting?
        /// "no-folder", "off"; absent for nothing.
        let obstacle: String?
        let manager: Manager?
        let hooks: [Hook]
        /// Hooks of ours that a setting hides.
        let hidden: [String]
        let global: Global?

        init(_ status: HookStatus, global: GlobalHooks.State?, version: String) {
            active = status.isActive
            worktree = status.folder.worktree
            folder = status.folder.path
            hooksPath = status.folder.setting.map { Setting(value: $0.value, scope: $0.scope.rawValue) }
            obstacle = status.refusal.map { if case .noFolder = $0 { "no-folder" } else { "off" } }
            manager = status.manager.map { Manager(name: $0.kind.rawValue, settings: $0.place) }
            hooks = status.hooks.map { Hook($0, version: version) }
            hidden = status.hidden
            self.global = global.map(Global.init)
        }
    }

    private struct Setting: Encodable {
        let value: String
        let scope: String
    }

    private struct Manager: Encodable {
        let name: String
        let settings: String
    }

    private struct Hook: Encodable {
        let name: String
        let path: String
        let owner: String
        let active: Bool
        let obstacle: String?
        let program: Program?
        let kept: Kept?

        struct Program: Encodable {
            let path: String
            let present: Bool
            let foundInPath: String?
            let isThis: Bool
            /// Of the program, where it is the one that says this: no other is run to ask it.
            let version: String?
        }

        struct Kept: Encodable {
            let path: String
            let runs: Bool
        }

        init(_ hook: HookStatus.Hook, version: String) {
            name = hook.kind.name
            path = hook.path
            owner = hook.owner.rawValue
            active = hook.isActive
            obstacle = hook.obstacle.map { obstacle in
                switch obstacle {
                case .notExecutable: "not-executable"
                case .noProgram: "no-program"
                case .managerNotInPlace: "manager-not-in-place"
                case .changed: "changed"
                case .notMentioned: "not-mentioned"
                case .hooksOff: "hooks-off"
                }
            }
            program = hook.program.map {
                Program(
                    path: $0.path, present: $0.isPresent, foundInPath: $0.substitute,
                    isThis: $0.isThis, version: $0.isThis ? version : nil)
            }
            kept = hook.kept.map { Kept(path: $0, runs: hook.keptRuns) }
        }
    }

    private struct Global: Encodable {
        /// "absent", "installed", "partial", "taken"
        let state: String
        let checks: [String]
        let hooksPath: String?

        init(_ state: GlobalHooks.State) {
            switch state {
            case .absent: (self.state, checks, hooksPath) = ("absent", [], nil)
            case .installed(let kinds): (self.state, checks, hooksPath) = ("installed", kinds.map(\.name), nil)
            case .partial: (self.state, checks, hooksPath) = ("partial", [], nil)
            case .taken(let value): (self.state, checks, hooksPath) = ("taken", [], value)
            }
        }
    }
}
