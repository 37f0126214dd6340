// A store in memory with the meaning of `SecretStore`, which a test can stop, delay and break at every call.

import Secrets
import Stores
import Synchronization
import World

/// What the test does around each call. Throwing in `before` is a call that never arrived, in `after` a lost answer.
struct StoreHooks: Sendable {
    var before: @Sendable (StoreCall) async throws -> Void = { _ in }
    var after: @Sendable (StoreCall) async throws -> Void = { _ in }
}

struct StoreCall: Sendable, Equatable {
    enum Operation: Sendable, Equatable { case describe, read, create, put, moveStage, versions }

    var operation: Operation
    /// From 0, over all calls of the store.
    var number: Int
    /// The label that is moved.
    var stage: String?
}

final class MemoryStore: SecretStore {
    struct Version: Sendable {
        var id: String
        var content: [UInt8]
        var stages: Set<String>
        var created: Instant
    }

    struct State: Sendable {
        var secrets: [String: [Version]] = [:]
        var descriptions: [String: SecretDescription] = [:]
        var calls: [StoreCall] = []
        /// Versions that were made, in all secrets.
        var written = 0
    }

    let place = "memory"
    let now: Instant
    let state: Mutex<State>
    let hooks: Mutex<StoreHooks>

    init(_ name: String? = nil, _ content: String = "{}", now: Instant = Instant(seconds: 1_000_000)) {
        self.now = now
        hooks = Mutex(StoreHooks())
        var state = State()
        if let name {
            state.secrets[name] = [
                Version(id: "base", content: Array(content.utf8), stages: [Stage.current], created: now)
            ]
        }
        self.state = Mutex(state)
    }

    // MARK: For the test

    var calls: [StoreCall] { state.withLock { $0.calls } }
    var written: Int { state.withLock { $0.written } }

    func live(_ name: String) -> String? {
        versions(in: name).first { $0.stages.contains(Stage.current) }.map {
            String(decoding: $0.content, as: UTF8.self)
        }
    }

    func versions(in name: String) -> [Version] { state.withLock { $0.secrets[name] ?? [] } }

    /// Labels that are neither AWSCURRENT nor AWSPREVIOUS.
    func privateLabels(_ name: String) -> [String] {
        versions(in: name).flatMap(\.stages).filter { StagingLabel.isOne($0) }
    }

    /// A write of somebody who knows nothing of this tool.
    func foreignWrite(_ name: String, _ content: String, id: String) {
        state.withLock { state in
            var versions = state.secrets[name] ?? []
            versions.append(Version(id: id, content: Array(content.utf8), stages: [], created: now))
            Self.move(Stage.current, to: id, in: &versions)
            state.secrets[name] = versions
        }
    }

    func edit(_ name: String, _ body: (inout SecretDescription) -> Void) {
        state.withLock { state in
            var description = state.descriptions[name] ?? SecretDescription(name: name)
            body(&description)
            state.descriptions[name] = description
        }
    }

    /// Answers matching calls with access denied.
    func deny(_ matches: @escaping @Sendable (StoreCall) -> Bool) {
        hooks.withLock {
            $0.before = { call in
                if matches(call) { throw StoreError.accessDenied(action: "\(call.operation)", name: nil, nil) }
            }
        }
    }

    /// Does something right before the first matching call.
    func once(
        before matches: @escaping @Sendable (StoreCall) -> Bool,
        _ body: @escaping @Sendable () -> Void
    ) {
        let done = Mutex(false)
        hooks.withLock {
            $0.before = { call in
                let isFirst = done.withLock { done in
                    guard !done, matches(call) else { return false }
                    done = true
                    return true
                }
                if isFirst { body() }
            }
        }
    }

    // MARK: SecretStore

    func describe(_ name: String) async throws -> SecretDescription {
        try await call(.describe) { state in
            guard let versions = state.secrets[name] else { throw StoreError.notFound(name: name) }
            var description = state.descriptions[name] ?? SecretDescription(name: name)
            for version in versions where !version.stages.isEmpty {
                description.stages[version.id] = version.stages.sorted()
            }
            return description
        }
    }

    func read(_ name: String, _ selector: VersionSelector) async throws -> SecretVersion {
        try await call(.read) { state in
            guard let versions = state.secrets[name] else { throw StoreError.notFound(name: name) }
            let found = versions.first { version in
                (selector.id == nil || version.id == selector.id)
                    && (selector.stage.map { version.stages.contains($0) } ?? true)
            }
            guard let found else { throw StoreError.noSuchVersion(name: name, wanted: "\(selector)") }
            return SecretVersion(
                name: name, arn: nil, versionID: found.id, stages: found.stages.sorted(), created: found.created,
                content: SharedSecret(copying: found.content))
        }
    }

    func create(_ name: String, _ content: SharedSecret, token: String, options: CreationOptions) async throws
        -> VersionReference
    {
        let bytes = Reveal.bytes(content)
        return try await call(.create) { state in
            if let versions = state.secrets[name] {
                guard versions.contains(where: { $0.id == token && $0.content == bytes }) else {
                    throw StoreError.alreadyExists(name: name)
                }
            } else {
                state.secrets[name] = [
                    Version(id: token, content: bytes, stages: [Stage.current], created: self.now)
                ]
                state.written += 1
            }
            return VersionReference(name: name, arn: nil, versionID: token)
        }
    }

    func put(_ name: String, _ content: SharedSecret, stages: [String], token: String) async throws
        -> VersionReference
    {
        let bytes = Reveal.bytes(content)
        return try await call(.put) { state in
            guard var versions = state.secrets[name] else { throw StoreError.notFound(name: name) }
            if let existing = versions.first(where: { $0.id == token }) {
                guard existing.content == bytes else { throw StoreError.conflict(name: name) }
            } else {
                versions.append(Version(id: token, content: bytes, stages: [], created: self.now))
                let isFirst = versions.count == 1
                for stage in (stages.isEmpty ? [Stage.current] : stages) + (isFirst ? [Stage.current] : []) {
                    Self.move(stage, to: token, in: &versions)
                }
                state.secrets[name] = versions
                state.written += 1
            }
            return VersionReference(name: name, arn: nil, versionID: token)
        }
    }

    func moveStage(_ name: String, _ stage: String, from: String?, to: String?) async throws {
        try await call(.moveStage, stage: stage) { state in
            guard var versions = state.secrets[name] else { throw StoreError.notFound(name: name) }
            guard versions.first(where: { $0.stages.contains(stage) })?.id == from else {
                throw StoreError.conflict(name: name)
            }
            if let to, !versions.contains(where: { $0.id == to }) {
                throw StoreError.noSuchVersion(name: name, wanted: to)
            }
            Self.move(stage, to: to, in: &versions)
            state.secrets[name] = versions
        }
    }

    func versions(_ name: String) async throws -> [VersionSummary] {
        try await call(.versions) { state in
            (state.secrets[name] ?? []).reversed().map {
                VersionSummary(versionID: $0.id, stages: $0.stages.sorted(), created: $0.created)
            }
        }
    }

    func readAll(_ names: [String]) async throws -> [Result<SecretVersion, StoreError>] { [] }
    func list(prefix: String, includingDeleted: Bool, page: @Sendable ([SecretDescription]) async throws -> Void)
        async throws
    {}
    func delete(_ name: String, days: Int) async throws -> Instant? { nil }
    func restore(_ name: String) async throws {}
    func tag(_ name: String, _ tags: [String: String]) async throws {}
    func untag(_ name: String, _ keys: [String]) async throws {}

    private func call<Result: Sendable>(
        _ operation: StoreCall.Operation, stage: String? = nil, _ body: (inout State) throws -> Result
    ) async throws -> Result {
        let call = state.withLock { state in
            let call = StoreCall(operation: operation, number: state.calls.count, stage: stage)
            state.calls.append(call)
            return call
        }
        let hooks = hooks.withLock { $0 }
        try await hooks.before(call)
        let result = try state.withLock { try body(&$0) }
        try await hooks.after(call)
        return result
    }

    private static func move(_ stage: String, to target: String?, in versions: inout [Version]) {
        let holder = versions.firstIndex { $0.stages.contains(stage) }
        if let holder { versions[holder].stages.remove(stage) }
        guard let target, let index = versions.firstIndex(where: { $0.id == target }) else { return }
        versions[index].stages.insert(stage)
        guard stage == Stage.current, let holder, holder != index else { return }
        for other in versions.indices { versions[other].stages.remove(Stage.previous) }
        versions[holder].stages.insert(Stage.previous)
    }
}
