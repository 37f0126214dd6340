// Where git's settings say that hooks are, and which file of settings says so.

import CLibgit2
import Files
import Synchronization

/// Who a setting of git's holds for.
package enum SettingScope: String, Sendable, Equatable {
    case worktree, local, global, system
}

/// `core.hooksPath` as it is set.
package struct HooksPathSetting: Sendable, Equatable {
    /// As it stands in the file: relative, with `~`, or empty.
    package var value: String
    package var scope: SettingScope

    package init(value: String, scope: SettingScope) {
        self.value = value
        self.scope = scope
    }
}

extension Repository {
    private static var hooksPath: String { "core.hookspath" }

    /// `core.hooksPath` of the narrowest scope that has it; nil where none has.
    ///
    /// - Parameter environment: `GIT_CONFIG_GLOBAL` and `GIT_CONFIG_NOSYSTEM` count as they do for git, which this
    ///   version of libgit2 does not know.
    /// - Throws: `GitError` when a file of settings cannot be read: then it is not known where hooks are.
    package borrowing func hooksPathSetting(
        environment: [String: String]
    ) throws(GitError) -> HooksPathSetting? {
        var config: OpaquePointer?
        try git("read git's settings") {
            Library.searchPaths.withLock { _ in git_repository_config(&config, handle) }
        }
        defer { git_config_free(config) }
        if hasWorktreeSettings, FileStatus(at: gitFolder + "config.worktree") != nil,
            let value = try Self.value(inFile: gitFolder + "config.worktree")
        {
            return HooksPathSetting(value: value, scope: .worktree)
        }
        if let value = try Self.value(config, GIT_CONFIG_LEVEL_LOCAL) {
            return HooksPathSetting(value: value, scope: .local)
        }
        if let file = environment["GIT_CONFIG_GLOBAL"] {
            if FileStatus(at: file) != nil, let value = try Self.value(inFile: file, of: handle) {
                return HooksPathSetting(value: value, scope: .global)
            }
        } else {
            for level in [GIT_CONFIG_LEVEL_GLOBAL, GIT_CONFIG_LEVEL_XDG] {
                if let value = try Self.value(config, level) { return HooksPathSetting(value: value, scope: .global) }
            }
        }
        if ["", "0", "false", "no", "off"].contains((environment["GIT_CONFIG_NOSYSTEM"] ?? "").lowercased()),
            let value = try Self.value(config, GIT_CONFIG_LEVEL_SYSTEM)
        {
            return HooksPathSetting(value: value, scope: .system)
        }
        return nil
    }

    /// `core.hooksPath` in one file of settings and those that it includes; nil where it is not set.
    ///
    /// - Throws: `GitError` when the file is there and cannot be read.
    package static func hooksPath(inFile path: String) throws(GitError) -> String? {
        _ = Library.ready
        guard FileStatus(at: path) != nil else { return nil }
        return try value(inFile: path)
    }

    private var hasWorktreeSettings: Bool {
        ["true", "yes", "on", "1", ""].contains(configuration("extensions.worktreeconfig")?.lowercased())
    }

    /// - Parameter repository: whose conditions count in what the file includes; nil for none.
    private static func value(
        inFile path: String, of repository: OpaquePointer? = nil
    ) throws(GitError) -> String? {
        var config: OpaquePointer?
        try git("read git's settings") { git_config_new(&config) }
        defer { git_config_free(config) }
        try git("read git's settings in \(path)") {
            git_config_add_file_ondisk(config, path, GIT_CONFIG_LEVEL_GLOBAL, repository, 1)
        }
        return try entry(config)
    }

    private static func value(_ config: OpaquePointer?, _ level: git_config_level_t) throws(GitError) -> String? {
        var part: OpaquePointer?
        // There is no file of this level.
        guard git_config_open_level(&part, config, level) == 0 else { return nil }
        defer { git_config_free(part) }
        return try entry(part)
    }

    private static func entry(_ config: OpaquePointer?) throws(GitError) -> String? {
        var entry: UnsafeMutablePointer<git_config_entry>?
        do {
            try git("read git's settings") { git_config_get_entry(&entry, config, hooksPath) }
        } catch {
            guard error.code == .notFound else { throw error }
            return nil
        }
        defer { git_config_entry_free(entry) }
        // A key without `=` has no value.
        return entry?.pointee.value.map { String(cString: $0) } ?? ""
    }
}
