// CloudTrail shows nobody at the secret but those who are expected.

import AWS
import Checklist
import HTTP
import Secrets
import Settings
import Stores
import TestServers
import Testing
import World

@testable import Steps

@Suite struct AccessWatchTests {
    /// A double of AWS with the secret, read by its tester.
    private struct Stand {
        let bench: Bench
        let double: SecretsManagerDouble
        let transport: HTTPTransport

        init() async throws {
            bench = try Bench()
            double = try await SecretsManagerDouble.start()
            transport = try HTTPTransport()
            _ = try await store().create(
                Bench.secret, SharedSecret(copying: "{}".utf8), token: "00000000-0000-4000-8000-000000000001",
                options: CreationOptions())
            _ = try await store().read(Bench.secret)
        }

        /// Signatures need the machine's clock; nothing waits.
        private var world: World {
            var world = World.real()
            world.sleep = { _ in await Task.yield() }
            return world
        }

        private func client(_ service: AWSService) throws -> AWSClient {
            var settings = AWSSettings()
            settings.endpoint = .init(double.url, "a test")
            return try AWSClient(
                service: service, settings: settings, region: double.region,
                credentials: StaticCredentials(
                    AWSCredentials(
                        accessKeyID: double.accessKeyID,
                        secretAccessKey: SharedSecret(copying: double.secretAccessKey.utf8), source: "a test")),
                transport: transport, world: world)
        }

        private func store() throws -> AWSStore {
            AWSStore(
                client: SecretsManagerClient(client: try client(.secretsManager)), region: double.region, world: world)
        }

        func step(_ parameters: [String: SettingValue] = [:]) throws -> Rehearsal {
            let (access, trail) = (try store(), CloudTrailClient(client: try client(.cloudTrail), world: world))
            let region = double.region
            let workbench = bench.workbench {
                $0.world = world
                $0.store = {
                    StoreAccess(
                        store: access, name: Bench.secret, region: region, expectedAccount: nil, account: { nil })
                }
                $0.accessHistory = { trail }
            }
            return Rehearsal(try Bench.kind("access-watch", parameters, on: workbench))
        }

        func event(by arn: String) {
            double.addTrailEvent(
                TrailEvent(
                    name: "GetSecretValue", time: Instant.systemNow().seconds - 60,
                    record: #"{"userIdentity":{"arn":"\#(arn)"},"requestParameters":{"secretId":"\#(Bench.secret)"}}"#))
        }

        func stop() async {
            await transport.shutdown()
            await double.stop()
        }
    }

    @Test func `somebody has to say who is expected, and may take those seen`() async throws {
        let stand = try await Stand()
        let step = try stand.step()
        #expect(try await step.observe().reason?.contains("nobody has said who may read fluxion/production") == true)
        let question = try #require(try await step.preview().questions.first)
        #expect(question.id == "principals" && question.text.contains(stand.double.identity))
        let evidence = try #require(try await step.run(["principals": .text("seen")]).evidence)
        #expect(evidence.facts.list("principals") == [stand.double.identity])
        await stand.stop()
    }

    @Test func `a stranger is named, with what and when, until somebody knows him`() async throws {
        let stand = try await Stand()
        let step = try stand.step(["principals": .list([stand.double.identity])])
        #expect(try await step.observe().evidence != nil)
        let stranger = "arn:aws:iam::999999999999:user/stranger"
        stand.event(by: stranger)
        let reason = try #require(try await step.observe().reason)
        #expect(reason.contains(stranger) && reason.contains("GetSecretValue") && reason.contains("is not expected"))
        #expect(reason.contains(" at 20"))
        #expect(try await step.preview().byHand.first?.contains(stranger) == true)
        #expect(try await step.run(["principals": .text(stranger)]).evidence != nil)
        await stand.stop()
    }

    @Test(arguments: [
        ("arn:aws:iam::123456789012:role/app", true), ("arn:aws:iam::123456789012:role/path/app", true),
        ("arn:aws:sts::123456789012:assumed-role/app/*", true), ("arn:aws:iam::123456789012:role/*", true),
        ("arn:aws:iam::123456789012:role/application", false), ("arn:aws:iam::999999999999:role/app", false),
        ("app", false),
    ])
    func `a session is known by its role`(pattern: String, isKnown: Bool) async throws {
        let stand = try await Stand()
        stand.event(by: "arn:aws:sts::123456789012:assumed-role/app/i-0123456789")
        let step = try stand.step(["principals": .list([stand.double.identity, pattern])])
        #expect((try await step.observe().evidence != nil) == isKnown)
        await stand.stop()
    }

    @Test func `without the permission it is not known, and the permission is named`() async throws {
        let stand = try await Stand()
        stand.double.deny("cloudtrail:LookupEvents")
        guard case .unknowable(_, let remedy) = try await stand.step().observe() else {
            Issue.record("it should not be known")
            return
        }
        #expect(remedy?.contains("cloudtrail:LookupEvents") == true)
        await stand.stop()
    }

    @Test func `the local vault keeps no record, which is said`() async throws {
        let bench = try Bench()
        let evidence = try #require(
            try await Rehearsal(try Bench.kind("access-watch", on: bench.workbench())).observe().evidence)
        #expect(evidence.summary.contains("nothing was watched"))
        #expect(evidence.facts.flag("watched") == false)
    }
}
