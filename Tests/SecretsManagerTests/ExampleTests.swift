// The example program, run as an application would be.

import Foundation
import Secrets
import Stores
import TestServers
import Testing
import World

@Suite("The example", .timeLimit(.minutes(1)))
struct ExampleTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("greeter-\(UUID().uuidString)")
        .path

    /// Beside the test bundle.
    private static let program: String = {
        var folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        #if os(macOS)
            if let bundle = Bundle.allBundles.first(where: { $0.bundlePath.hasSuffix(".xctest") }) {
                folder = bundle.bundleURL.deletingLastPathComponent()
            }
        #endif
        return folder.appendingPathComponent("Greeter").path
    }()

    @Test("Greeter reads a local vault in every way, and prints no value")
    func greets() async throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let key = ["not", "a", "key", "7391"].joined(separator: ".")
        try await write(#"{"SENDER_NAME":"The shop","SENDGRID_API_KEY":"\#(key)","SMTP_PORT":"2525"}"#)
        let run = try runProgram(Self.program, [folder + "/vault", folder + "/key", "shop/test"])
        #expect(run.status == 0, "\(run.output)\(run.errors)")
        #expect(run.output.contains("would send a greeting with the key ********"))
        #expect(run.output.contains("over port 2525"))
        #expect(run.output.contains("SENDER_NAME, SENDGRID_API_KEY, SMTP_PORT"))
        #expect(run.output.contains("nothing has changed since"))
        #expect(!(run.output + run.errors).contains(key))
    }

    @Test(
        "Greeter fails in one line where a value is missing, empty, a placeholder, or the secret is not there",
        arguments: [
            (#"{"SENDER_NAME":"a"}"#, "has no key SENDGRID_API_KEY"),
            (#"{"SENDER_NAME":"a","SENDGRID_API_KEY":""}"#, "is empty"),
            (#"{"SENDER_NAME":"a","SENDGRID_API_KEY":"changeme"}"#, "is a placeholder"),
            (#"{"SENDGRID_API_KEY":"abc.def.123"}"#, "SENDER_NAME: the key is absent"),
            (nil, "shop/test is not in the local vault"),
        ])
    func refuses(content: String?, words: String) async throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await write(content)
        let run = try runProgram(Self.program, [folder + "/vault", folder + "/key", "shop/test"])
        #expect(run.status == 1)
        let lines = run.output.split(separator: "\n").filter { $0.hasPrefix("error: ") }
        #expect(lines.count == 1 && lines.first?.contains(words) == true, "\(run.output)")
    }

    /// Makes a key file, and a vault with `shop/test` in it, if there is a content for it.
    private func write(_ content: String?) async throws {
        let key = folder + "/key"
        try VaultKeyFile.create(at: key, world: .real())
        guard let content else { return }
        let vault = LocalVault(folder: folder + "/vault", unlockedBy: .keyFile(key), world: .real())
        _ = try await vault.create(
            "shop/test", SharedSecret(copying: content.utf8), token: UUID().uuidString, options: CreationOptions())
    }
}
