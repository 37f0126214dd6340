// No value where it does not belong: logs, errors, descriptions, metrics.

import AWS
import Foundation
import Logging
import Stores
import Synchronization
import Testing
import World

@testable import SecretsManager

@Suite("Values stay out of sight", .timeLimit(.minutes(1)))
struct DisclosureTests {
    static let canary = "canary" + "-8153"

    @Test("A secret shows the same mask however it is printed, whatever its length")
    func secret() async throws {
        for text in ["", "x", Self.canary, String(repeating: Self.canary, count: 50)] {
            let secret = Secret(text)
            var dumped = ""
            dump(secret, to: &dumped)
            dump(["key": secret], to: &dumped)
            for shown in ["\(secret)", String(reflecting: secret), "\([secret])", "\(Optional(secret) as Any)", dumped]
            {
                #expect(shown.contains("********"))
                #expect(!shown.contains("canary"))
            }
            #expect(Mirror(reflecting: secret).children.isEmpty)
        }
    }

    @Test("A secret gives its bytes to who asks for them by name")
    func reveal() {
        let secret = Secret(Self.canary)
        #expect(secret.reveal() == Self.canary)
        #expect(secret.withBytes { $0.count } == Self.canary.utf8.count)
        #expect(secret.isSame(as: Secret(Self.canary)))
        #expect(!secret.isSame(as: Secret("another")))
    }

    @Test("A bundle shows its name, its version and how many keys it has")
    func bundle() async throws {
        let bench = Bench(["app": "{\"\(Self.canary)\":\"\(Self.canary)\"}"])
        let bundle = try await bench.secrets.get("app")
        var dumped = ""
        dump(bundle, to: &dumped)
        for shown in ["\(bundle)", String(reflecting: bundle), dumped] {
            #expect(shown.contains("app (version v0, 1 key)"))
            #expect(!shown.contains("canary"))
        }
    }

    @Test("Neither the log nor the metrics nor an error holds a value, whatever happens")
    func everything() async throws {
        struct Foreign: Error { var text = DisclosureTests.canary }
        let bench = Bench(
            ["app": "{\"KEY\":\"\(Self.canary)\",\"OTHER\":\"\(Self.canary)\"}"], environment: ["KEY": Self.canary])
        var errors: [any Error] = []
        func keep(_ body: () async throws -> Void) async {
            do { try await body() } catch { errors.append(error) }
        }
        func read() async {
            await keep {
                _ = try await bench.secrets.value("KEY", in: "app", default: Self.canary, fallbackEnvironment: "KEY")
            }
            await keep { _ = try await bench.secrets.decode([String: Int].self, from: "app") }
            await keep { _ = try await bench.secrets.get("app", refreshing: true) }
            await bench.settle()
        }
        for age in [0, 250, 400, 5_000] {
            for failure in [nil, .outage] + LastingError.all.map({ $0.error as StoreError? }) {
                bench.store.fail(failure)
                bench.clock.advance(.seconds(age))
                await read()
            }
            bench.store.fail(nil)
            bench.store.fail(foreign: Foreign())
            await read()
            bench.store.fail(foreign: nil)
            bench.store.write(Self.canary)
            bench.clock.advance(.seconds(5_000))
            await read()
            bench.store.write("{\"KEY\":\"\(Self.canary)\"}")
            bench.clock.advance(.seconds(5_000))
            await read()
        }
        #expect(errors.count > 40)
        #expect(bench.log.all.count > 40)
        for error in errors {
            #expect(!"\(error)".contains("canary"))
            #expect(!String(reflecting: error).contains("canary"))
        }
        for line in bench.log.all { #expect(!line.text.contains("canary")) }
        #expect(!"\(bench.events.all)".contains("canary"))
    }

    @Test("Names from outside cannot break a log line or an error")
    func names() async {
        let name = "app\nERROR forged\u{1B}[31m\u{2028}\u{202E}"
        let bench = Bench([:])
        let error = await #expect(throws: SecretsManagerError.self) { try await bench.secrets.get(name) }
        await until { !bench.log.all.isEmpty }
        for text in bench.log.all.map(\.text) + ["\(error as Any)", error?.description ?? ""] {
            #expect(!text.unicodeScalars.contains { ["\n", "\u{1B}", "\u{2028}", "\u{202E}"].contains($0) })
        }
    }
}

@Suite("Errors say what failed and what to do")
struct ErrorTests {
    static let all: [SecretsManagerError] = [
        .notFound(name: "app", place: "p"), .noCurrentVersion(name: "app", place: "p"),
        .scheduledForDeletion(name: "app", until: nil),
        .scheduledForDeletion(name: "app", until: "2030-01-01T00:00:00Z"),
        .accessDenied(name: "app", action: "a", identity: nil), .accessDenied(name: "app", action: "a", identity: "i"),
        .credentials(reason: "r", remedy: nil), .credentials(reason: "r", remedy: "aws sso login"),
        .decryptionFailed(name: "app", reason: "r"), .notAnObject(name: "app", reason: "r"),
        .unreachable(name: "app", place: "p", reason: "r"), .vault(name: "app", reason: "r"),
        .refused(name: "app", reason: "r"), .configuration(reason: "r"), .missingKey(key: "K", name: "app"),
        .emptyValue(key: "K", name: "app"), .placeholderValue(key: "K", name: "app"),
        .undecodable(name: "app", path: "a.b", reason: "r"), .undecodable(name: "app", path: "", reason: "r"),
        .shutDown,
    ]

    @Test("Each is one line and names what it is about", arguments: all)
    func oneLine(error: SecretsManagerError) {
        #expect(!error.description.isEmpty)
        #expect(!error.description.contains("\n"))
        #expect(!error.description.contains("nil") && !error.description.contains("Optional"))
        if !["credentials", "configuration", "shutDown"].contains(where: {
            "\(Mirror(reflecting: error).children.first?.label ?? "shutDown")" == $0
        }) {
            #expect(error.description.contains("app"))
        }
    }

    @Test("Only a store that cannot be reached is worth another try")
    func transient() {
        #expect(Self.all.filter(\.isTransient) == [.unreachable(name: "app", place: "p", reason: "r")])
    }

    private func aws(_ kind: AWSError.Kind) -> AWSError {
        AWSError(
            kind: kind, operation: "GetSecretValue", service: "secretsmanager", code: "Code", message: "message",
            attempts: 3, identity: "the role app")
    }

    @Test("An error of the store keeps its facts")
    func mapping() {
        func map(_ error: StoreError) -> SecretsManagerError {
            SecretsManagerError(error, reading: "app", from: "AWS Secrets Manager in eu-west-1")
        }
        let place = "AWS Secrets Manager in eu-west-1"
        #expect(map(.notFound(name: "x")) == .notFound(name: "app", place: place))
        #expect(
            map(.denied)
                == .accessDenied(name: "app", action: "secretsmanager:GetSecretValue", identity: "the role app"))
        #expect(
            map(.unreachable(aws(.throttled)))
                == .unreachable(name: "app", place: place, reason: "Code: message (after 3 attempts)"))
        #expect(
            map(.scheduledForDeletion(name: "x", until: Instant(seconds: 0)))
                == .scheduledForDeletion(name: "app", until: "1970-01-01T00:00:00Z"))
        #expect(
            map(
                .noCredentials(CredentialError(kind: .sourceFailed, source: "SSO", reason: "expired", remedy: "log in"))
            )
                == .credentials(reason: "SSO: expired", remedy: "log in"))
        for kind in [AWSError.Kind.badCredentials, .expiredCredentials, .clockSkew] {
            guard case .credentials = map(.aws(aws(kind))) else {
                Issue.record("\(kind) is not about credentials")
                continue
            }
        }
        #expect(
            map(.aws(aws(.accessDenied)))
                == .accessDenied(name: "app", action: "secretsmanager:GetSecretValue", identity: "the role app"))
        #expect(map(.aws(aws(.other))) == .refused(name: "app", reason: "Code: message (after 3 attempts)"))
        #expect(
            map(.wrongKey(path: "f")) == .decryptionFailed(name: "app", reason: "f was encrypted under another key"))
        #expect(map(.damaged(path: "f", reason: "cut")) == .vault(name: "app", reason: "f: cut"))
    }
}

@Suite("Times and pauses")
struct LifetimesTests {
    @Test("Each failure doubles the pause, up to a bound, and chance takes away up to half")
    func backoff() {
        let lifetimes = Lifetimes(SecretsManager.Caching())
        for failures in 1...1_000 {
            let full = lifetimes.backoff(failures: failures, jitter: 0)
            let half = lifetimes.backoff(failures: failures, jitter: 1)
            let expected = failures > 6 ? 60 : UInt64(1) << UInt64(failures - 1)
            #expect(full == min(expected, 60) * 1_000_000_000)
            #expect(half == full / 2)
        }
    }

    @Test("Settings that make no sense do no harm")
    func nonsense() {
        let lifetimes = Lifetimes(
            .with {
                $0.timeToLive = .seconds(-5)
                $0.staleFor = .seconds(Int64.max)
                $0.refreshAhead = .seconds(1_000_000)
                $0.firstBackoff = .seconds(Int64.max)
                $0.longestBackoff = .seconds(Int64.max)
                $0.patience = .seconds(-1)
                $0.capacity = -1
            })
        #expect(lifetimes.timeToLive == 0 && lifetimes.refreshAhead == 0 && lifetimes.patience == .zero)
        #expect(lifetimes.capacity == 1)
        #expect(lifetimes.backoff(failures: Int.max, jitter: .infinity) > 0)
        #expect(lifetimes.backoff(failures: Int.min, jitter: -1) > 0)
    }

    @Test("At most half of the time to live is for refreshing ahead")
    func refreshAhead() {
        let lifetimes = Lifetimes(
            .with {
                $0.timeToLive = .seconds(10); $0.refreshAhead = .seconds(60)
            })
        #expect(lifetimes.refreshAhead == 5_000_000_000)
    }

    @Test("The clock of the cache never goes back")
    func clock() {
        var last = CacheClock.now()
        for _ in 0..<10_000 {
            let now = CacheClock.now()
            #expect(now >= last)
            last = now
        }
    }

    @Test("A duration is whole nanoseconds, and none is negative")
    func durations() {
        #expect(Duration.nanoseconds(-1).nanoseconds == 0)
        #expect(Duration.nanoseconds(1).nanoseconds == 1)
        #expect(Duration.seconds(2).nanoseconds == 2_000_000_000)
        #expect(Duration(nanoseconds: .max) > .zero)
    }
}
