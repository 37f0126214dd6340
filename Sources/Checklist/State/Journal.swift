// The state file while a checklist runs: every event is on disk before the run goes on.

import Files
package import World

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The only writer of a worktree's state file, for as long as it lives.
package actor Journal: RunJournal {
    private let root: String
    /// Of the state file, in the worktree.
    private let path: String
    private let identity: String
    private let tool: String
    private let world: World
    private var lock: RunLock?
    private var file: StateFile
    /// What this run has last read or written; nil for no file.
    private var onDisk: [UInt8]?
    /// What a person should know about the file that was found, a line each.
    package nonisolated let notes: [String]

    private init(
        root: String, path: String, identity: String, tool: String, world: World, lock: RunLock, file: StateFile,
        onDisk: [UInt8]?, notes: [String]
    ) {
        self.root = root
        self.path = path
        self.identity = identity
        self.tool = tool
        self.world = world
        self.lock = lock
        self.file = file
        self.onDisk = onDisk
        self.notes = notes
    }

    /// Takes the lock and reads the state file. Nothing is written to it before the first event.
    ///
    /// - Parameters:
    ///   - root: of the worktree, absolute.
    ///   - order: nil for the one in the file, or the standard one where there is no file.
    ///   - identity: "Ada Lovelace <ada@example.com>".
    ///   - tool: version of the tool.
    ///   - patience: how long to wait for another run in the same worktree.
    ///   - onWait: called once when there is one.
    /// - Throws: `StateError` (an edited past included: nothing is built on it), `FileError`, `CancellationError`.
    package static func open(
        root: String, checklist: Checklist, order: Checklist.Order?, identity: String, tool: String, world: World,
        patience: Duration = .seconds(10), onWait: @Sendable (LockHolder) -> Void = { _ in }
    ) async throws -> Journal {
        let folder = try LocalFolder.prepare(root: root)
        let identity = StateText.oneLine(identity, limit: 300)
        let lock = try await RunLock.take(
            "\(folder)/lock", as: .thisProcess(identity: identity, now: world.now()), patience: patience, onWait: onWait
        )
        var (file, bytes, notes) = try StateFile.load(root: root, checklist: checklist)
        let path = StateFile.path(of: checklist)
        guard file.tampering.isEmpty else {
            throw StateError.tampered(path: path, steps: file.tampering)
        }
        if let order { file.order = order }
        removeLeftovers(of: path, root: root)
        return Journal(
            root: root, path: path, identity: identity, tool: StateText.oneLine(tool, limit: 100), world: world,
            lock: lock,
            file: file, onDisk: bytes, notes: notes)
    }

    /// The order in which the steps run.
    package var order: Checklist.Order { file.order }

    /// What is remembered now.
    package var snapshot: StateSnapshot { file.snapshot(exists: onDisk != nil, notes: notes) }

    /// Lets go of the lock. Nothing can be written from then on.
    package func close() { lock = nil }

    package func record(of step: String) -> StepRecord { file.record(of: step) ?? StepRecord() }

    package func write(
        _ event: StepEvent, of step: String, summary: String?, until: Instant?, facts: Facts
    ) throws {
        try append(RecordedEvent.Draft(event: event, summary: summary, until: until, facts: facts), to: step)
    }

    package nonisolated func stepJournal(of step: String) -> any StepJournal { StepEntries(journal: self, step: step) }

    // What a step tells.

    func intend(_ effect: String, _ facts: Facts, in step: String) throws -> Intent {
        if let open = record(of: step).openIntents.last(where: { $0.effect == effect }) { return open }
        let digits = Array("0123456789abcdef".utf8)
        let token = world.randomBytes(16).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        let draft = RecordedEvent.Draft(
            event: .intended, effect: effect, token: String(decoding: token, as: UTF8.self), facts: facts)
        let event = try append(draft, to: step)
        return Intent(effect: effect, token: event.token ?? "", facts: facts, at: event.at)
    }

    func effected(_ intent: Intent, _ facts: Facts, in step: String) throws {
        precondition(
            record(of: step).openIntents.contains { $0.token == intent.token },
            "The effect \(intent.effect) of step \(step) was not announced, or has its outcome already.")
        try append(
            RecordedEvent.Draft(event: .effected, effect: intent.effect, token: intent.token, facts: facts), to: step)
    }

    func undoing(_ effect: Intent, in step: String) throws {
        let record = record(of: step)
        // A run that was cut short has announced it already.
        if record.state == .intended, record.currentEvents.last(where: { $0.token == effect.token })?.event == .undoing
        {
            return
        }
        try append(RecordedEvent.Draft(event: .undoing, effect: effect.effect, token: effect.token), to: step)
    }

    func reverted(_ effect: Intent, in step: String) throws {
        try append(RecordedEvent.Draft(event: .reverted, effect: effect.effect, token: effect.token), to: step)
    }

    // Writing.

    @discardableResult
    private func append(_ draft: RecordedEvent.Draft, to step: String) throws -> RecordedEvent {
        guard let index = file.entries.firstIndex(where: { $0.id == step }) else {
            preconditionFailure("The checklist has no step \(step).")
        }
        precondition(lock != nil, "The journal is closed.")
        var record = file.entries[index].record
        guard let state = record.state.after(draft.event) else {
            preconditionFailure(
                "Illegal transition: step \(step) is \(record.state.rawValue), and \(draft.event.rawValue) cannot follow."
            )
        }
        // A clock that was set back does not turn the order of events around.
        let now = Instant(seconds: Double(world.now().wholeSeconds))
        let at = max(now, record.events.last?.at ?? now)
        var event = try draft.event(at: at, by: identity, tool: tool)
        event.digest = EventChain.digest(
            of: event,
            after: record.events.last?.digest ?? EventChain.root(checklist: file.checklist, step: step))
        record.events.append(event)
        record.state = state
        var next = file
        next.entries[index].record = record
        try save(next)
        return event
    }

    private func save(_ next: StateFile) throws {
        let bytes = next.bytes()
        guard bytes.count <= StateFile.largest else {
            throw StateError.tooLarge(path: path, limit: StateFile.largest)
        }
        guard try StateFile.content(path, root: root) == onDisk else {
            throw StateError.changedMeanwhile(path: path)
        }
        if let onDisk, file.readVersion < StateFile.version { try keep(onDisk, version: file.readVersion) }
        try AtomicFile.write(bytes, to: "\(root)/\(path)")
        file = next
        file.readVersion = StateFile.version
        onDisk = bytes
    }

    /// Keeps a file of an older schema beside the new one, and what an earlier run may have kept as well.
    private func keep(_ bytes: [UInt8], version: Int) throws {
        let name = "\(root)/\(path).v\(version)"
        var place = "\(name).bak"
        for number in 2... {
            guard let there = try FileContent.read(place, limit: StateFile.largest) else { break }
            if there == bytes { return }
            place = "\(name)-\(number).bak"
        }
        try AtomicFile.write(bytes, to: place)
    }

    /// Removes what a killed run has left of a file that it was writing. Under the lock, nobody else is writing one.
    private static func removeLeftovers(of path: String, root: String) {
        AtomicFile.removeLeftovers(of: "\(root)/\(LocalFolder.path)/.gitignore")
        let folder = "\(root)/.migrate"
        let prefix = path.dropFirst(".migrate/".count) + "."
        for entry in (try? Folder.entries(at: folder)) ?? [] {
            let name = entry.name
            guard entry.kind == .file, name.hasPrefix(prefix), name.hasSuffix(".tmp") else { continue }
            unlink("\(folder)/\(name)")
        }
    }
}

/// The journal as one step sees it.
struct StepEntries: StepJournal {
    let journal: Journal
    let step: String

    func intend(_ effect: String, _ facts: Facts) async throws -> Intent {
        try await journal.intend(effect, facts, in: step)
    }
    func effected(_ intent: Intent, _ facts: Facts) async throws {
        try await journal.effected(intent, facts, in: step)
    }
    func undoing(_ effect: Intent) async throws { try await journal.undoing(effect, in: step) }
    func reverted(_ effect: Intent) async throws { try await journal.reverted(effect, in: step) }
}

extension LockHolder {
    static func thisProcess(identity: String, now: Instant) -> LockHolder {
        var name = [CChar](repeating: 0, count: 256)
        // The last byte stays 0, also where the name is cut.
        let host =
            gethostname(&name, 255) == 0
            ? String(decoding: name.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self) : nil
        // Flags may carry answers; the words before them say what it is.
        let words =
            CommandLine.arguments.prefix(1).map { $0.split(separator: "/").last.map(String.init) ?? $0 }
            + CommandLine.arguments.dropFirst().prefix(2).prefix { !$0.hasPrefix("-") }
        return LockHolder(
            process: Int(getpid()), host: host.map { StateText.oneLine($0, limit: 100) }, who: identity,
            command: StateText.oneLine(words.joined(separator: " "), limit: 100), since: now)
    }
}
