// What the judgement reads at most, and values that used to slip through it.

import Testing

@testable import Detection

private func place(of literal: StaticString, in bytes: [UInt8]) -> Int? { bytes.span.place(of: literal) }

private func assignment(_ hit: Range<Int>, in bytes: [UInt8]) -> Assignment.Parsed? {
    Assignment.parse(name: hit, in: bytes.span)
}

private func judgement(_ parsed: Assignment.Parsed, in bytes: [UInt8]) -> ValueClass {
    Assignment.judge(parsed, in: bytes.span).valueClass
}

private func judgement(key: String, value: String, in context: ValueContext) -> ValueClass {
    ValueJudge.judge(key: Array(key.utf8).span, value: Array(value.utf8).span, in: context).valueClass
}

private func connection(_ value: String, steps: inout Int) -> ValueClass? {
    ConnectionString.judge(Array(value.utf8).span, in: .dotenv, steps: &steps)?.valueClass
}

private func referenceReason(_ value: String) -> String? { Reference.reason(Array(value.utf8).span) }

@Suite struct `Connection strings` {
    @Test(arguments: ["?pass=", "?key=", "pass=http?", " key='", " token={", ";auth=?sig=", "password=true?"])
    func `cost twice the work at twice the length`(unit: String) {
        var once = 0
        var twice = 0
        _ = connection(String(repeating: unit, count: 500), steps: &once)
        _ = connection(String(repeating: unit, count: 1000), steps: &twice)
        #expect(once > 0)
        #expect(twice <= 2 * once + unit.utf8.count)
        // Seventeen names, each of which reads a byte once at most.
        #expect(twice <= 17 * 1000 * unit.utf8.count)
    }

    @Test(arguments: 1..<10)
    func `hold the password wherever it stands`(seed: UInt64) {
        var values = FakeValues(seed: seed &* 7919)
        let secret = values.text(FakeValues.alphanumeric, 32)
        var steps = 0
        for value in [
            "Server=db;Password=\(secret)", "password=\(secret);x=y", "pass=;Password=\(secret)",
            "key=true;key=\(secret)", "token=https://host.io/?token=\(secret)", "mypass=x;pass='\(secret)'",
        ] {
            #expect(connection(value, steps: &steps) == .connectionString, "\(value)")
        }
        #expect(connection("Server=db;User=\(secret)", steps: &steps) == nil)
    }
}

@Suite struct `Reach of an assignment` {
    /// The first place of each word of `Assignment.anchors` in `line`.
    private static func hits(in line: [UInt8]) -> [Range<Int>] {
        let folded = line.map(\.folded)
        return Assignment.anchors.compactMap { anchor in
            folded.indices.first { folded[$0...].starts(with: anchor.utf8) }.map { $0..<($0 + anchor.utf8.count) }
        }
    }

    private static func shifted(_ range: Range<Int>, by offset: Int) -> Range<Int> {
        (range.lowerBound + offset)..<(range.upperBound + offset)
    }

    private static let lines =
        SampleLine.lines(of: codeLeaks, seeds: 1..<2).map(\.bytes)
        + [
            "variable \"password\" {", "\"password\" value", "char password[", "name=\"password\" value=\"",
            "password: ",
            "name: password", "<password", "password =\n", "password = \"", "--password ", "//host.io/:_password=",
            "<key>password</key>", "config(\"password\", default=", "password ",
        ].map { Array($0.utf8) }

    @Test(arguments: [" ", "\n", "x", "7", "/", "\"", "x "])
    func `is a true bound on either side`(filler: String) {
        let reach = Assignment.reach
        let fill = Array(String(repeating: filler, count: reach).utf8.prefix(reach))
        for line in Self.lines {
            for hit in Self.hits(in: line) {
                // `reach` bytes on either side of the word, and then anything.
                let before = fill.dropFirst(hit.lowerBound) + line[..<hit.lowerBound]
                let after = line[hit.upperBound...] + fill
                let near = Array(before) + line[hit] + after.prefix(reach)
                let inNear = reach - (before.count < reach ? reach - before.count : 0)
                let word = inNear..<(inNear + hit.count)
                let expected = assignment(word, in: near)
                for outside in ["x", "\"", "\n", " ", "//"] {
                    let more = Array(outside.utf8)
                    let got = assignment(Self.shifted(word, by: more.count), in: more + near + more)
                    #expect(got?.value == expected.map { Self.shifted($0.value, by: more.count) })
                    #expect(got?.key == expected.map { Self.shifted($0.key, by: more.count) })
                }
            }
        }
    }

    /// The longest of each part: what stands between the name and its value, and the end of the value.
    @Test(arguments: [
        ("variable \"§\" {" + String(repeating: " ", count: 300) + " default = \"", "\""),
        (
            "§" + String(repeating: " ", count: 60) + "=" + String(repeating: " ", count: 60) + "\\\r\n    \"\"\"",
            "\"\"\""
        ),
        ("- name: \"§\"" + String(repeating: " ", count: 80) + "\n  value: \"", "\""),
        ("<x name=\"§\"" + String(repeating: " ", count: 90) + ">\n     <value><![CDATA[", "]]></value>"),
    ])
    func `holds the longest value after the longest gap`(opening: String, closing: String) throws {
        let name = "password" + String(repeating: "x", count: Assignment.nameLimit - 1)
        let value = String(repeating: "v", count: Assignment.valueLimit - 1)
        let text = Array((opening.replacing("§", with: name) + value + closing).utf8)
        let start = try #require(place(of: "password", in: text))
        let parsed = try #require(assignment(start..<(start + 8), in: text))
        #expect(parsed.value.count == value.utf8.count)
        #expect(parsed.value.upperBound - start - 8 < Assignment.reach)
    }
}

@Suite struct `Keys of npmrc files` {
    /// `«…»` is the value.
    @Test(arguments: [
        "//registry.host.io/:_authToken=«{uuid}»", "//registry.host.io/:_authToken=«{an:36}»⏎always-auth=true",
        "//registry.host.io/:_authToken = «{an:36}»", "//localhost:4873/:_authToken=\"«{an:36}»\"",
        "x=y⏎//host.io/npm/:_password=«{b64:22}==»⏎", "//host.io/npm/:_password = «{b64:22}==»",
        "//host.io/npm/:_password=«/{an:21}==»",
        "  //host.io/a/_packaging/b%40c/npm/registry/:_password=«{b64:70}==»",
        "RUN echo \"//registry.host.io/:_authToken=«{uuid}»\" > .npmrc",
        "RUN echo '//registry.host.io/:_authToken=«{an:36}»' > .npmrc",
        "printf \"registry=https://host.io\\n//host.io/:_authToken=«{an:36}»\\n\" > .npmrc",
        "npm config set //registry.host.io/:_authToken «{an:36}»", "npm set \"//host.io/:_authToken\" \"«{an:36}»\"",
        "\"//registry.host.io/:_authToken\": \"«{an:36}»\"", "npm config set '//host.io/:_authToken=«{uuid}»'",
    ])
    func `are read behind the address of a registry`(template: String) throws {
        for seed in UInt64(1)..<20 {
            let line = SampleLine(template[...], seed: seed &* 7919)
            let secret = try #require(line.secret)
            let start = try #require(place(of: "_authtoken", in: line.bytes) ?? place(of: "_password", in: line.bytes))
            let parsed = try #require(assignment((start + 1)..<(start + 6), in: line.bytes), "\(line)")
            #expect(parsed.value == secret, "\(line)")
            #expect(parsed.key.lowerBound == start)
            #expect(judgement(parsed, in: line.bytes) == .secret, "\(line)")
        }
    }

    @Test(arguments: [
        "//host.io/:_authToken=${NPM_TOKEN}", "//host.io/:_authToken=$NPM_TOKEN", "//host.io/:_authToken=<token>",
        "//host.io/:_authToken == other", "//host.io/:_authToken is read", "https://host.io/x/:_authToken/y",
        "\"//host.io/:_authToken\": true,", "//host.io/:_authToken=", "npm config get //host.io/:_authToken value",
    ])
    func `hold no secret where none is given`(line: String) throws {
        let line = Array(line.utf8)
        let start = try #require(place(of: "_authtoken", in: line))
        if let parsed = assignment((start + 1)..<(start + 10), in: line) {
            #expect(judgement(parsed, in: line) != .secret)
        }
    }
}

@Suite struct `Base64 keys that open with a slash` {
    /// Lines with the greatest share of keys that may be missed, in percent.
    private static let templates: [(String, Int)] = [
        ("AccountKey=«/{b64:85}==»", 1), ("a=b;AccountKey=«/{b64:85}==»;EndpointSuffix=core.host.io", 1),
        ("SharedAccessKey=«/{b64:42}=»", 1), ("x = \"Endpoint=sb://h.io;SharedAccessKey=«/{b64:42}=»\"", 1),
        ("accountKey: «/{b64:85}==»", 1), ("secret_access_key = «/{b64:39}»", 1), ("secret_key = \"«//{b64:41}=»\"", 1),
        // One key in thousands holds so many slashes, and the shorter a stretch, the easier it reads like a word.
        ("SharedAccessKey=«/{an:8}/{an:7}+{an:3}/{an:9}//{an:6}/{an:4}=»", 10),
        ("secret_key=«/{an:11}/{an:12}/{an:14}»", 3),
    ]

    @Test(arguments: templates)
    func `are no paths`(template: String, percentMissed: Int) throws {
        let seeds = UInt64(1)..<401
        var missed: [String] = []
        for seed in seeds {
            let line = SampleLine(template[...], seed: seed &* 7919)
            let start = try #require(
                place(of: "accountkey", in: line.bytes) ?? place(of: "sharedaccesskey", in: line.bytes)
                    ?? place(of: "secret", in: line.bytes))
            guard let parsed = assignment(start..<(start + 6), in: line.bytes), parsed.value == line.secret,
                judgement(parsed, in: line.bytes) == .secret
            else {
                missed.append("\(line)")
                continue
            }
        }
        #expect(missed.count * 100 <= percentMissed * seeds.count, "\(missed.joined(separator: "\n"))")
    }

    @Test func `are found in connection strings`() {
        var missed: [String] = []
        for seed in UInt64(1)..<401 {
            var values = FakeValues(seed: seed &* 7919)
            let key = "/" + values.text(FakeValues.alphanumeric + "+/", 42) + "="
            let text = "Endpoint=sb://h.host.io/;SharedAccessKeyName=Root;SharedAccessKey=" + key
            if judgement(key: "SERVICE_BUS", value: text, in: .dotenv) != .connectionString { missed.append(text) }
        }
        #expect(missed.count <= 4, "\(missed.joined(separator: "\n"))")
    }

    @Test(arguments: [
        "/Applications/Xcode16/Contents/Developer/usr/bin/swift",
        "/Library/Java/JavaVirtualMachines/Jdk17/Contents/Home",
        "/Users/Shared/Project2024/Configuration/AccessKeys", "/opt/App1/Releases/20240131120000/Config/SecretKeys",
        "/var/lib/secrets/production/database/password/current",
        "/Home/Jane/Cache/Keys/0f3c9a7be2d84516a0b1c2d3e4f50617",
        "/SubscriptionKeys/ResourceGroups/Production1/VaultSecrets",
        "/MyCompany/MyProduct/Prod2/Database/MasterPassword",
        "/api/v2/Accounts/Credentials/RefreshToken/Validate1",
    ])
    func `are told from paths`(path: String) {
        for context in [ValueContext.dotenv, .quoted, .unquoted] {
            #expect(judgement(key: "SECRET_KEY", value: path, in: context) == .configuration)
        }
        let line = Array("secret_key = \(path)\n".utf8)
        if let parsed = assignment(0..<6, in: line) { #expect(judgement(parsed, in: line) == .configuration) }
    }
}

@Suite struct `References` {
    @Test(arguments: ["a${b", "${${}", "$(x) ${", "{{ ${a}", "<% #{b}", "{{a}}", "<%= a %>", "%(a)s", "$( {{x}}"])
    func `need the end of their braces`(value: String) {
        let isClosed = value.contains("}") || value.contains(")") || value.contains("%>")
        #expect((referenceReason(value) != nil) == isClosed)
    }
}
