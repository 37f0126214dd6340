// What must not compile: each way of letting a secret slip.

import Foundation
import Testing

@Suite("Misuse of secret values", .enabled(if: Compiler.path != nil, "swiftc is not on the PATH"))
struct SecretMisuseTests {
    /// Statements with the words of the compiler's refusal.
    static let misuses = [
        (#"_ = "\(secret)""#, "'appendInterpolation'"),
        ("print(secret)", "'Copyable'"),
        ("let copy = secret; use(secret); use(copy)", "borrowed and cannot be consumed"),
        ("_ = { use(secret) }", "cannot be captured by an escaping closure"),
        ("_ = secret == secret", "conform to 'Equatable'"),
        ("_ = try JSONEncoder().encode(secret)", "conform to 'Encodable'"),
        ("_ = [secret]", "conform to 'Copyable'"),
        ("let span: Span<UInt8> = secret.withBytes { $0 }; _ = span", "conform to 'Escapable'"),
        ("_ = secret as Any", "cannot convert value of type 'SecretValue' to type 'Any'"),
        ("_ = secret.hashValue", "has no member 'hashValue'"),
        ("_ = secret.buffer", "'buffer' is inaccessible"),
    ]

    @Test("The compiler refuses it", arguments: misuses)
    func isRefused(statement: String, words: String) throws {
        let outcome = try Compiler.check(statement)
        #expect(!outcome.succeeded)
        #expect(outcome.output.contains(words), "\(outcome.output)")
    }

    @Test("The compiler accepts a borrow, so that refusals are about the misuse alone")
    func borrowIsAccepted() throws {
        let outcome = try Compiler.check("use(secret); _ = secret.isSame(as: secret)")
        #expect(outcome.succeeded, "\(outcome.output)")
    }
}

/// The compiler, run on the type's own source and one function.
private enum Compiler {
    static let path: String? = {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return folders.map { $0 + "/swiftc" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }()

    static func check(_ statement: String) throws -> (succeeded: Bool, output: String) {
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("migrate-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let snippet = folder.appendingPathComponent("Snippet.swift")
        let output = folder.appendingPathComponent("output")
        try """
        import Foundation

        func use(_ secret: borrowing SecretValue) { secret.withBytes { _ = $0.count } }

        func misuse(_ secret: borrowing SecretValue) throws {
            \(statement)
        }
        """.write(to: snippet, atomically: false, encoding: .utf8)
        try Data().write(to: output)

        let sources = root.appendingPathComponent("Sources/Secrets")
        let own = try FileManager.default.contentsOfDirectory(atPath: sources.path)
            .filter { $0.hasSuffix(".swift") }.sorted().map { sources.appendingPathComponent($0).path }
        let process = Process()
        process.executableURL = path.map { URL(fileURLWithPath: $0) }
        process.arguments =
            [
                // Ownership is checked after the types.
                "-emit-sil", "-wmo", "-o", "/dev/null", "-swift-version", "6", "-package-name", "migrate",
            ] + own + [snippet.path]
        let handle = try FileHandle(forWritingTo: output)
        process.standardOutput = handle
        process.standardError = handle
        try process.run()
        process.waitUntilExit()
        return (process.terminationStatus == 0, try String(contentsOf: output, encoding: .utf8))
    }
}
