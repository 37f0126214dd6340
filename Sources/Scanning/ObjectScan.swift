// The first pass: every object once, in the order of its pack.

import Detection
import Git

/// What the first pass knows of the object database.
struct ObjectScan: Sendable {
    /// By place in the object table.
    var kinds: [ObjectKind]
    /// Hits by blob. Blobs without a hit are absent.
    var blobHits: [Int: [Hit]] = [:]
    /// Hits in the messages of commits and tags, by place.
    var messageHits: [Int: [Hit]] = [:]
    var commits: [CommitNode] = []
    /// Targets of annotated tags, by the tag's place.
    var tagTargets: [Int: ObjectID] = [:]
    /// Blobs that stand for a Git LFS object.
    var lfsPointers: [Int: LFSPointer] = [:]
    /// What could not be read, or not to its end: each has a gap.
    var unsound: Set<Int> = []
    var secrets: [SecretKey: SecretSummary] = [:]
    var gaps: [Gap] = []
    var blobCount = 0
    var byteCount = 0
    /// `ScanRequest.largestBlob`.
    private var largestBlob = 0
}

/// A commit, as the graph needs it.
struct CommitNode: Sendable {
    var place: Int
    var tree: ObjectID
    var parents: [ObjectID]
    /// Committer time in seconds since 1970.
    var time: Int64
}

extension ObjectScan {
    /// Objects that one worker takes at a time.
    private static let portion = 256

    /// Bytes that a commit, a tag or a tree may have. A tree of this size names a million files in one folder; offsets
    /// into trees are 32 bits wide.
    private static let largestOther = 64 << 20

    /// Reads objects, but for trees, and searches blobs and messages.
    ///
    /// - Parameters:
    ///   - order: places of what to read, in the order in which to read it; nil for all, as the table has them.
    ///   - kinds: by place, of what is not read.
    static func run(
        _ table: ObjectTable, order: [Int]? = nil, kinds: [ObjectKind]? = nil, gitFolder: String,
        compiled: CompiledRules, request: ScanRequest, progress: ScanProgress
    ) async throws -> ObjectScan {
        let count = order?.count ?? table.count
        progress.enter(.objects, total: count)
        let parts = try await shareWork(of: count, portion: portion, jobs: request.jobs) { queue in
            var scan = ObjectScan(kinds: [])
            scan.largestBlob = request.largestBlob
            let portions = try scan.read(
                table, order, from: queue, gitFolder: gitFolder, compiled: compiled, progress: progress)
            return (scan, portions)
        }
        var whole = ObjectScan(kinds: kinds ?? Array(repeating: .unknown, count: table.count))
        for (part, portions) in parts {
            for (range, portion) in portions {
                if let order {
                    for (index, kind) in zip(range, portion) { whole.kinds[order[index]] = kind }
                } else {
                    whole.kinds.replaceSubrange(range, with: portion)
                }
            }
            whole.absorb(part)
        }
        // Workers are done in any order; a report is to be the same whoever was first.
        whole.gaps.sort(by: Gap.isBefore)
        return whole
    }

    private typealias Portion = (range: Range<Int>, kinds: [ObjectKind])

    private mutating func read(
        _ table: ObjectTable, _ order: [Int]?, from queue: WorkQueue, gitFolder: String, compiled: CompiledRules,
        progress: ScanProgress
    ) throws -> [Portion] {
        let repository = try Repository(gitFolder: gitFolder)
        let reader = try ValueReader(compiled)
        var portions: [Portion] = []
        while let range = queue.next() {
            var kinds: [ObjectKind] = []
            kinds.reserveCapacity(range.count)
            let seen = reader.byteCount
            for index in range {
                let place = order?[index] ?? index
                let gapCount = gaps.count
                defer { if gaps.count > gapCount { unsound.insert(place) } }
                kinds.append(try read(place, table.ids[place], in: repository, reader))
            }
            portions.append((range, kinds))
            progress.advance(range.count, bytes: reader.byteCount - seen)
        }
        secrets = reader.secrets
        byteCount = reader.byteCount
        return portions
    }

    /// Reads one object; a tree is only recognised.
    private mutating func read(
        _ place: Int, _ id: ObjectID, in repository: borrowing Repository, _ reader: ValueReader
    ) throws -> ObjectKind {
        do {
            let (kind, size) = try repository.header(of: id)
            if kind != .blob, size > Self.largestOther {
                gaps.append(
                    Gap(
                        kind: .tooLarge, subject: id.description,
                        reason: "a \(kind) of \(size) bytes; the limit is \(Self.largestOther)"))
                return .unknown
            }
            switch kind {
            case .tree:
                break
            case .blob:
                blobCount += 1
                guard size <= largestBlob else {
                    gaps.append(
                        Gap(
                            kind: .tooLarge, subject: id.description,
                            reason: "a blob of \(size) bytes; the limit is \(largestBlob)"))
                    break
                }
                try repository.withObject(id) { _, bytes in try readBlob(place, id, bytes, reader) }
            case .commit:
                try repository.withObject(id) { _, bytes in
                    guard let commit = RawCommit(bytes) else {
                        gaps.append(
                            Gap(kind: .unreadableObject, subject: id.description, reason: "a commit without a tree"))
                        return
                    }
                    commits.append(
                        CommitNode(place: place, tree: commit.tree, parents: commit.parents, time: commit.committerTime)
                    )
                    try readMessage(place, bytes, commit.message, reader)
                }
            case .tag:
                try repository.withObject(id) { _, bytes in
                    guard let tag = RawTag(bytes) else {
                        gaps.append(
                            Gap(kind: .unreadableObject, subject: id.description, reason: "a tag without a target"))
                        return
                    }
                    tagTargets[place] = tag.target
                    try readMessage(place, bytes, tag.message, reader)
                }
            case .unknown:
                gaps.append(Gap(kind: .unreadableObject, subject: id.description, reason: "an object of no known kind"))
            }
            return kind
        } catch let error as GitError {
            gaps.append(Gap(kind: .unreadableObject, subject: id.description, reason: error.message))
            return .unknown
        }
    }

    private mutating func readBlob(
        _ place: Int, _ id: ObjectID, _ bytes: UnsafeRawBufferPointer, _ reader: ValueReader
    ) throws {
        if let pointer = LFSPointer(bytes) { lfsPointers[place] = pointer }
        let hits = try reader.hits(in: bytes)
        guard !hits.isEmpty else { return }
        // Reading trusts the pack; a report may not.
        guard Repository.isIntact(id, .blob, bytes) else {
            gaps.append(
                Gap(kind: .unreadableObject, subject: id.description, reason: "its content does not match its id"))
            return
        }
        blobHits[place] = hits
    }

    private mutating func readMessage(
        _ place: Int, _ bytes: UnsafeRawBufferPointer, _ message: Range<Int>, _ reader: ValueReader
    ) throws {
        let hits = try reader.hits(in: UnsafeRawBufferPointer(rebasing: bytes[message]))
        if !hits.isEmpty { messageHits[place] = hits }
    }

    mutating func absorb(_ other: ObjectScan) {
        blobHits.merge(other.blobHits) { first, _ in first }
        messageHits.merge(other.messageHits) { first, _ in first }
        tagTargets.merge(other.tagTargets) { first, _ in first }
        lfsPointers.merge(other.lfsPointers) { first, _ in first }
        commits += other.commits
        gaps += other.gaps
        unsound.formUnion(other.unsound)
        absorb(secrets: other.secrets)
        blobCount += other.blobCount
        byteCount += other.byteCount
    }

    mutating func absorb(secrets others: [SecretKey: SecretSummary]) {
        secrets.absorb(others)
    }
}
