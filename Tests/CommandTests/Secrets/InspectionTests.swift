// `doctor`, `policy` and `audit`: what they find out, and what they say of it.

import Foundation
import TestServers
import Testing

@Suite struct InspectionTests {
    private struct Report: Decodable {
        struct Check: Decodable {
            var check: String
            var status: String
            var finding: String
            var remedy: String?
        }
        var schema: String
        var checks: [Check]

        func check(_ name: String) -> Check? { checks.first { $0.check == name } }
    }

    private func doctor(_ place: Workplace, _ more: String..., changes: [String: String?] = [:]) async throws -> (
        status: Int32, report: Report
    ) {
        let outcome = try await place.migrate(["doctor", "--format", "json"] + more, changes: changes)
        #expect(!outcome.isCrash)
        return (outcome.status, try JSONDecoder().decode(Report.self, from: Data(outcome.output)))
    }

    @Test func `a doctor who finds all in place ends with 0`() async throws {
        let double = try await SecretsManagerDouble.start()
        let place = try Workplace.on(double)
        try double.setValue(of: place.secret, "{}")
        let (status, report) = try await doctor(place, place.secret)
        #expect(status == 0, "\(report)")
        for name in ["settings", "region", "endpoint", "credentials", "identity", "secret", "permissions"] {
            #expect(report.check(name)?.status == "good", "\(name)")
        }
        #expect(report.check("identity")?.finding.contains(double.identity) == true)
        let human = try await place.migrate("doctor", place.secret)
        #expect(human.status == 0 && human.text.contains(double.accessKeyID))
        // It reads no value and writes nothing.
        #expect(double.requests(for: "GetSecretValue").isEmpty)
        #expect(double.writes(of: "PutSecretValue").isEmpty)
        await double.stop()
    }

    @Test(
        arguments: [
            ("expired", "identity"), ("unknown key", "identity"), ("skewed clock", "endpoint"),
            ("no region", "region"), ("no credentials", "credentials"), ("stopped", "endpoint"),
            ("denied", "permissions"), ("scheduled", "secret"), ("other account", "account"),
        ])
    func `what is wrong is a problem of that place, with what to do`(kind: String, name: String) async throws {
        let double = try await SecretsManagerDouble.start()
        let place = try Workplace.on(double)
        try double.setValue(of: place.secret, "{}")
        var changes: [String: String?] = ["AWS_MAX_ATTEMPTS": "1"]
        switch kind {
        case "expired": double.expireKey(double.accessKeyID)
        case "unknown key": double.removeKey(double.accessKeyID)
        case "skewed clock": double.setClockOffset(seconds: -900)
        case "no region": changes["AWS_REGION"] = .some(nil)
        case "no credentials": changes["AWS_ACCESS_KEY_ID"] = .some(nil)
        case "stopped": await double.stop()
        case "denied": double.deny("secretsmanager:PutSecretValue")
        case "scheduled": try double.perform("DeleteSecret", json: "{\"SecretId\":\"\(place.secret)\"}")
        default: try place.write("version: 1\naws:\n  expected-account: \"999999999999\"\n", to: ".migrate/config.yml")
        }
        let (status, report) = try await doctor(place, place.secret, changes: changes)
        #expect(status == 1, "\(report)")
        let problems = report.checks.filter { $0.status == "problem" }
        #expect(problems.contains { $0.check == name }, "\(report)")
        #expect(problems.allSatisfy { $0.remedy != nil }, "\(problems)")
        if kind != "stopped" { await double.stop() }
    }

    @Test func `where IAM may not be asked, what does no harm is tried`() async throws {
        let double = try await SecretsManagerDouble.start()
        let place = try Workplace.on(double)
        try double.setValue(of: place.secret, "{}")
        double.deny("iam:SimulatePrincipalPolicy")
        let unknown = try await doctor(place, place.secret)
        #expect(unknown.status == 2, "\(unknown.report)")
        double.deny("secretsmanager:DescribeSecret")
        let denied = try await doctor(place, place.secret)
        #expect(denied.status == 1)
        #expect(denied.report.checks.contains { $0.status == "problem" && $0.finding.contains("DescribeSecret") })
        await double.stop()
    }

    @Test func `a doctor of the vault tells of its key and its files`() async throws {
        let place = try Workplace.local()
        let empty = try await doctor(place)
        #expect(empty.status == 0 && empty.report.check("vault")?.status == "note")
        try await place.prepare([("KEY", "v")])
        let good = try await doctor(place, place.secret)
        #expect(good.status == 0, "\(good.report)")
        #expect(good.report.check("key")?.status == "good" && good.report.check("secret")?.status == "good")
        for file in Scratch.files(below: place.vault) where file.hasSuffix(".sealed") {
            try Scratch.write(Array(Scratch.bytes(file).dropLast()), to: file)
        }
        let damaged = try await doctor(place, place.secret)
        #expect(damaged.status == 1, "\(damaged.report)")
    }

    @Test(arguments: ["app", "migrator"])
    func `a policy is the same JSON every time, for exactly this secret`(audience: String) async throws {
        let double = try await SecretsManagerDouble.start()
        let place = try Workplace.on(double)
        let words = ["policy", audience, "shop/production", "--kms-key", "alias/shop"]
        let first = try await place.migrate(words)
        #expect(first.status == 0, "\(first.errorText)")
        #expect(try await place.migrate(words).text == first.text)
        let policy = try #require(try JSONSerialization.jsonObject(with: Data(first.output)) as? [String: Any])
        #expect(policy["Version"] as? String == "2012-10-17")
        #expect(
            first.text.contains(
                "arn:aws:secretsmanager:\(double.region):\(double.account):secret:shop/production-??????"))
        #expect(first.text.contains("secretsmanager:GetSecretValue") && first.text.contains("kms:"))
        #expect(first.text.contains("secretsmanager:PutSecretValue") == (audience == "migrator"))
        // With an account given, nobody is asked.
        double.forgetRequests()
        let offline = try await place.migrate(
            words + ["--account", double.account], changes: ["AWS_ACCESS_KEY_ID": nil, "AWS_SECRET_ACCESS_KEY": nil])
        #expect(offline.text == first.text, "\(offline.errorText)")
        #expect(double.requests.isEmpty)
        await double.stop()
    }

    @Test(arguments: [
        ["policy", "app", "shop/x", "--account", "12"], ["policy", "app", "bad name", "--account", "123456789012"],
        ["policy", "app", "shop/x", "--account", "123456789012", "--kms-key", "no key!"],
    ])
    func `a policy of nonsense is refused`(words: [String]) async throws {
        let place = try Workplace.aws("http://127.0.0.1:1", keyID: "AKIA" + "NOBODY", key: "none")
        let outcome = try await place.migrate(words)
        expectOneLine(outcome, status: outcome.status)
        #expect([3, 64].contains(outcome.status))
    }

    @Test func `an audit lists who read and wrote, by name and by ARN, and nothing of other secrets`() async throws {
        let double = try await SecretsManagerDouble.start()
        let place = try Workplace.on(double)
        try double.setValue(of: place.secret, "{}")
        let arn = try #require(double.arn(of: place.secret))
        let now = Date().timeIntervalSince1970
        func add(_ name: String, _ user: String, _ id: String, before seconds: Double, error: String? = nil) {
            var record: [String: Any] = [
                "eventName": name, "eventSource": "secretsmanager.amazonaws.com", "sourceIPAddress": "192.0.2.7",
                "userIdentity": ["arn": "arn:aws:iam::\(double.account):user/\(user)"], "userAgent": "aws-cli/2",
                "requestParameters": ["secretId": id], "eventTime": "2026-01-01T00:00:00Z",
            ]
            record["errorCode"] = error
            let text = (try? JSONSerialization.data(withJSONObject: record)).map { String(decoding: $0, as: UTF8.self) }
            double.addTrailEvent(
                TrailEvent(
                    name: name, username: user, time: now - seconds, isReadOnly: name.hasPrefix("Get"),
                    record: text ?? ""))
        }
        add("GetSecretValue", "ada", place.secret, before: 100)
        add("PutSecretValue", "bob", arn, before: 200)
        add("GetSecretValue", "mallory", place.secret, before: 300, error: "AccessDenied")
        add("GetSecretValue", "other-reader", "shop/another", before: 50)
        for index in 0..<120 { add("GetSecretValue", "busy", "shop/busy", before: Double(400 + index)) }
        let outcome = try await place.migrate("audit", place.secret, "--format", "json")
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(try JSONSerialization.jsonObject(with: Data(outcome.output)) is [String: Any])
        for user in ["ada", "bob", "mallory"] { #expect(outcome.text.contains(user)) }
        for user in ["other-reader", "busy"] { #expect(!outcome.text.contains(user)) }
        let human = try await place.migrate("audit", place.secret)
        #expect(human.status == 0 && human.text.contains("ada") && human.text.contains("AccessDenied"))
        double.deny("cloudtrail:LookupEvents")
        expectOneLine(
            try await place.migrate("audit", place.secret), status: 3, "cloudtrail:LookupEvents is not allowed")
        await double.stop()
    }
}
