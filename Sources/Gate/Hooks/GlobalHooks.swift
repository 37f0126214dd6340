// One folder of hooks for all repositories of a user.

import Files
import Git
package import World

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A folder to which `core.hooksPath` of the user's settings leads. Git then looks nowhere else, so it has a file for each
/// hook that git knows; each hands on to the repository's own one.
package struct GlobalHooks: Sendable {
    /// Absolute.
    package let folder: String
    /// The user's settings of git.
    package let settings: UserSettings

    /// - Throws: `HookRefusal.noHome`.
    package init(in world: World) throws {
        guard let folder = Self.folder(in: world), let settings = UserSettings(in: world) else {
            throw HookRefusal.noHome
        }
        self.folder = folder
        self.settings = settings
    }

    /// Nil where there is no home folder.
    package static func folder(in world: World) -> String? {
        if let data = world.variable("XDG_DATA_HOME"), data.hasPrefix("/") { return data + "/migrate/hooks" }
        return world.homeFolder.map { $0 + "/.local/share/migrate/hooks" }
    }

    /// What is there.
    package enum State: Sendable, Equatable {
        case absent
        /// In place; these check.
        case installed([HookKind])
        /// Some of it is: an installation or a removal was cut short.
        case partial
        /// `core.hooksPath` leads elsewhere.
        case taken(String)
    }

    /// - Throws: `GitError`, `FileError`.
    package func state() throws -> State {
        let named = try settings.hooksPath()
        if let named, named != folder { return .taken(named) }
        let hooks = try HookKind.allNames.map { try HookFile(folder + "/" + $0) }
        let ours = hooks.compactMap { hook -> HookScript? in
            guard case .ours(let script) = hook.state, hook.isExecutable else { return nil }
            return script
        }
        if named != nil, ours.count == hooks.count {
            return .installed(ours.filter(\.checks).compactMap { HookKind(rawValue: $0.name) })
        }
        return named == nil && hooks.allSatisfy { $0.state == .absent } ? .absent : .partial
    }

    /// Writes the hooks, and then the setting that leads to them.
    ///
    /// - Returns: whether anything was changed.
    /// - Throws: `HookRefusal`, `GitError`, `FileError`.
    package func install(_ kinds: Set<HookKind>, program: String) throws -> Bool {
        let named = try settings.hooksPath()
        if let named, named != folder {
            throw HookRefusal.globalTaken(
                setting: HooksPathSetting(value: named, scope: .global), file: settings.file)
        }
        let changes = try HookKind.allNames.map { name in
            try HookChange.installing(
                HookScript(
                    name: name, program: program, isGlobal: true,
                    checks: kinds.contains { $0.name == name }), at: folder + "/" + name)
        }
        // A hook of somebody else's in a folder of ours would be kept and never run.
        for change in changes {
            if case .keep = change.action { throw HookRefusal.changed(path: change.path) }
        }
        if changes.contains(where: \.isNeeded) { try makeFolder() }
        for change in changes { try change.apply() }
        let isSet = named == nil ? try settings.set(folder) : false
        return isSet || changes.contains(where: \.isNeeded)
    }

    /// Takes the setting away, and then the hooks.
    ///
    /// - Returns: whether anything was changed.
    /// - Throws: `HookRefusal`, `GitError`, `FileError`.
    package func uninstall() throws -> Bool {
        let changes = try HookKind.allNames.map { try HookChange.removing(at: folder + "/" + $0) }.filter(\.isNeeded)
        let isUnset = try settings.unset(folder)
        for change in changes { try change.apply() }
        rmdir(folder)
        return isUnset || !changes.isEmpty
    }

    private func makeFolder() throws {
        var path = ""
        for part in folder.split(separator: "/") {
            path += "/" + part
            try Folder.make(at: path)
        }
    }
}
