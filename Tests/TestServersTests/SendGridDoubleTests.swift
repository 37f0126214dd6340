// The double of SendGrid answers as the published description has it, and so does the one for demonstrations.

import Foundation
import TestServers
import Testing

@Suite("The doubles of SendGrid", .serialized)
struct SendGridDoubleTests {
    /// A request of the script: `ID` stands for the id of the key that was made before.
    private struct Line {
        let method: String
        let path: String
        var body: String?
        var key = Caller.admin
        let status: Int
        /// Names of the answer's members, sorted; of an error's members where it is one.
        let members: [String]
    }

    private enum Caller { case admin, made, nobody }

    private static let error = ["errors", "errors[].field", "errors[].message"]
    private static let detail = ["result", "result[].api_key_id", "result[].name", "result[].scopes"]

    /// The shapes of the description: POST, GET all, GET one, PATCH, PUT, DELETE, scopes, and its errors.
    private static let script = [
        Line(method: "GET", path: "/v3/scopes", status: 200, members: ["scopes"]),
        Line(method: "GET", path: "/v3/scopes", key: .nobody, status: 401, members: error),
        Line(
            method: "POST", path: "/v3/api_keys", body: #"{"name": "mail", "scopes": ["mail.send"]}"#, status: 201,
            members: ["api_key", "api_key_id", "name", "scopes"]),
        Line(
            method: "GET", path: "/v3/api_keys", status: 200,
            members: ["result", "result[].api_key_id", "result[].name"]),
        Line(method: "GET", path: "/v3/api_keys/ID", status: 200, members: detail),
        Line(method: "GET", path: "/v3/api_keys/unknown", status: 404, members: error),
        Line(
            method: "PATCH", path: "/v3/api_keys/ID", body: #"{"name": "post"}"#, status: 200,
            members: ["api_key_id", "name"]),
        Line(
            method: "PUT", path: "/v3/api_keys/ID", body: #"{"name": "post", "scopes": ["alerts.read"]}"#, status: 200,
            members: ["api_key_id", "name", "scopes"]),
        Line(
            method: "PUT", path: "/v3/api_keys/ID", body: #"{"name": "post", "scopes": []}"#, status: 400,
            members: error),
        Line(method: "POST", path: "/v3/api_keys", body: "{}", status: 400, members: error),
        Line(method: "GET", path: "/v3/scopes", key: .made, status: 200, members: ["scopes"]),
        Line(method: "GET", path: "/v3/api_keys", key: .made, status: 403, members: error),
        Line(method: "DELETE", path: "/v3/api_keys/ID", key: .made, status: 403, members: error),
        Line(method: "DELETE", path: "/v3/api_keys/ID", status: 204, members: []),
        Line(method: "DELETE", path: "/v3/api_keys/ID", status: 404, members: error),
        Line(method: "GET", path: "/v3/scopes", key: .made, status: 401, members: error),
    ]

    @Test("Statuses and members are those of the description; a key has 69 characters and is shown once")
    func inProcess() async throws {
        let double = try await SendGridDouble.start()
        try await Self.play(double.url, admin: double.adminKey.text)
        await double.stop()
    }

    @Test("scripts/sendgrid-double.py answers alike")
    func script() async throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", root + "/scripts/sendgrid-double.py"]
        // From a file: a pipe's writing end may be handed on to the very process that waits for its end.
        let seeds = NSTemporaryDirectory() + "/sendgrid-seeds-\(UUID().uuidString)"
        try Data(#"{"name": "seed", "scopes": ["mail.send"]}"#.utf8).write(to: URL(fileURLWithPath: seeds))
        defer { try? FileManager.default.removeItem(atPath: seeds) }
        let output = Pipe()
        process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: seeds))
        process.standardOutput = output
        try process.run()
        defer {
            process.terminate()
            process.waitUntilExit()
        }
        var text = ""
        while text.split(separator: "\n", omittingEmptySubsequences: false).count < 4 {
            let more = output.fileHandleForReading.availableData
            if more.isEmpty { break }
            text += String(decoding: more, as: UTF8.self)
        }
        let lines = text.split(separator: "\n").map(String.init)
        try #require(lines.count == 3)
        let seeded = lines[2].dropFirst("key=".count).split(separator: " ")
        #expect(seeded[1].hasPrefix("SG.\(seeded[0]).") && seeded[1].count == 69)
        try await Self.play(
            String(lines[0].dropFirst("url=".count)), admin: String(lines[1].dropFirst("admin=".count)))
    }

    @Test("100 keys are the most; names need not be unique; without scopes a key may do everything")
    func limits() async throws {
        let double = try await SendGridDouble.start()
        for _ in 0..<98 { double.add("same name") }
        let body = #"{"name": "same name"}"#
        let (status, members, answer) = try await Self.send(
            "POST", double.url + "/v3/api_keys", body, key: double.adminKey.text)
        #expect(status == 201 && members.contains("api_key"))
        #expect((answer["scopes"] as? [String])?.contains("api_keys.delete") == true)
        let second = try await Self.send("POST", double.url + "/v3/api_keys", body, key: double.adminKey.text)
        #expect(second.0 == 403 && second.1 == Self.error)
        await double.stop()
    }

    private static func play(_ url: String, admin: String) async throws {
        var (id, key) = ("", "")
        for line in script {
            let caller: String? =
                switch line.key {
                case .admin: admin
                case .made: key
                case .nobody: nil
                }
            let path = line.path.replacing("ID", with: id)
            let (status, members, answer) = try await send(line.method, url + path, line.body, key: caller)
            #expect(status == line.status, "\(line.method) \(line.path)")
            #expect(members == line.members, "\(line.method) \(line.path)")
            if let made = answer["api_key"] as? String {
                key = made
                id = answer["api_key_id"] as? String ?? ""
                #expect(made.count == 69 && made.hasPrefix("SG.\(id).") && id.count == 22)
            }
        }
    }

    private static func send(
        _ method: String, _ url: String, _ body: String?, key: String?
    ) async throws -> (Int, [String], [String: Any]) {
        var arguments = ["-s", "-X", method, "-w", "\n%{http_code}", "--max-time", "20"]
        if let key { arguments += ["-H", "Authorization: Bearer \(key)"] }
        if let body { arguments += ["-H", "Content-Type: application/json", "--data", body] }
        let ended = try runProgram("curl", arguments + [url])
        let parts = ended.output.split(separator: "\n", omittingEmptySubsequences: false)
        let status = Int(parts.last ?? "") ?? 0
        let text = parts.dropLast().joined(separator: "\n")
        let answer = (try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any] ?? [:]
        var members: [String] = []
        for (name, value) in answer {
            members.append(name)
            for element in value as? [[String: Any]] ?? [] {
                members += element.keys.map { "\(name)[].\($0)" }
            }
        }
        return (status, Set(members).sorted(), answer)
    }
}
