// Who read or wrote a secret: the right events, all of them, within CloudTrail's limits.

import Foundation
import Synchronization
import Testing
import World

@testable import AWS

@Suite("The access history of a secret")
struct AccessHistoryTests {
    static let name = "app/production"
    static let partial = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:app/production"
    static let arn = partial + "-AbCdEf"

    /// An event as LookupEvents lists it.
    static func event(
        _ name: String = "GetSecretValue", time: Double = 1_763_970_000, record: String, more: String = ""
    ) -> String {
        let text = SecretsManagerClientTests.quoted(record)
        return #"{"EventId":"id","EventName":"\#(name)","EventTime":\#(time)\#(more),"CloudTrailEvent":\#(text)}"#
    }

    static func page(_ events: [String], next: String? = nil) -> String {
        let token = next.map { #","NextToken":"\#($0)""# } ?? ""
        return #"{"Events":[\#(events.joined(separator: ","))]\#(token)}"#
    }

    static func history(_ script: ServiceScript) throws -> AccessHistory {
        AccessHistory(client: CloudTrailClient(client: try script.client(.cloudTrail), world: script.world))
    }

    /// Records, and whether they are about the secret.
    static let records: [(record: String, isAbout: Bool)] = [
        (#"{"requestParameters":{"secretId":"app/production"}}"#, true),
        (#"{"requestParameters":{"secretId":"\#(arn)"}}"#, true),
        (#"{"requestParameters":{"secretId":"\#(partial)"}}"#, true),
        (#"{"requestParameters":{"name":"app/production"}}"#, true),
        (#"{"requestParameters":{"secretIdList":["other","app/production"]}}"#, true),
        (#"{"requestParameters":null,"responseElements":{"arn":"\#(arn)"}}"#, true),
        (#"{"responseElements":{"aRN":"\#(arn)"}}"#, true),
        (#"{"additionalEventData":{"SecretId":"\#(arn)"}}"#, true),
        (#"{"resources":[{"ARN":"\#(arn)","type":"AWS::SecretsManager::Secret"}]}"#, true),
        (#"{"requestParameters":{"secretId":"app/production2"}}"#, false),
        (#"{"requestParameters":{"secretId":"app/prod"}}"#, false),
        (#"{"requestParameters":{"secretId":"APP/production"}}"#, false),
        (
            #"{"requestParameters":{"secretId":"arn:aws:kms:eu-central-1:111122223333:secret:app/production-AbCdEf"}}"#,
            false
        ),
        (#"{"requestParameters":{"secretId":"\#(partial)-staging"}}"#, false),
        (#"{"requestParameters":{"description":"app/production"}}"#, false),
        (#"{"userIdentity":{"arn":"\#(arn)"}}"#, false),
        (#"{"requestParameters":["app/production"]}"#, false),
        ("{}", false), ("no JSON", false), ("", false),
    ]

    @Test(
        "An event counts when it names the secret by name, ARN or ARN without suffix", arguments: records,
        [arn, partial, nil])
    func matches(record: (record: String, isAbout: Bool), arn: String?) async throws {
        let script = ServiceScript(Self.page([Self.event(record: record.record)]))
        let entries = try await Self.history(script).entries(name: Self.name, arn: arn, since: Instant(seconds: 0))
        #expect(entries.count == (record.isAbout ? 1 : 0), "\(record.record)")
    }

    @Test("With the ARN known, a secret of the same name in another account or of another life does not count")
    func otherSecrets() async throws {
        let other = Self.arn.replacing("111122223333", with: "999999999999")
        let earlier = Self.partial + "-ZZZZZZ"
        let events = [other, earlier].map { Self.event(record: #"{"requestParameters":{"secretId":"\#($0)"}}"#) }
        let exact = try await Self.history(ServiceScript(Self.page(events)))
            .entries(name: Self.name, arn: Self.arn, since: Instant(seconds: 0))
        #expect(exact.isEmpty)
        let byName = try await Self.history(ServiceScript(Self.page(events)))
            .entries(name: Self.name, arn: nil, since: Instant(seconds: 0))
        #expect(byName.count == 2)
    }

    @Test("An entry says when, what, who, from where and whether it failed")
    func entry() async throws {
        let role = """
            {"eventTime":"2025-11-24T07:40:00Z","sourceIPAddress":"192.0.2.1","errorCode":"AccessDenied",
             "readOnly":true,"requestParameters":{"secretId":"app/production"},
             "userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/deploy/run-7",
             "accessKeyId":"ASIATEST"}}
            """
        let user = """
            {"requestParameters":{"secretId":"app/production"},"readOnly":false,"sourceIPAddress":"192.0.2.2",
             "userIdentity":{"type":"IAMUser","userName":"alice","arn":"arn:aws:iam::111122223333:user/alice"}}
            """
        let service = """
            {"additionalEventData":{"SecretId":"\(Self.arn)"},
             "userIdentity":{"type":"AWSService","invokedBy":"secretsmanager.amazonaws.com"}}
            """
        let script = ServiceScript(
            Self.page([
                Self.event(record: role, more: #","ReadOnly":"true","AccessKeyId":"AKIATEST""#),
                Self.event("PutSecretValue", record: user, more: #","Username":"alice-in-list""#),
                Self.event("SecretVersionDeletion", record: service, more: #","ReadOnly":"false""#),
                Self.event("DescribeSecret", record: #"{"requestParameters":{"secretId":"app/production"}}"#),
            ]))
        let entries = try await Self.history(script).entries(
            name: Self.name, arn: Self.arn, since: Instant(seconds: 0))
        #expect(
            entries.map(\.event) == ["GetSecretValue", "PutSecretValue", "SecretVersionDeletion", "DescribeSecret"])
        #expect(entries.map(\.access) == [.read, .write, .write, .read])
        #expect(entries.map(\.who) == ["deploy/run-7", "alice", "secretsmanager.amazonaws.com", "unknown"])
        #expect(entries.map(\.accessKeyID) == ["AKIATEST", nil, nil, nil])
        #expect(entries.map(\.source) == ["192.0.2.1", "192.0.2.2", nil, nil])
        #expect(entries.map(\.errorCode) == ["AccessDenied", nil, nil, nil])
        #expect(entries[0].time == Instant(seconds: 1_763_970_000))
        #expect(entries[1].arn == "arn:aws:iam::111122223333:user/alice")
    }

    @Test("All pages are read, half a second apart, and each is told of")
    func pages() async throws {
        let about = Self.event(time: 300, record: #"{"requestParameters":{"secretId":"app/production"}}"#)
        let other = Self.event(time: 200, record: #"{"requestParameters":{"secretId":"other"}}"#)
        let script = ServiceScript(
            Self.page([about, other], next: "t1"), Self.page([], next: "t2"), Self.page([other, about]))
        let told = Mutex<[AccessHistory.Progress]>([])
        let entries = try await Self.history(script).entries(name: Self.name, arn: nil, since: Instant(seconds: 0)) {
            progress in told.withLock { $0.append(progress) }
        }
        #expect(entries.count == 2)
        #expect(script.slept == [.milliseconds(500), .milliseconds(500)])
        #expect(script.asked.map { $0.json["NextToken"] as? String } == [nil, "t1", "t2"])
        let reached = Instant(seconds: 200)
        let expected: [AccessHistory.Progress] = [
            .init(pages: 1, events: 2, found: 1, reached: reached),
            .init(pages: 2, events: 2, found: 1, reached: reached),
            .init(pages: 3, events: 4, found: 2, reached: reached),
        ]
        #expect(told.withLock { $0 } == expected)
    }

    @Test(
        "Events of Secrets Manager are asked for, and none from before CloudTrail's 90 days", arguments: [0.0, 3_600])
    func request(age: Double) async throws {
        let script = ServiceScript(Self.page([]))
        let now = ServiceScript.now
        let since = age == 0 ? Instant(seconds: 0) : now + -age
        _ = try await Self.history(script).entries(name: Self.name, arn: nil, since: since, until: now)
        let asked = try #require(script.asked.first)
        #expect(asked.operation == "LookupEvents")
        let start = age == 0 ? now.wholeSeconds - 90 * 86_400 : now.wholeSeconds - 3_600
        let expected: NSDictionary = [
            "LookupAttributes": [
                ["AttributeKey": "EventSource", "AttributeValue": "secretsmanager.amazonaws.com"]
            ], "StartTime": start, "EndTime": now.wholeSeconds, "MaxResults": 50,
        ]
        #expect(asked.json == expected, "\(asked.body)")
    }

    @Test("No damage to a record brings the history down, nor the entries beside it", arguments: UInt64(1)...4)
    func damage(seed: UInt64) async throws {
        let whole = Array(
            """
            {"eventTime":"2025-11-24T07:40:00Z","requestParameters":{"secretId":"app/production","secretIdList":["a"]},
             "responseElements":{"arn":"\(Self.arn)"},"additionalEventData":{"SecretId":1},"resources":[{"ARN":"x"}],
             "userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::1:assumed-role/a/b"},"readOnly":true}
            """.utf8)
        let good = Self.event(record: #"{"requestParameters":{"secretId":"app/production"}}"#)
        var state = seed
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        var counts: Set<Int> = []
        for _ in 0..<200 {
            var bytes = whole
            for _ in 0...random(6) {
                switch random(3) {
                case 0: bytes.remove(at: random(bytes.count))
                case 1: bytes[random(bytes.count)] = UInt8(0x20 + random(0x5F))
                default:
                    bytes.insert(
                        contentsOf: ["{", "[", "null", "1e999", "\""][random(5)].utf8, at: random(bytes.count))
                }
            }
            let event = Self.event(record: String(decoding: bytes, as: UTF8.self))
            let entries = try await Self.history(ServiceScript(Self.page([event, good])))
                .entries(name: Self.name, arn: Self.arn, since: Instant(seconds: 0))
            counts.insert(entries.count)
        }
        // The good one is always found; the damaged one sometimes still is.
        #expect(counts == [1, 2])
    }
}
