// Our line in a hook of husky's: put in, and taken out to the byte.

import Files
import SystemPackage

/// A file of `.husky`, with our line or without.
package struct HuskyLine: Sendable, Equatable {
    /// Absolute.
    package var path: String
    package var before: [UInt8]?
    package var after: [UInt8]?
    private var mode: UInt32?

    /// With our line as the first that does something, so that no `exit` of another comes before it.
    ///
    /// - Throws: `FileError`.
    package static func adding(_ hook: HookKind, to manager: HookManager, in folder: HookFolder) throws -> HuskyLine {
        var change = try read(hook, manager, folder)
        guard let text = change.before else {
            change.mode = 0o755
            change.after = made(manager) + Array((line(hook) + "\n").utf8)
            return change
        }
        guard !Mention.runs(String(decoding: text, as: UTF8.self), hook) else { return change }
        let newline = UInt8(ascii: "\n")
        var start = text.startIndex
        // Behind the line that says what runs it, comments, and what husky itself wants first.
        while let end = text[start...].firstIndex(of: newline) {
            let words = String(decoding: text[start..<end], as: UTF8.self)
            guard words.hasPrefix("#") || words.contains("husky.sh") || words.allSatisfy(\.isWhitespace) else { break }
            start = end + 1
        }
        let isWindows = text.firstIndex(of: newline).map { $0 > 0 && text[$0 - 1] == UInt8(ascii: "\r") } ?? false
        change.after = Array(text[..<start]) + Array((line(hook) + (isWindows ? "\r\n" : "\n")).utf8) + text[start...]
        return change
    }

    /// Without the line, if it is there as we wrote it; without the file, if nothing else is in it.
    ///
    /// - Throws: `FileError`.
    package static func removing(
        _ hook: HookKind, from manager: HookManager, in folder: HookFolder
    ) throws -> HuskyLine {
        var change = try read(hook, manager, folder)
        guard let text = change.before else { return change }
        for end in ["\r\n", "\n"] {
            let line = Array((line(hook) + end).utf8)
            guard let found = text.firstRange(of: line),
                found.lowerBound == 0 || text[found.lowerBound - 1] == UInt8(ascii: "\n")
            else { continue }
            let rest = text[..<found.lowerBound] + text[found.upperBound...]
            change.after = rest.elementsEqual(made(manager)) ? nil : Array(rest)
            return change
        }
        return change
    }

    package var isNeeded: Bool { before != after }

    /// Writes it.
    /// - Throws: `FileError`; `HookRefusal.raced` when the file is no longer what was read.
    package func apply() throws {
        guard isNeeded else { return }
        func check() throws {
            guard (try FileContent.read(path, limit: HookFile.largest)) == before else {
                throw HookRefusal.raced(path: path)
            }
        }
        guard let after else {
            try check()
            return try HookChange.remove(path)
        }
        AtomicFile.removeLeftovers(of: path)
        try AtomicFile.write(
            after, to: path, permissions: FilePermissions(rawValue: CModeT(mode ?? 0o755)), isExact: before != nil,
            beforeRename: check)
    }

    private static func line(_ hook: HookKind) -> String { HookManager.command(hook) }

    /// How files of husky's before version 9 begin.
    private static let oldHead = ["#!/usr/bin/env sh\n", ". \"$(dirname -- \"$0\")/_/husky.sh\"\n", "\n"]

    /// What a file begins with that was made for our line alone, and goes with it.
    private static func made(_ manager: HookManager) -> [UInt8] {
        Array(((manager.isOldHusky ? oldHead.joined() : "") + "# Made by migrate hook install --write\n").utf8)
    }

    private static func read(_ hook: HookKind, _ manager: HookManager, _ folder: HookFolder) throws -> HuskyLine {
        let path = manager.absolute(manager.file(for: hook), in: folder)
        let bytes = try FileContent.read(path, limit: HookFile.largest)
        return HuskyLine(path: path, before: bytes, after: bytes, mode: FileStatus(at: path)?.mode)
    }
}
