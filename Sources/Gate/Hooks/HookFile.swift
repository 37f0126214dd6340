// What is in the place of a hook now.

package import Files

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A hook's file, and the one that was kept beside it.
package struct HookFile: Sendable, Equatable {
    package enum State: Sendable, Equatable {
        case absent
        /// As we wrote it.
        case ours(HookScript)
        /// Ours once; somebody has changed it.
        case changed
        /// Somebody else's: a file, or a link, which may lead nowhere.
        case foreign
        /// A folder, a pipe.
        case noFile
    }

    /// Absolute.
    package var path: String
    package var state: State
    /// Whether git would run it.
    package var isExecutable: Bool
    /// What the file holds; nil where there is none, or where it is no file that can be read.
    package var content: [UInt8]?
    /// Changes when somebody changes or replaces the file.
    var stamp: String
    /// Of the file that was kept; the path need not be there.
    package var keptPath: String { path + HookScript.keptSuffix }
    /// Whether there is a file under the kept one's name.
    package var hasKept: Bool
    /// Whether git would have run it.
    package var keptIsExecutable: Bool
    /// Whether the kept one is this very hook: an installation that was cut short.
    package var isKeptTwice: Bool

    /// In bytes: what is larger is no script.
    static let largest = 8 << 20

    /// Looks at a hook.
    /// - Throws: `FileError` for what is there and cannot be read.
    package init(_ path: String) throws(FileError) {
        self.path = path
        let status = try FileStatus.lookUp(Array(path.utf8))
        stamp = Self.stamp(status)
        isExecutable = Self.canRun(path)
        content = nil
        let kept = path + HookScript.keptSuffix
        let keptStatus = try FileStatus.lookUp(Array(kept.utf8))
        hasKept = keptStatus.map { $0.kind == .file || $0.kind == .symbolicLink } ?? false
        keptIsExecutable = hasKept && Self.canRun(kept)
        isKeptTwice = false
        switch status?.kind {
        case nil: state = .absent
        case .folder, .other: state = .noFile
        case .symbolicLink:
            state = .foreign
            content = (try? FileContent.read(path, limit: Self.largest)) ?? nil
        case .file:
            let bytes = try FileContent.read(path, limit: Self.largest) ?? []
            content = bytes
            state =
                switch HookScript.recognise(bytes) {
                case .ours(let script): .ours(script)
                case .changed: .changed
                case .foreign: .foreign
                }
        }
        if state == .foreign, let status, let keptStatus { isKeptTwice = Self.isSame(path, status, kept, keptStatus) }
    }

    /// The same file by another name, or an exact copy where the file system has no second names.
    private static func isSame(_ path: String, _ a: FileStatus, _ kept: String, _ b: FileStatus) -> Bool {
        guard a.kind == b.kind else { return false }
        if a.inode == b.inode { return true }
        if a.kind == .symbolicLink { return target(of: path) != nil && target(of: path) == target(of: kept) }
        guard a.mode == b.mode, a.size == b.size, let bytes = (try? FileContent.read(path, limit: largest)) ?? nil
        else { return false }
        return (try? FileContent.read(kept, limit: largest)) == bytes
    }

    /// Where a link leads, as it says.
    static func target(of link: String) -> String? {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink(link, &buffer, buffer.count)
        return count < 0 || count == buffer.count
            ? nil : String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// As git asks.
    static func canRun(_ path: String) -> Bool { access(path, X_OK) == 0 }

    static func stamp(_ status: FileStatus?) -> String {
        status.map {
            "\($0.inode)/\($0.size)/\($0.mode)/\($0.modified.seconds).\($0.modified.nanoseconds)"
        } ?? "absent"
    }

    /// Changes when the hook does: what a person has agreed to may be about another one.
    package var basis: String { "\(path) \(stamp) \(hasKept)" }

    /// Whether it is still what was looked at.
    var isUnchanged: Bool { Self.stamp(FileStatus(at: path)) == stamp }

    /// Whether it runs our check: ours, or another one that has a line for it.
    package func mentions(_ kind: HookKind) -> Bool {
        if case .ours(let script) = state { return script.checks }
        return content.map { Mention.runs(String(decoding: $0, as: UTF8.self), kind) } ?? false
    }
}
