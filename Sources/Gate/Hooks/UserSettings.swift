// `core.hooksPath` in the user's own settings of git: added as a block of ours, and taken out to the byte.

import Files
import Git
import World

/// The file that `git config --global` writes.
package struct UserSettings: Sendable {
    /// Absolute.
    package let file: String
    /// Those that git reads for a user, in the order in which the later one wins.
    private let files: [String]
    private static let limit = 8 << 20

    /// - Returns: nil where there is no home folder.
    init?(in world: World) {
        if let named = world.environment["GIT_CONFIG_GLOBAL"] {
            file = named
            files = [named]
            return
        }
        guard let home = world.homeFolder else { return nil }
        let usual = home + "/.gitconfig"
        let other = (world.variable("XDG_CONFIG_HOME") ?? home + "/.config") + "/git/config"
        file = FileStatus(at: usual) == nil && FileStatus(at: other) != nil ? other : usual
        files = [other, usual]
    }

    /// `core.hooksPath` as the user's settings have it; nil where they have none.
    /// - Throws: `GitError`.
    package func hooksPath() throws -> String? {
        for file in files.reversed() {
            if let value = try Repository.hooksPath(inFile: file) { return value }
        }
        return nil
    }

    /// Adds the setting at the end of the file, under git's own lock.
    /// - Throws: `HookRefusal`, `FileError`.
    func set(_ folder: String) throws -> Bool {
        try update { text in
            guard let text else { return Self.block(folder, .file) }
            guard let last = text.last else { return Self.block(folder, .plain) }
            return last == UInt8(ascii: "\n")
                ? text + Self.block(folder, .plain) : text + [UInt8(ascii: "\n")] + Self.block(folder, .newline)
        }
    }

    /// Takes exactly that out again.
    /// - Throws: `HookRefusal.settingsChanged` when the setting is there but not as it was written; `FileError`,
    ///   `GitError`.
    func unset(_ folder: String) throws -> Bool {
        // Where no file is, its folder may not be there either, and a lock has no place.
        for file in files where FileStatus(at: file) != nil {
            var isLeftEmpty = false
            let isDone = try update(file) { text in
                guard let text else { return nil }
                for addition in Addition.allCases {
                    guard let found = text.firstRange(of: Self.block(folder, addition)) else { continue }
                    guard Self.beginsSection(text[found.upperBound...]) else {
                        // Others have come into our section, by `git config` say: they keep its head.
                        return Array(text[..<found.lowerBound]) + Array("[core]\n".utf8) + text[found.upperBound...]
                    }
                    let start = addition == .newline ? max(0, found.lowerBound - 1) : found.lowerBound
                    let rest = Array(text[..<start] + text[found.upperBound...])
                    isLeftEmpty = addition == .file && rest.isEmpty
                    return rest
                }
                return nil
            }
            if isDone {
                // The file that was made for it goes with it.
                if isLeftEmpty { try HookChange.remove(FilePaths.resolved(file) ?? file) }
                return true
            }
        }
        if try hooksPath() == folder { throw HookRefusal.settingsChanged(file: file, folder: folder) }
        return false
    }

    // MARK: The block

    /// What else was added for it: a newline that the file's last line lacked, or the file.
    private enum Addition: String, CaseIterable {
        case plain = ""
        case newline = " (and the end of the line above)"
        case file = " (and this file)"
    }

    /// Whether what follows belongs to no section before it.
    private static func beginsSection(_ text: ArraySlice<UInt8>) -> Bool {
        for line in text.split(separator: UInt8(ascii: "\n")) {
            guard let first = line.first(where: { ![0x20, 0x09, 0x0D].contains($0) }) else { continue }
            guard "#;".utf8.contains(first) else { return first == UInt8(ascii: "[") }
        }
        return true
    }

    private static func block(_ folder: String, _ addition: Addition) -> [UInt8] {
        var value = ""
        for character in folder.unicodeScalars {
            switch character {
            case "\"", "\\": value += "\\" + String(character)
            case "\n": value += "\\n"
            case "\t": value += "\\t"
            default: value.unicodeScalars.append(character)
            }
        }
        return Array(
            """
            # Written by migrate hook install --global\(addition.rawValue)
            [core]
            \thooksPath = "\(value)"

            """.utf8)
    }

    private func update(_ change: ([UInt8]?) throws -> [UInt8]?) throws -> Bool { try update(file, change) }

    private func update(_ file: String, _ change: ([UInt8]?) throws -> [UInt8]?) throws -> Bool {
        do { return try LockedFile.update(file, limit: Self.limit, change) } catch let held as LockedFile.Held {
            throw HookRefusal.settingsLocked(lock: held.lock)
        }
    }
}
