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
    private final class OpenedOnce: @unchecked Sendable {
        // Sound to send: the repository is touched under the lock alone. The lock does not own it, since whoever borrows it
        // brings a closure that cannot be sent.
        private let lock = Mutex<Void>(())
        private var repository: Repository?

        func with(_ body: (inout Repository?) -> Bool) -> Bool {
            lock.withLock { _ in body(&repository) }
        }
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
        // A closure's result must be copyable, and a secret is not: it is handed out by the side.
        var value: SecretValue?
        withContent(of: occurrence.source) { value = Self.value(in: $0, occurrence.range) }
        return value
    }

    /// Lends all that an occurrence stands in: a blob, a file, the text of a message. Nothing happens when the source has
    /// gone or was standard input.
    package func withContent(of source: Occurrence.Source, _ body: (Span<UInt8>) -> Void) {
        switch source {
        case .file(let path):
            guard let bytes = (try? FileContent.read(root + "/" + path, limit: Self.largestFile)) ?? nil else { return }
            body(bytes.span)
        case .blob(let id, let path):
            if let gitFolder, withContent(of: id, gitFolder: gitFolder, body) { return }
            withNestedContent(of: id, path, body)
        case .commitMessage(let id), .tagMessage(let id):
            if let gitFolder { _ = withContent(of: id, gitFolder: gitFolder, body) }
        case .standardInput:
            return
        }
    }

    /// A blob that this repository does not have may be a submodule's.
    private func withNestedContent(of id: ObjectID, _ path: String?, _ body: (Span<UInt8>) -> Void) {
        var folder = (path ?? "")[...]
        while let slash = folder.lastIndex(of: "/") {
            folder = folder[..<slash]
            let place = root + "/" + folder
            guard FileStatus(at: place + "/.git") != nil, let inner = try? Repository(discovering: place) else {
                continue
            }
            _ = Self.withContent(of: id, in: inner, body)
            return
        }
    }

    private func withContent(of id: ObjectID, gitFolder: String, _ body: (Span<UInt8>) -> Void) -> Bool {
        opened.with { repository in
            if repository == nil { repository = try? Repository(gitFolder: gitFolder) }
            switch repository {
            case .some(let open): return Self.withContent(of: id, in: open, body)
            case .none: return false
            }
        }
    }

    /// - Returns: whether the content was there.
    private static func withContent(
        of id: ObjectID, in repository: borrowing Repository, _ body: (Span<UInt8>) -> Void
    ) -> Bool {
        var isThere = false
        try? repository.withObject(id) { kind, bytes in
            switch kind {
            case .blob:
                if let pointer = LFSPointer(bytes) {
                    let content = try FileContent.read(
                        pointer.path(in: repository.commonFolder), limit: Self.largestFile)
                    guard let content else { return }
                    isThere = true
                    body(content.span)
                } else {
                    isThere = true
                    body(bytes.assumingMemoryBound(to: UInt8.self).span)
                }
            case .commit, .tag:
                guard let message = kind == .commit ? RawCommit(bytes)?.message : RawTag(bytes)?.message else { return }
                let text = UnsafeRawBufferPointer(rebasing: bytes[message]).assumingMemoryBound(to: UInt8.self)
                isThere = true
                body(text.span)
            case .tree, .unknown:
                break
            }
        }
        return isThere
    }

    private static func value(in bytes: Span<UInt8>, _ range: Range<Int>) -> SecretValue? {
        guard range.lowerBound >= 0, range.upperBound <= bytes.count, !range.isEmpty else { return nil }
        return SecretValue(copying: bytes.extracting(range))
    }
}
