// Values, lent from where they stand to whoever really needs one.

import Files
import Git
package import Secrets
import Synchronization

/// Lends the values that findings point to.
package struct ValueLender: Sendable {
    private let gitFolder: String?
    private let root: String
    private let opened = OpenedOnce()

    /// To open a repository takes longer than to read an object, and whoever wants one value mostly wants others.
    private final class OpenedOnce: Sendable {
        let repository = Mutex<Repository?>(nil)
    }

    /// Files larger than this are not read again for showing a value.
    private static let largestFile = 64 << 20

    /// - Parameter path: the scan's target.
    package init(path: String) {
        if let repository = try? Repository(discovering: path) {
            gitFolder = repository.gitFolder
            root = repository.worktree ?? path
        } else {
            gitFolder = nil
            // A single file's occurrences carry its name alone.
            let isFile = FileStatus(at: path)?.kind == .file
            let slash = path.lastIndex(of: "/")
            root = isFile ? slash.map { String(path[..<$0]) } ?? "." : path
        }
    }

    /// The value at an occurrence; nil when its source has changed or gone, or was standard input.
    package func value(at occurrence: Occurrence) -> SecretValue? {
        switch occurrence.source {
        case .file(let path):
            guard let bytes = (try? FileContent.read(root + "/" + path, limit: Self.largestFile)) ?? nil else {
                return nil
            }
            return Self.value(in: bytes.span, occurrence.range)
        case .blob(let id, let path):
            return gitFolder.flatMap { value(of: id, occurrence.range, gitFolder: $0) }
                ?? nestedValue(of: id, occurrence, path)
        case .commitMessage(let id), .tagMessage(let id):
            return gitFolder.flatMap { value(of: id, occurrence.range, gitFolder: $0) }
        case .standardInput:
            return nil
        }
    }

    /// A blob that this repository does not have may be a submodule's.
    private func nestedValue(of id: ObjectID, _ occurrence: Occurrence, _ path: String?) -> SecretValue? {
        var folder = (path ?? "")[...]
        while let slash = folder.lastIndex(of: "/") {
            folder = folder[..<slash]
            let place = root + "/" + folder
            guard FileStatus(at: place + "/.git") != nil, let inner = try? Repository(discovering: place) else {
                continue
            }
            return Self.value(of: id, occurrence.range, in: inner)
        }
        return nil
    }

    private func value(of id: ObjectID, _ range: Range<Int>, gitFolder: String) -> SecretValue? {
        opened.repository.withLock { repository in
            if repository == nil { repository = try? Repository(gitFolder: gitFolder) }
            switch repository {
            case .some(let open): return Self.value(of: id, range, in: open)
            case .none: return nil
            }
        }
    }

    private static func value(of id: ObjectID, _ range: Range<Int>, in repository: borrowing Repository) -> SecretValue?
    {
        // A closure's result must be copyable, and a secret is not: it is handed out by the side.
        var value: SecretValue?
        try? repository.withObject(id) { kind, bytes in
            switch kind {
            case .blob:
                if let pointer = LFSPointer(bytes) {
                    let content = try FileContent.read(
                        pointer.path(in: repository.commonFolder), limit: Self.largestFile)
                    if let content { value = Self.value(in: content.span, range) }
                } else {
                    value = Self.value(in: bytes.assumingMemoryBound(to: UInt8.self).span, range)
                }
            case .commit, .tag:
                guard let message = kind == .commit ? RawCommit(bytes)?.message : RawTag(bytes)?.message else { return }
                let text = UnsafeRawBufferPointer(rebasing: bytes[message]).assumingMemoryBound(to: UInt8.self)
                value = Self.value(in: text.span, range)
            case .tree, .unknown:
                break
            }
        }
        return value
    }

    private static func value(in bytes: Span<UInt8>, _ range: Range<Int>) -> SecretValue? {
        guard range.lowerBound >= 0, range.upperBound <= bytes.count, !range.isEmpty else { return nil }
        return SecretValue(copying: bytes.extracting(range))
    }
}
