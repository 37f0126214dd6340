// Vaults for tests: in a folder that goes with the test, with a clock that the test turns.

import Foundation
import Secrets
import Synchronization
import World

@testable import Stores

/// A folder with a key file and a vault in it.
final class VaultSample: Sendable {
    let folder: String
    let keyFile: String
    private let time = Mutex(Instant(seconds: 1_763_974_743))

    init() throws {
        var template = Array((NSTemporaryDirectory() + "/migrate-vault-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        keyFile = folder + "/vault.key"
        try VaultKeyFile.create(at: keyFile, world: world)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    var path: String { folder + "/vault" }

    /// The real world, but for the clock. It keeps the folder: a vault outlives the variable of its sample.
    var world: World {
        var world = World.real()
        world.now = { self.time.withLock { $0 } }
        return world
    }

    func advance(days: Double) { time.withLock { $0 = $0 + days * 86_400 } }

    /// As another process would open it.
    func vault(keyFile: String? = nil) -> LocalVault {
        LocalVault(folder: path, unlockedBy: .keyFile(keyFile ?? self.keyFile), world: world)
    }

    func anotherKeyFile() throws -> String {
        let path = folder + "/other.key"
        try VaultKeyFile.create(at: path, world: world)
        return path
    }

    // MARK: Files, by Foundation: what is tested does not check itself

    func file(of name: String) -> String { path + "/secrets/" + VaultFolder.fileName(of: name) }

    func bytes(of name: String) -> [UInt8] {
        FileManager.default.contents(atPath: file(of: name)).map(Array.init) ?? []
    }

    func write(_ bytes: [UInt8], of name: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: file(of: name)))
    }

    func names(in folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: path + "/" + folder))?.sorted() ?? []
    }

    static func mode(of path: String) -> mode_t? {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode & 0o777 : nil
    }

    static func token() -> String { UUID().uuidString.lowercased() }
}

extension LocalVault {
    /// Makes a secret; its version's id.
    @discardableResult
    func make(_ name: String, _ text: String = "{}") async throws -> String {
        try await create(
            name, SharedSecret(copying: text.utf8), token: VaultSample.token(), options: CreationOptions()
        ).versionID
    }

    @discardableResult
    func put(_ name: String, _ text: String, stages: [String] = []) async throws -> String {
        try await put(name, SharedSecret(copying: text.utf8), stages: stages, token: VaultSample.token()).versionID
    }

    func text(_ name: String) async throws -> String {
        StoreConformance.text(of: try await read(name, .current).content)
    }
}

/// The error as a test compares it: its case, and the rest of it.
struct Told: Equatable, CustomStringConvertible {
    var kind: String
    var path: String?
    var reason: String?

    init(_ error: StoreError) {
        kind = String("\(error)".prefix { $0 != "(" })
        switch error {
        case .damaged(let path, let reason), .file(let path, let reason): (self.path, self.reason) = (path, reason)
        case .keyFile(let path, let reason, _): (self.path, self.reason) = (path, reason)
        case .wrongKey(let path): self.path = path
        case .invalid(_, let reason): self.reason = reason
        default: break
        }
    }

    var description: String { "\(kind) \(path ?? "") \(reason ?? "")" }
}

/// The error that `body` throws; nil when it throws none.
func told(_ body: () async throws -> Void) async throws -> Told? {
    do { try await body() } catch let error as StoreError { return Told(error) }
    return nil
}

/// Numbers that come again with their seed.
struct VaultChance: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
