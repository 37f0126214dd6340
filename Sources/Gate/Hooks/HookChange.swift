// One hook put in place or taken away, whole or not at all, and never an instant without the hook that was there.

import Files
import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What is to be done about one hook, planned from the file as it is.
///
/// A run that is killed leaves one of these: all as it was; the old hook under two names, which the next installation
/// goes on from and the next removal clears away; all done.
package struct HookChange: Sendable, Equatable {
    package enum Action: Sendable, Equatable {
        /// It is as it should be.
        case none
        /// Ours, where nothing is.
        case create
        /// Ours, in the place of an older one of ours.
        case renew
        /// Ours; the hook that is there is kept beside it, and runs after it if git would have run it.
        case keep(runs: Bool)
        /// Ours is taken away.
        case remove
        /// Ours is taken away, and the one that was kept takes its place again.
        case restore
        /// A hook is as it was before an installation that was cut short; only its second name goes.
        case forgetKept
    }

    package var file: HookFile
    package var action: Action
    /// What the hook is to hold; nil where none of ours is to be.
    package var script: [UInt8]?

    package var path: String { file.path }

    /// Plans to put a hook of ours in place.
    ///
    /// - Throws: `HookRefusal`, `FileError`.
    package static func installing(_ script: HookScript, at path: String) throws -> HookChange {
        let file = try HookFile(path)
        let bytes = script.bytes
        let action: Action
        switch file.state {
        case .absent: action = .create
        case .ours: action = file.content == bytes && file.isExecutable ? .none : .renew
        case .changed: throw HookRefusal.changed(path: path)
        case .noFile: throw HookRefusal.noFile(path: path)
        case .foreign:
            guard !file.hasKept || file.isKeptTwice else {
                throw HookRefusal.twoHooks(path: path, kept: file.keptPath)
            }
            action = .keep(runs: file.isExecutable)
        }
        return HookChange(file: file, action: action, script: bytes)
    }

    /// Plans to take a hook of ours away.
    ///
    /// - Throws: `HookRefusal`, `FileError`.
    package static func removing(at path: String) throws -> HookChange {
        let file = try HookFile(path)
        let action: Action
        switch file.state {
        case .ours: action = file.hasKept ? .restore : .remove
        case .absent: action = file.hasKept ? .restore : .none
        case .changed: throw HookRefusal.changed(path: path)
        case .noFile: action = .none
        case .foreign:
            guard file.hasKept else { return HookChange(file: file, action: .none, script: nil) }
            guard file.isKeptTwice else { throw HookRefusal.twoHooks(path: path, kept: file.keptPath) }
            action = .forgetKept
        }
        return HookChange(file: file, action: action, script: nil)
    }

    package var isNeeded: Bool { action != .none }

    // MARK: Doing it

    /// Does it, on disk when it returns.
    ///
    /// - Throws: `HookRefusal.raced` when the hook is no longer what was looked at; `FileError`. After either all is as it
    ///   was, but for a second name of a hook, which the next run clears away.
    package func apply() throws {
        let fresh = path + Self.freshSuffix
        AtomicFile.removeLeftovers(of: fresh)
        unlink(fresh)
        switch action {
        case .none: return
        case .create, .renew, .keep:
            if case .keep = action, !file.isKeptTwice { try keep() }
            // Beside it first: `path` may be a link, and what that leads to is not ours.
            try AtomicFile.write(script ?? [], to: fresh, permissions: Self.permissions)
            try check(orRemove: fresh)
            try Self.rename(fresh, path)
        case .remove:
            try check()
            try Self.remove(path)
        case .restore:
            try check()
            try Self.rename(file.keptPath, path)
        case .forgetKept:
            try check()
            try Self.remove(file.keptPath)
        }
        Self.sync(folderOf: path)
    }

    private static let freshSuffix = ".migrate-new"
    /// As the umask allows.
    private static let permissions: FilePermissions = [
        .ownerReadWriteExecute, .groupRead, .groupExecute, .otherRead, .otherExecute,
    ]

    private func check(orRemove fresh: String? = nil) throws {
        guard !file.isUnchanged else { return }
        if let fresh { unlink(fresh) }
        throw HookRefusal.raced(path: path)
    }

    /// Gives the hook that is there a second name, under which it stays what it is: bytes, mode, link.
    private func keep() throws {
        try check()
        let kept = file.keptPath
        if linkat(AT_FDCWD, path, AT_FDCWD, kept, 0) == 0 { return }
        let cause = errno
        // There are file systems without second names, and some have none for links.
        guard [EPERM, EOPNOTSUPP, ENOTSUP, ENOSYS, EXDEV, EMLINK].contains(cause) else {
            throw FileError(writingTo: kept, errorNumber: cause)
        }
        if let target = HookFile.target(of: path) {
            guard symlink(target, kept) == 0 else { throw FileError(writingTo: kept, errorNumber: errno) }
        } else {
            let mode = FileStatus(at: path)?.mode ?? 0o755
            try AtomicFile.write(
                file.content ?? [], to: kept, permissions: FilePermissions(rawValue: CModeT(mode)), isExact: true)
        }
    }

    private static func rename(_ from: String, _ to: String) throws(FileError) {
        #if canImport(Glibc)
            let status = Glibc.rename(from, to)
        #elseif canImport(Musl)
            let status = Musl.rename(from, to)
        #else
            let status = Darwin.rename(from, to)
        #endif
        guard status == 0 else {
            let cause = errno
            if from.hasSuffix(freshSuffix) { unlink(from) }
            throw FileError(writingTo: to, errorNumber: cause)
        }
    }

    static func remove(_ path: String) throws(FileError) {
        guard unlink(path) == 0 || errno == ENOENT else { throw FileError(writingTo: path, errorNumber: errno) }
    }

    /// Makes renames and removals durable. A file system that cannot is no failure.
    static func sync(folderOf path: String) {
        let folder = String(path.prefix(upTo: path.lastIndex(of: "/") ?? path.startIndex))
        if let descriptor = try? FileDescriptor.open(
            folder.isEmpty ? "/" : folder, .readOnly, options: [.directory, .closeOnExec])
        {
            _ = fsync(descriptor.rawValue)
            try? descriptor.close()
        }
    }
}
