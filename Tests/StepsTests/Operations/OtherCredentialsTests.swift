// Leaked credentials of other providers: what to do where, who says that it was done, and what their provider says.

import Checklist
import Detection
import HTTP
import Scanning
import Secrets
import Settings
import Synchronization
import TestServers
import Testing

@testable import Steps

@Suite struct OtherCredentialsTests {
    static let gitHub = Fake.gitHub("ghp" + "_", seed: 5)

    /// A provider that answers whatever the test wants.
    private final class Provider: Sendable {
        let answer = Mutex(HTTPAnswer(status: 200))
        let requests = Mutex<[ReceivedRequest]>([])

        func start() async throws -> LocalHTTPServer {
            try await LocalHTTPServer.start { [self] request in
                requests.withLock { $0.append(request) }
                return answer.withLock { $0 }
            }
        }
    }

    private static func bench() throws -> Bench {
        let bench = try Bench()
        try bench.repository.write(".env", "GITHUB_TOKEN=\(gitHub)\n").commit("Oops")
        try bench.repository.git("rm", "--quiet", ".env")
        try bench.repository.commit("Removed")
        return bench
    }

    private static func step(_ workbench: Workbench, probes: [CredentialProbe] = []) -> Rehearsal {
        Rehearsal(
            OtherCredentialsStep(
                Step(id: "other", kind: "other-credentials", title: "Other"), workbench, probes: probes))
    }

    private static func id(_ bench: Bench) async throws -> String {
        let report = try await Bench.findings(in: bench.repository.path).report
        return try #require(OtherCredentialsStep.credentials(in: report).first).id
    }

    @Test func `each is named with its mask, its place and where to revoke it`() async throws {
        let bench = try Self.bench()
        let step = Self.step(bench.workbench())
        #expect(try await step.observe().reason?.contains(".env:1") == true)
        let preview = try await step.preview()
        #expect(preview.text.contains("GitHub personal access token"))
        #expect(preview.byHand.first?.contains("github.com") == true)
        #expect(!preview.text.contains(Self.gitHub.dropFirst(4)))
        #expect(preview.questions.count == 1)
        #expect(preview.questions.first?.id == "done/" + (try await Self.id(bench)))
    }

    @Test func `what somebody has replaced and revoked is settled, by name`() async throws {
        let bench = try Self.bench()
        let step = Self.step(bench.workbench())
        let id = try await Self.id(bench)
        let evidence = try #require(try await step.run(["done/" + id: .text("replaced-and-revoked")]).evidence)
        #expect(evidence.facts.number("replaced-and-revoked") == 1)
        let record = await step.journal.record
        #expect(record.effects.first?.facts.text("by") == Bench.identity)
        // Nothing in the record is derived from a value that may be live.
        let finding = try #require(try await Bench.findings(in: bench.repository.path).report.findings.first)
        #expect(await !step.journal.texts.contains { $0.contains(finding.fingerprint.description) })
        #expect(await !step.journal.texts.contains { $0.contains(Self.gitHub.suffix(20)) })
        // The same value elsewhere is the same credential.
        try bench.repository.write("copy.txt", "\n\n token \(Self.gitHub)\n").commit("Again")
        #expect(try await step.observe().evidence != nil)
    }

    @Test func `what stays open stays open`() async throws {
        let bench = try Self.bench()
        let step = Self.step(bench.workbench())
        let id = try await Self.id(bench)
        #expect(try await step.run(["done/" + id: .text("still-open")]).evidence == nil)
        #expect(await step.journal.record.effects.isEmpty)
    }

    @Test func `whoever accepts one says why`() async throws {
        let bench = try Self.bench()
        let step = Self.step(bench.workbench())
        let id = try await Self.id(bench)
        let preview = try await step.preview(["done/" + id: .text("accepted")])
        #expect(preview.questions.map(\.id) == ["reason/" + id])
        #expect(preview.questions.first?.isRequired == true)
        let answers: [String: Answer] = ["done/" + id: .text("accepted"), "reason/" + id: .text("a training account")]
        #expect(try await step.run(answers).evidence?.facts.number("accepted") == 1)
        #expect(await step.journal.texts.contains("a training account"))
    }

    @Test func `unless asked for, no provider is asked`() async throws {
        let provider = Provider()
        let server = try await provider.start()
        let bench = try Self.bench()
        let port = server.port
        let probes = CredentialProbe.all { _ in .init(scheme: "http", host: "127.0.0.1", port: port) }
        _ = try await Self.step(bench.workbench(), probes: probes).observe()
        #expect(provider.requests.withLock { $0.isEmpty })
        await server.stop()
    }

    @Test func `a provider's word goes before a person's`() async throws {
        let provider = Provider()
        let server = try await provider.start()
        let transport = try HTTPTransport()
        let bench = try Self.bench()
        let port = server.port
        let workbench = bench.workbench {
            $0.probesProviders = true
            $0.transport = { transport }
        }
        let probes = CredentialProbe.all { _ in .init(scheme: "http", host: "127.0.0.1", port: port) }
        let step = Self.step(workbench, probes: probes)
        let id = try await Self.id(bench)
        _ = try await step.run(["done/" + id: .text("replaced-and-revoked")])
        #expect(
            try await step.observe().reason?.contains("GitHub answers HTTP 200, though it was said to be revoked")
                == true)
        let request = try #require(provider.requests.withLock { $0.first })
        #expect(request.path == "/user" && request.header("Authorization") == "Bearer " + Self.gitHub)

        provider.answer.withLock { $0 = HTTPAnswer(status: 401) }
        #expect(try await step.observe().evidence != nil)
        // No answer that tells leaves a person's word as it is, and is said.
        provider.answer.withLock { $0 = HTTPAnswer(status: 503) }
        #expect(try await step.observe().evidence?.warnings.first?.contains("HTTP 503") == true)
        await server.stop()
        await transport.shutdown()
    }

    @Test func `what a provider refuses is written down, and needs no person`() async throws {
        let provider = Provider()
        provider.answer.withLock { $0 = HTTPAnswer(status: 401) }
        let server = try await provider.start()
        let transport = try HTTPTransport()
        let bench = try Self.bench()
        let port = server.port
        let probes = CredentialProbe.all { _ in .init(scheme: "http", host: "127.0.0.1", port: port) }
        let step = Self.step(
            bench.workbench {
                $0.probesProviders = true
                $0.transport = { transport }
            }, probes: probes)
        #expect(try await step.preview().questions.isEmpty)
        #expect(try await step.run().evidence?.facts.number("dead") == 1)
        #expect(await step.journal.record.effects.first?.facts.number("http-status") == 401)
        await server.stop()
        await transport.shutdown()
    }

    /// Host, path, status, body, and what it means.
    @Test(arguments: [
        ("api.github.com", "/user", 200, "{}", "live"), ("api.github.com", "/user", 401, "{}", "dead"),
        ("api.github.com", "/user", 403, "{}", "unknown"),
        ("slack.com", "/api/auth.test", 200, #"{"ok":true}"#, "live"),
        ("slack.com", "/api/auth.test", 200, #"{"ok":false,"error":"invalid_auth"}"#, "dead"),
        ("slack.com", "/api/auth.test", 200, #"{"ok":false,"error":"ratelimited"}"#, "unknown"),
        ("slack.com", "/api/auth.test", 200, "<html>", "unknown"),
        ("slack.com", "/api/auth.test", 500, #"{"ok":true}"#, "unknown"),
        ("api.stripe.com", "/v1/charges", 200, "{}", "live"), ("api.stripe.com", "/v1/charges", 403, "{}", "live"),
        ("api.stripe.com", "/v1/charges", 401, "{}", "dead"), ("api.openai.com", "/v1/models", 200, "{}", "live"),
        ("api.openai.com", "/v1/models", 401, "{}", "dead"), ("api.openai.com", "/v1/models", 429, "{}", "unknown"),
    ])
    func `each provider has its own yes and no`(
        host: String, path: String, status: Int, body: String, meaning: String
    ) async throws {
        let provider = Provider()
        provider.answer.withLock { $0 = HTTPAnswer(status: status, contentType: "application/json", body) }
        let server = try await provider.start()
        let transport = try HTTPTransport()
        let port = server.port
        // Only this provider's place is the server: another's probe would go to a port where nobody listens.
        let probes = CredentialProbe.all { asked in
            .init(scheme: "http", host: "127.0.0.1", port: asked == host ? port : 1)
        }
        let probe = try #require(probes.first { $0.place.port == port })
        let verdict = try await probe.ask(SharedSecret(copying: "token".utf8), through: transport)
        let word =
            switch verdict {
            case .live: "live"
            case .dead: "dead"
            case .unknown: "unknown"
            }
        #expect(word == meaning)
        #expect(provider.requests.withLock { $0.map(\.path) } == [path])
        await server.stop()
        await transport.shutdown()
    }

    @Test func `secrets go over TLS to fixed hosts, each rule to one provider, and AWS is never asked`() {
        let probes = CredentialProbe.all()
        #expect(probes.allSatisfy { $0.place.scheme == "https" && $0.place.port == nil })
        #expect(
            probes.map(\.place.host) == ["api.github.com", "slack.com", "api.stripe.com", "api.openai.com"])
        let rules = probes.flatMap(\.ruleIDs)
        #expect(Set(rules).count == rules.count)
        #expect(!rules.contains { $0.hasPrefix("aws") })
        // Each is a rule that exists, of that provider.
        for probe in probes {
            for id in probe.ruleIDs {
                #expect(Rule.builtIn.first { $0.id == id }?.provider == probe.provider, "\(id)")
            }
        }
    }

    @Test func `a repository without any is done`() async throws {
        let bench = try Bench()
        try bench.repository.write("a.txt", "a").commit()
        #expect(try await Self.step(bench.workbench()).observe().evidence != nil)
    }
}
