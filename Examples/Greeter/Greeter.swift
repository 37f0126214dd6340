// Reads two values from a local vault, in the ways an application would. Nothing secret is printed.
//
//     migrate secret create shop/test --store local
//     migrate secret set shop/test SENDER_NAME --store local
//     migrate secret set shop/test SENDGRID_API_KEY --store local
//     swift run Greeter FOLDER KEY_FILE shop/test
//
// FOLDER and KEY_FILE are the vault's; in production the configuration is `.aws()`, and nothing else changes.

import Foundation
import SecretsManager

/// What this application needs, as a type: what is missing or wrong shows when it starts.
struct Settings: Decodable {
    enum CodingKeys: String, CodingKey {
        case senderName = "SENDER_NAME"
        case sendGridKey = "SENDGRID_API_KEY"
        case port = "SMTP_PORT"
    }

    var senderName: String
    var sendGridKey: Secret
    var port: Int?
}

@main
enum Greeter {
    static func main() async {
        let arguments = CommandLine.arguments.dropFirst()
        guard arguments.count == 3, let folder = arguments.first, let name = arguments.last else {
            print("usage: Greeter FOLDER KEY_FILE SECRET")
            exit(64)
        }
        do {
            let secrets = try await SecretsManager(
                configuration: .localVault(folder: folder, keyFile: arguments[arguments.startIndex + 1]),
                metrics: { event in
                    if case .refresh(let name, let duration, _) = event { print("read \(name) in \(duration)") }
                })
            try await simple(secrets, name)
            try await advanced(secrets, name)
            await secrets.shutdown()
        } catch {
            print("error: \(error)")
            exit(1)
        }
    }

    static func simple(_ secrets: SecretsManager, _ name: String) async throws {
        // The environment stands in only while the store cannot be reached.
        let key = try await secrets.requiredValue(
            "SENDGRID_API_KEY", in: name, fallbackEnvironment: "SENDGRID_API_KEY")
        // A secret prints as a mask, so this is safe.
        print("would send a greeting with the key \(key)")
    }

    static func advanced(_ secrets: SecretsManager, _ name: String) async throws {
        // From the cache: the store is not asked again.
        let bundle = try await secrets.get(name)
        print("\(bundle) has the keys \(bundle.keys.joined(separator: ", "))")

        let settings = try await secrets.decode(Settings.self, from: name)
        print("would greet in the name that SENDER_NAME holds, over port \(settings.port ?? 587)")

        // A default stands in for a key that is absent, never for a store that fails.
        let subject = try await secrets.value("SUBJECT", in: name, default: "Hello")
        print("the subject is \(subject.map { $0.isEmpty ? "empty" : "set" } ?? "absent")")

        // After a provider has refused a key: past the cache, once.
        let fresh = try await secrets.get(name, refreshing: true)
        print(fresh.versionID == bundle.versionID ? "nothing has changed since" : "there is a new version")

        secrets.clearCache(of: name)
    }
}
