// A workbench for tests: a real repository, a real local vault, a real scan, and a clock that the test turns.

import AWS
import Checklist
import Detection
import Foundation
import Scanning
import Secrets
import SendGrid
import Settings
import Stores
import Synchronization
import TestServers
import World

@testable import Steps

/// What the steps of one test work on. It goes with the test.
final class Bench: Sendable {
    /// The secret that the checklist is about.
    static let secret = "fluxion/production"
    static let identity = "Ada Lovelace <ada@example.com>"

    let repository: SampleRepository
    private let time: Mutex<Instant>

    /// - Parameter repository: with its files; nil for an empty one.
    init(_ repository: SampleRepository? = nil, now: Instant = Instant(seconds: 1_763_974_743)) throws {
        self.repository = try repository ?? SampleRepository()
        time = Mutex(now)
        try VaultKeyFile.create(at: keyFile, world: world)
    }

    deinit {
        // Beside the repository where that is a clone, which owns no folder.
        try? FileManager.default.removeItem(atPath: vaultFolder)
        try? FileManager.default.removeItem(atPath: keyFile)
    }

    private var keyFile: String { repository.path + ".vault.key" }
    var vaultFolder: String { repository.path + ".vault" }

    /// The real world, but for the clock, sleep (which turns the clock instead) and the environment (which is empty).
    var world: World {
        var world = World.real()
        world.now = { [self] in time.withLock { $0 } }
        world.sleep = { [self] duration in
            try Task.checkCancellation()
            time.withLock { $0 = $0 + duration.inSeconds }
        }
        world.environment = [:]
        return world
    }

    func advance(seconds: Double) { time.withLock { $0 = $0 + seconds } }

    var vault: LocalVault { LocalVault(folder: vaultFolder, unlockedBy: .keyFile(keyFile), world: world) }

    /// Makes the secret, with this text as its first version.
    /// - Returns: the version's id.
    @discardableResult
    func storeSecret(_ text: String) async throws -> String {
        try await vault.create(
            Self.secret, SharedSecret(copying: text.utf8), token: UUID().uuidString.lowercased(),
            options: CreationOptions()
        ).versionID
    }

    /// The secret's current text.
    func storedText() async throws -> String {
        try await vault.read(Self.secret).content.withBytes { bytes in
            String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self)
        }
    }

    /// - Parameter change: replaces pieces: a store double, a SendGrid double, other settings.
    func workbench(_ change: (inout Workbench) -> Void = { _ in }) -> Workbench {
        let (path, vault) = (repository.path, vault)
        var workbench = Workbench(
            root: path, settings: Configuration(), world: world, identity: Self.identity,
            localFolder: path + "/.migrate/local",
            store: {
                StoreAccess(
                    store: vault, name: Self.secret, region: nil, expectedAccount: nil, account: { nil })
            },
            sendGrid: { _ in throw TestServerError("this test has no SendGrid") },
            sendGridAdminKey: { nil },
            findings: { try await Self.findings(in: path) },
            accessHistory: { nil },
            transport: { throw TestServerError("this test has no network") })
        change(&workbench)
        return workbench
    }

    /// A real scan of everything.
    static func findings(in path: String) async throws -> RepositoryFindings {
        var request = ScanRequest(path: path, jobs: 1)
        request.isWholeRepository = true
        let scanner = Scanner(compiled: try await rules.value)
        let report = try await scanner.scan(request)
        return RepositoryFindings(
            report: report, leaked: LeakedValues(report, scanner: scanner), lender: ValueLender(path: path))
    }

    /// Compiled once for all tests.
    static let rules = Task { try CompiledRules(cacheFolder: nil) }

    /// Makes a step of the catalogue.
    static func kind(
        _ name: String, _ parameters: [String: SettingValue] = [:], on workbench: Workbench
    ) throws -> any StepKind {
        guard let declaration = StepCatalog[name] else { throw TestServerError("no kind is called \(name)") }
        return try declaration.make(
            Step(id: name, kind: name, title: name, parameters: StepParameters(parameters)), workbench)
    }
}

extension Duration {
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
