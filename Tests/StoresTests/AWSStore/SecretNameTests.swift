// Names of secrets, and ARNs where a name may stand.

import Testing

@testable import Stores

@Suite("Names of secrets")
struct SecretNameTests {
    static let arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:app/production-AbCdEf"

    @Test(
        "Names that AWS takes are taken",
        arguments: [
            "a", "app/production", "A.b_c+d=e@f-g", "/leading", "trailing/", "0", "app-prod", "app-production-env",
            "my-secret12", "app-a.b.c.", String(repeating: "n", count: 512),
        ])
    func accepted(name: String) throws {
        #expect(try SecretName(new: name).name == name)
        #expect(try SecretName(name).text == name)
        #expect(try SecretName(name).region == nil)
    }

    @Test(
        "Other names are refused, with the reason",
        arguments: [
            ("", "empty"), (String(repeating: "n", count: 513), "512"), ("a b", "ASCII"), ("a\n", "ASCII"),
            ("ünïcode", "ASCII"), ("a\u{0}", "ASCII"), ("a*", "ASCII"), ("a?", "ASCII"), ("a:b", "ASCII"),
            ("a\\b", "ASCII"),
            ("a\"b", "ASCII"), ("aµ", "ASCII"),
        ])
    func refused(name: String, word: String) {
        for refusal in [{ try SecretName(name) }, { try SecretName(new: name) }] as [() throws -> SecretName] {
            let error = #expect(throws: StoreError.self) { try refusal() }
            guard case .invalid(_, let reason) = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
            #expect(reason.contains(word))
        }
    }

    @Test(
        "A new name must not end like an ARN does; a secret that has such a name can be used",
        arguments: ["app-AbCdEf", "my-secret", "-123456", "a/b-config"])
    func endsLikeARN(name: String) throws {
        let error = #expect(throws: StoreError.self) { try SecretName(new: name) }
        guard case .invalid(_, let reason) = error else { throw try #require(error) }
        #expect(reason.contains("six characters"))
        #expect(try SecretName(name).name == name)
    }

    @Test("An ARN stands for the name in it, and tells region and account")
    func fromARN() throws {
        let name = try SecretName(Self.arn)
        #expect(name.name == "app/production" && name.text == Self.arn)
        #expect(name.region == "eu-central-1" && name.account == "111122223333")
        let partial = try SecretName(String(Self.arn.dropLast(7)))
        #expect(partial.name == "app/production")
        #expect(
            try SecretName("arn:aws-cn:secretsmanager:cn-north-1:111122223333:secret:n-AbCdEf").region == "cn-north-1")
    }

    @Test(
        "What only looks like a secret's ARN is refused",
        arguments: [
            "arn:", "arn:aws:s3:::bucket", "arn:aws:secretsmanager:eu-central-1:111122223333:n-AbCdEf",
            "arn:aws:secretsmanager:eu-central-1:111122223333:secret:",
            "arn:aws:secretsmanager:eu-central-1:111122223333:secret:-AbCdEf",
            "arn:aws:secretsmanager:eu-central-1:1:secret:n-AbCdEf",
            "arn:aws:secretsmanager::111122223333:secret:n-AbCdEf",
            "arn:aws:secretsmanager:evil.example/x:111122223333:secret:n-AbCdEf",
            "arn:aws:secretsmanager:eu-central-1:111122223333:secret:a b-AbCdEf",
            "arn:aws:secretsmanager:eu-central-1:111122223333:secret:a:b-AbCdEf",
        ])
    func wrongARN(text: String) {
        let error = #expect(throws: StoreError.self) { try SecretName(text) }
        if case .invalid = error { return }
        Issue.record("\(String(describing: error))")
    }

    @Test("A new secret is not called by an ARN")
    func newARN() { #expect(throws: StoreError.self) { try SecretName(new: Self.arn) } }

    @Test("A prefix is any beginning that a name can have, the empty one included")
    func prefix() {
        for prefix in ["", "app/", "a-AbCdEf"] { #expect(SecretName.isPrefix(prefix)) }
        for prefix in ["!app", "a b", "é", String(repeating: "n", count: 513)] { #expect(!SecretName.isPrefix(prefix)) }
    }
}
