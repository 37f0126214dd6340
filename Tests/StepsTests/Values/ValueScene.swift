// What the tests of the value steps have in common: values that look real, and a store that dies when told.

import Checklist
import Foundation
import Secrets
import Settings
import Stores
import Synchronization
import Testing
import World

@testable import Steps

/// Values that a scan takes for real ones. They are put together here, so that nothing in this file looks like one.
enum Canary {
    static let sendGrid = "SG." + text(1, 22) + "." + text(2, 43)
    static let newSendGrid = "SG." + text(3, 22) + "." + text(4, 43)
    static let jwt = text(5, 64, of: "0123456789abcdef")
    static let session = text(6, 48)
    static let password = text(7, 20)
    static let otherPassword = text(8, 20)
    static let token = text(9, 40)

    static let all = [sendGrid, newSendGrid, jwt, session, password, otherPassword, token]

    /// The same for the same seed.
    static func text(
        _ seed: UInt64, _ count: Int, of alphabet: String = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
    ) -> String {
        let letters = Array(alphabet)
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        return String(
            (0..<count).map { _ in
                state ^= state << 13
                state ^= state >> 7
                state ^= state << 17
                return letters[Int(state % UInt64(letters.count))]
            })
    }
}

/// No value may be in a text that is shown or kept: not whole, and no piece of twelve characters. The public id of a
/// SendGrid key may be.
func expectNoCanary(_ texts: [String], sourceLocation: SourceLocation = #_sourceLocation) {
    for text in texts {
        for canary in Canary.all {
            let secret = canary.hasPrefix("SG.") ? String(canary.dropFirst(26)) : canary
            for start in 0...(secret.count - 12) {
                let piece = String(secret.dropFirst(start).prefix(12))
                #expect(!text.contains(piece), "a piece of a value is shown", sourceLocation: sourceLocation)
                if text.contains(piece) { return }
            }
        }
    }
}

extension Bench {
    /// The current text as a dictionary of strings.
    func stored() async throws -> [String: String] {
        let object = try JSONSerialization.jsonObject(with: Data(try await storedText().utf8))
        return try #require(object as? [String: String])
    }

    /// A workbench whose store dies at a call.
    func workbench(killedBy killer: StoreKiller) -> Workbench {
        workbench { [vault] bench in
            bench.store = {
                StoreAccess(
                    store: KillableStore(vault, killer), name: Bench.secret, region: nil, expectedAccount: nil,
                    account: { nil })
            }
        }
    }
}

/// When the process dies: before or after the call of this number, counted from 0.
final class StoreKiller: Sendable {
    struct Killed: Error {}

    private let state: Mutex<(count: Int, isDead: Bool)> = Mutex((0, false))
    private let number: Int?
    private let comesAfter: Bool

    init(call number: Int? = nil, after comesAfter: Bool = false) {
        self.number = number
        self.comesAfter = comesAfter
    }

    var wasKilled: Bool { state.withLock { $0.isDead } }

    func around<Result>(_ body: () async throws -> Result) async throws -> Result {
        let place = try state.withLock { state in
            if state.isDead { throw Killed() }
            defer { state.count += 1 }
            if state.count == number, !comesAfter {
                state.isDead = true
                throw Killed()
            }
            return state.count
        }
        // An error is an answer as well, and may be the last thing that is heard.
        let answer: Swift.Result<Result, any Error>
        do { answer = .success(try await body()) } catch { answer = .failure(error) }
        if place == number, comesAfter {
            state.withLock { $0.isDead = true }
            throw Killed()
        }
        return try answer.get()
    }
}

/// The vault, until the process dies.
struct KillableStore: SecretStore {
    let base: LocalVault
    let killer: StoreKiller
    var place: String { base.place }

    init(_ base: LocalVault, _ killer: StoreKiller) {
        self.base = base
        self.killer = killer
    }

    func describe(_ name: String) async throws -> SecretDescription {
        try await killer.around { try await base.describe(name) }
    }
    func read(_ name: String, _ selector: VersionSelector) async throws -> SecretVersion {
        try await killer.around { try await base.read(name, selector) }
    }
    func readAll(_ names: [String]) async throws -> [Result<SecretVersion, StoreError>] {
        try await killer.around { try await base.readAll(names) }
    }
    func create(_ name: String, _ content: SharedSecret, token: String, options: CreationOptions) async throws
        -> VersionReference
    {
        try await killer.around { try await base.create(name, content, token: token, options: options) }
    }
    func put(_ name: String, _ content: SharedSecret, stages: [String], token: String) async throws
        -> VersionReference
    {
        try await killer.around { try await base.put(name, content, stages: stages, token: token) }
    }
    func moveStage(_ name: String, _ stage: String, from: String?, to: String?) async throws {
        try await killer.around { try await base.moveStage(name, stage, from: from, to: to) }
    }
    func versions(_ name: String) async throws -> [VersionSummary] {
        try await killer.around { try await base.versions(name) }
    }
    func list(prefix: String, includingDeleted: Bool, page: @Sendable ([SecretDescription]) async throws -> Void)
        async throws
    {
        try await killer.around { try await base.list(prefix: prefix, includingDeleted: includingDeleted, page: page) }
    }
    func delete(_ name: String, days: Int) async throws -> Instant? {
        try await killer.around { try await base.delete(name, days: days) }
    }
    func restore(_ name: String) async throws { try await killer.around { try await base.restore(name) } }
    func tag(_ name: String, _ tags: [String: String]) async throws {
        try await killer.around { try await base.tag(name, tags) }
    }
    func untag(_ name: String, _ keys: [String]) async throws {
        try await killer.around { try await base.untag(name, keys) }
    }
}

/// Runs `body` once for every instant around a call of the store at which the process can die, until none is left.
func withEveryStoreKill(_ body: (StoreKiller) async throws -> Void) async throws -> Int {
    var count = 0
    for number in 0... {
        for comesAfter in [false, true] {
            let killer = StoreKiller(call: number, after: comesAfter)
            try await body(killer)
            guard killer.wasKilled else { return count }
            count += 1
        }
    }
    return count
}

extension Answer {
    static func secret(_ text: String) -> Answer { .secret(SharedSecret(copying: text.utf8)) }
}

extension Question {
    var choices: [String] { if case .choice(let choices, _) = kind { choices.map(\.id) } else { [] } }
    var suggested: String? { if case .choice(_, let suggested) = kind { suggested } else { nil } }
}
