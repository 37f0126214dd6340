// Identity, permissions and access history over real HTTP, signed, on the double.

import HTTP
import Secrets
import Synchronization
import TestServers
import Testing
import World

@testable import AWS

@Suite("Identity, permissions and access history over HTTP")
struct AWSServicesOnDoubleTests {
    struct Stand {
        let double: SecretsManagerDouble
        let transport: HTTPTransport
        let slept = Waits()

        init() async throws {
            double = try await SecretsManagerDouble.start()
            transport = try HTTPTransport(settings: AWSSettings())
        }

        var world: World {
            var world = World.real()
            let slept = slept
            world.sleep = { slept.add($0) }
            return world
        }

        func client(_ service: AWSService) throws -> AWSClient {
            var settings = AWSSettings()
            settings.endpoint = .init(double.url, "a test")
            let credentials = StaticCredentials(
                AWSCredentials(
                    accessKeyID: double.accessKeyID,
                    secretAccessKey: SharedSecret(copying: double.secretAccessKey.utf8), source: "a test"))
            return try AWSClient(
                service: service, settings: settings, region: double.region, credentials: credentials,
                transport: transport, world: world)
        }

        func stop() async {
            await transport.shutdown()
            await double.stop()
        }
    }

    final class Waits: Sendable {
        private let durations = Mutex<[Duration]>([])
        func add(_ duration: Duration) { durations.withLock { $0.append(duration) } }
        var all: [Duration] { durations.withLock { $0 } }
    }

    @Test("STS says who we are")
    func callerIdentity() async throws {
        let stand = try await Stand()
        let identity = try await STSClient(client: try stand.client(.sts)).getCallerIdentity()
        #expect(identity.account == stand.double.account && identity.arn == stand.double.identity)
        #expect(!identity.userID.isEmpty)
        await stand.stop()
    }

    @Test("IAM tells what is allowed, what is not, and what is forbidden")
    func simulation() async throws {
        let stand = try await Stand()
        stand.double.deny("secretsmanager:PutSecretValue")
        stand.double.deny("secretsmanager:DeleteSecret", explicitly: true)
        let actions = ["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue", "secretsmanager:DeleteSecret"]
        let source = try #require(PrincipalARN.policySource(of: stand.double.identity))
        let found = try await IAMClient(client: try stand.client(.iam)).simulatePrincipalPolicy(
            source: source.arn, actions: actions, resources: ["arn:aws:secretsmanager:r:1:secret:a&b-??????"])
        #expect(found.map(\.action) == actions)
        #expect(found.map(\.decision) == [.allowed, .implicitDeny, .explicitDeny])
        #expect(found.allSatisfy { $0.resource == "arn:aws:secretsmanager:r:1:secret:a&b-??????" })
        await stand.stop()
    }

    @Test("The access history holds our own reads and writes of the secret, and nobody's of another")
    func accessHistory() async throws {
        let stand = try await Stand()
        let secrets = SecretsManagerClient(client: try stand.client(.secretsManager))
        let text = SharedSecret(copying: "{}".utf8)
        let (first, second) = ("00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002")
        let made = try await secrets.createSecret(name: "app/one", text: text, token: first)
        _ = try await secrets.createSecret(name: "app/one-more", text: text, token: second)
        _ = try await secrets.getSecretValue("app/one")
        _ = try await secrets.getSecretValue(made.arn)
        _ = try await secrets.getSecretValue("app/one-more")
        stand.double.deny("secretsmanager:DescribeSecret")
        await #expect(throws: AWSError.self) { try await secrets.describeSecret("app/one") }
        stand.double.setTrail(pageSize: 2)
        let history = AccessHistory(
            client: CloudTrailClient(client: try stand.client(.cloudTrail), world: stand.world))
        let entries = try await history.entries(name: "app/one", arn: made.arn, since: Instant.systemNow() + -600)
        // Events of one second come in any order.
        #expect(
            entries.map(\.event).sorted() == ["CreateSecret", "DescribeSecret", "GetSecretValue", "GetSecretValue"])
        #expect(Set(entries.map(\.accessKeyID)) == [stand.double.accessKeyID])
        let describe = entries.first { $0.event == "DescribeSecret" }
        #expect(describe?.errorCode == "AccessDeniedException" && describe?.access == .read)
        #expect(entries.first { $0.event == "CreateSecret" }?.access == .write)
        #expect(stand.slept.all.allSatisfy { $0 == .milliseconds(500) } && stand.slept.all.count >= 2)
        await stand.stop()
    }
}
