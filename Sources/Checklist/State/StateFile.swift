// `.migrate/state.json`: what is remembered of a checklist.

import Files

/// The state file, as values.
package struct StateFile: Sendable, Equatable {
    /// In the worktree.
    package static let path = ".migrate/state.json"
    /// The same for a checklist: one that recurs has a file of its own.
    package static func path(of checklist: Checklist) -> String {
        checklist.isRecurring ? ".migrate/state.\(checklist.id).json" : path
    }
    /// In bytes.
    package static let largest = 8 << 20
    /// The schema that is written.
    static let version = 1

    /// A step, and what is remembered of it.
    struct Entry: Sendable, Equatable {
        var id: String
        var record: StepRecord
    }

    /// The checklist's id and digest, as they were when the file was written.
    package var checklist: String
    package var digest: String
    package var order: Checklist.Order
    /// In the order of the file.
    var entries: [Entry]
    /// Steps whose past was edited.
    package var tampering: [TamperedStep]
    /// The schema that it was read from.
    package var readVersion = StateFile.version

    /// Nothing was done yet.
    init(for checklist: Checklist, order: Checklist.Order) {
        self.init(
            checklist: checklist.id, digest: checklist.digest, order: order,
            entries: checklist.steps.map { Entry(id: $0.id, record: StepRecord()) })
    }

    init(checklist: String, digest: String, order: Checklist.Order, entries: [Entry], tampering: [TamperedStep] = []) {
        self.checklist = checklist
        self.digest = digest
        self.order = order
        self.entries = entries
        self.tampering = tampering
    }

    /// Nil when the file does not have the step.
    package func record(of step: String) -> StepRecord? { entries.first { $0.id == step }?.record }

    /// Looks at the state file of the worktree at `root`, without a lock.
    ///
    /// - Throws: `StateError`, `FileError`.
    package static func read(root: String, checklist: Checklist) throws -> StateSnapshot {
        let loaded = try load(root: root, checklist: checklist)
        return loaded.file.snapshot(exists: loaded.bytes != nil, notes: loaded.notes)
    }

    /// The file, brought in line with the checklist, and its bytes as they are on disk: nil for no file.
    static func load(
        root: String, checklist: Checklist
    ) throws -> (file: StateFile, bytes: [UInt8]?, notes: [String]) {
        let path = path(of: checklist)
        guard let bytes = try content(path, root: root) else {
            return (StateFile(for: checklist, order: .standard), nil, [])
        }
        var file = try parse(bytes, path: path)
        let notes = try file.fit(to: checklist)
        return (file, bytes, notes)
    }

    /// - Returns: nil when there is none.
    static func content(_ path: String, root: String) throws -> [UInt8]? {
        let place = "\(root)/\(path)"
        // A link could point anywhere, and what it points to would be taken for this repository's.
        if let status = try FileStatus.lookUp(Array(place.utf8)), status.kind != .file {
            throw StateError.notRegular(path: path)
        }
        do { return try FileContent.read(place, limit: largest) } catch {
            throw error.isTooLarge ? StateError.tooLarge(path: path, limit: largest) : error
        }
    }

    /// Takes the checklist's steps in its order, with what is remembered of them.
    ///
    /// - Returns: what a person should know, a line each.
    private mutating func fit(to checklist: Checklist) throws(StateError) -> [String] {
        let path = Self.path(of: checklist)
        guard self.checklist == checklist.id else {
            throw .otherChecklist(path: path, found: self.checklist, expected: checklist.id)
        }
        let known = Set(checklist.steps.map(\.id))
        let lost = entries.filter { !known.contains($0.id) && !$0.record.events.isEmpty }.map(\.id)
        guard lost.isEmpty else { throw .unknownSteps(path: path, steps: lost, checklist: checklist.id) }
        var notes: [String] = []
        if readVersion < Self.version {
            notes.append(
                "\(path) is of an older migrate; the next write brings it up to date and keeps the old one.")
        } else if digest != checklist.digest {
            notes.append("The checklist \(checklist.id) has changed since \(path) was written.")
        }
        let records = Dictionary(uniqueKeysWithValues: entries.map { ($0.id, $0.record) })
        entries = checklist.steps.map { Entry(id: $0.id, record: records[$0.id] ?? StepRecord()) }
        digest = checklist.digest
        return notes
    }

    func snapshot(exists: Bool, notes: [String]) -> StateSnapshot {
        StateSnapshot(
            exists: exists, order: order, records: Dictionary(uniqueKeysWithValues: entries.map { ($0.id, $0.record) }),
            tampering: tampering, notes: notes)
    }
}

/// What a state file says at one time.
package struct StateSnapshot: Sendable, Equatable {
    /// Whether there is a file at all.
    package var exists: Bool
    /// The order that was chosen; the standard one as long as there is no file.
    package var order: Checklist.Order
    /// By step id: all steps of the checklist.
    package var records: [String: StepRecord]
    /// Steps whose past was edited. While there are any, nothing is applied.
    package var tampering: [TamperedStep]
    /// What a person should know, a line each.
    package var notes: [String]

    package init(
        exists: Bool, order: Checklist.Order, records: [String: StepRecord], tampering: [TamperedStep] = [],
        notes: [String] = []
    ) {
        self.exists = exists
        self.order = order
        self.records = records
        self.tampering = tampering
        self.notes = notes
    }

    package func record(of step: String) -> StepRecord { records[step] ?? StepRecord() }
}
