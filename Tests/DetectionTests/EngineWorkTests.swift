// How much the engine does for hostile texts: measured in steps, since clocks differ.

import Testing

@testable import Detection

@Suite("Work of the matcher")
struct EngineWorkTests {
    /// A text that repeats what a reader of secrets has to look at.
    struct Hostile: CustomTestStringConvertible {
        let name: String
        let unit: String
        let count: Int

        var testDescription: String { name }

        func bytes(times: Int) -> [UInt8] {
            let unit = Array(unit.utf8)
            return Array(repeatElement(unit, count: count * times).joined())
        }

        static let all = [
            Hostile(name: "the opening of a SendGrid key", unit: "SG" + ".", count: 10_000),
            Hostile(name: "a name and =", unit: "password=", count: 10_000),
            Hostile(name: "a short name and =", unit: "_pass=", count: 10_000),
            Hostile(name: "names in a query, which no other name ends", unit: "?_pass=", count: 1_500),
            Hostile(name: "names of a shell, which no other name ends", unit: ":_pass=", count: 1_500),
            Hostile(name: "names and brackets, which make no value", unit: ":token=[]", count: 1_500),
            Hostile(name: "quotes that another kind of quote follows", unit: "token='token=\"", count: 4_000),
            Hostile(name: "names in one line of JSON", unit: #"{"token":"#, count: 4_000),
            Hostile(name: "a name without an end", unit: "secret", count: 6_000),
            Hostile(name: "anchors with a value of one shape", unit: "aws_secret_access_key=", count: 4_000),
            Hostile(name: "the opening of a PEM block", unit: "-----BEGIN ", count: 4_000),
            Hostile(name: "the header of a private key", unit: "-----BEGIN PRIVATE KEY-----\n", count: 4_000),
            Hostile(
                name: "the header of a private key and a line of it",
                unit: "-----BEGIN PRIVATE KEY-----\n" + Fake.base64(64, seed: 1) + "\n", count: 1_500),
            Hostile(name: "URLs in URLs", unit: "://a:b@", count: 5_000),
            Hostile(name: "database URLs in URLs", unit: "redis://a:b@", count: 4_000),
            Hostile(name: "URLs with holes", unit: "://{", count: 6_000),
            Hostile(name: "the opening of a web token", unit: "eyJ", count: 10_000),
            Hostile(name: "openings of the parts of a web token", unit: "eyJhbGciOiJI.", count: 4_000),
            Hostile(name: "the openings of GitHub's tokens", unit: "ghp" + "_", count: 6_000),
            Hostile(name: "blanks", unit: "token =" + String(repeating: " ", count: 200), count: 2_000),
        ]
    }

    private func work(_ bytes: [UInt8]) throws -> (confirmations: Int, bytes: Int, matches: Int) {
        let matcher = try EngineSample.matcher()
        let matches = try matcher.matches(in: bytes)
        return (matcher.confirmationCount, matcher.confirmedByteCount, matches.count)
    }

    @Test("What more text adds to the work is bounded, however much there is", arguments: Hostile.all)
    func growsLinearly(hostile: Hostile) throws {
        let once = try work(hostile.bytes(times: 1))
        let twice = try work(hostile.bytes(times: 2))
        #expect(once.confirmations > 0)
        // Several rules may share an anchor, and a unit may hold several anchors.
        #expect(twice.confirmations - once.confirmations <= 8 * hostile.count)
        // Without the bound on far hits, `_pass=` would make this 680; were it quadratic, it would be thousands.
        #expect(twice.bytes - once.bytes <= 100 * hostile.count * hostile.unit.utf8.count)
    }

    @Test("A text without anchors costs no confirmation")
    func noAnchors() throws {
        let done = try work([UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20))
        #expect(done.confirmations == 0 && done.bytes == 0)
    }

    @Test("Dense openings of keys hide no key, and are confirmed in one piece")
    func keyAmongOpenings() throws {
        let key = Fake.sendGrid(seed: 1)
        let run = String(repeating: "SG" + ".", count: 20_000)
        let matcher = try EngineSample.matcher()
        #expect(try matcher.found(in: run + " " + key + " " + run) == ["sendgrid-api-key: \(key)"])
        #expect(matcher.confirmationCount == 1)
    }

    @Test("A value is found among names in any number, up to the bound that dense text has")
    func valueAmongNames() throws {
        let value = Fake.alphanumeric(40, seed: 1)
        let long = Fake.alphanumeric(300, seed: 2)
        let run = String(repeating: "password=\n", count: 2_000)
        let matcher = try EngineSample.matcher()
        #expect(try matcher.found(in: run + "api_token = \"\(value)\"\n" + run) == ["generic-secret: \(value)"])
        // Far from dense: the same long value is found at the head of the text, and in a text of its own.
        #expect(try matcher.found(in: "api_token = \"\(long)\"\n" + run) == ["generic-secret: \(long)"])
        #expect(try matcher.found(in: run + "api_token = \"\(long)\"\n" + run) == [])
    }

    @Test("A dump of long values, one after the other, is not dense")
    func longValues() throws {
        let values = (0..<1_200 as Range<UInt64>).map { Fake.alphanumeric(300, seed: $0) }
        let text = values.map { #"{"access_token":"\#($0)"},"# }.joined()
        #expect(try EngineSample.matcher().matches(in: text).count == values.count)
    }

    @Test("A name within a value that was read is read, too")
    func nameWithinValue() throws {
        let value = Fake.alphanumeric(24, seed: 1)
        let text = "secret = decrypt(token=\"\(value)\")\n"
        #expect(try EngineSample.matcher().found(in: text) == ["generic-secret: \(value)"])
    }
}
