// A repository in which SendGrid keys have leaked, the account to which they belong, and the secret.

import Checklist
import Foundation
import HTTP
import Secrets
import SendGrid
import Settings
import Synchronization
import TestServers
import World

@testable import Steps

/// One test's account, repository and vault.
final class SendGridScene: Sendable {
    let bench: Bench
    let account: SendGridDouble
    /// In the order of their ids, as the steps list them.
    let leaked: [SendGridAccountKey]
    private let transport: HTTPTransport

    /// - Parameters:
    ///   - leaks: how many keys of the account stand in the repository's history.
    ///   - secret: the text of the secret; nil for none. `LEAKED` stands for the first leaked key.
    init(leaks: Int = 1, secret: String? = #"{"PORT": "8080"}"#) async throws {
        bench = try Bench()
        account = try await SendGridDouble.start()
        transport = try HTTPTransport()
        var keys: [SendGridAccountKey] = []
        for number in 0..<leaks {
            let key = account.add("production \(number)", scopes: ["mail.send", "alerts.read"])
            keys.append(key)
            try bench.repository.write("backend/.env.\(number)", "SENDGRID_API_KEY=\(key.text)\n").commit("Add")
        }
        if leaks == 0 { try bench.repository.write("README", "Nothing.\n").commit("Start") }
        leaked = keys.sorted { $0.id < $1.id }
        if let secret {
            let text = secret.replacing("LEAKED", with: leaked.first?.text ?? "")
            try await bench.storeSecret(text)
        }
        let bench = bench
        account.setClock { bench.world.now().seconds }
    }

    /// - Parameter admin: a key in the environment that may manage keys; nil for none.
    func workbench(admin: String?) -> Workbench {
        let (url, transport, world) = (account.url, transport, bench.world)
        return bench.workbench { workbench in
            workbench.sendGrid = { key in
                SendGridClient(
                    key: key, endpoint: try SendGridEndpoint(url), transport: transport, world: world,
                    timeout: .seconds(5))
            }
            workbench.sendGridAdminKey = { admin.map { SharedSecret(copying: $0.utf8) } }
        }
    }

    var adminKey: String { account.adminKey.text }

    /// - Parameter hasAdmin: whether the environment has a key that may manage keys.
    func rehearsal(
        _ kind: String, _ parameters: [String: SettingValue] = [:], hasAdmin: Bool = true,
        journal: MemoryJournal? = nil
    ) throws -> Rehearsal {
        let bench = bench
        return Rehearsal(
            try Bench.kind(kind, parameters, on: workbench(admin: hasAdmin ? adminKey : nil)),
            journal ?? MemoryJournal(now: { bench.world.now() }))
    }

    /// The ids of the keys that the account has, the admin's aside.
    var ids: [String] { account.keys.map(\.id).filter { $0 != account.adminKey.id } }

    /// What `SENDGRID_API_KEY` is in the secret.
    func storedKey() async throws -> String? {
        let text = try await bench.storedText()
        guard let start = text.range(of: #""SENDGRID_API_KEY": ""#) ?? text.range(of: #""SENDGRID_API_KEY":""#) else {
            return nil
        }
        return String(text[start.upperBound...].prefix { $0 != "\"" })
    }

    /// Every key of the account, alive or not, that a text must not hold.
    func leaks(into texts: [String]) -> [String] {
        let secrets = (account.keys + leaked).compactMap { $0.text.split(separator: ".").last.map(String.init) }
        return texts.filter { text in secrets.contains { text.contains($0) } }
    }

    func stop() async {
        await account.stop()
        await transport.shutdown()
    }
}

/// Runs the body with a scene, and ends it.
func withScene(
    leaks: Int = 1, secret: String? = #"{"PORT": "8080"}"#, _ body: (SendGridScene) async throws -> Void
) async throws {
    let scene = try await SendGridScene(leaks: leaks, secret: secret)
    do { try await body(scene) } catch {
        await scene.stop()
        throw error
    }
    await scene.stop()
}
