// The judgement against its labelled sample, and single rules of it by table.

import Testing

@testable import Detection

/// What detection by names and URLs finds in a text: the bytes judged secret.
private func findings(in bytes: [UInt8]) -> [Range<Int>] {
    let span = bytes.span
    let folded = bytes.map(\.folded)
    var found: [Range<Int>] = []
    for start in bytes.indices {
        for anchor in Assignment.anchors {
            guard folded[start...].starts(with: anchor.utf8) else { continue }
            let hit = start..<(start + anchor.utf8.count)
            guard let parsed = Assignment.parse(name: hit, in: span) else { continue }
            let judged = Assignment.judge(parsed, in: span)
            if judged.valueClass == .secret || judged.valueClass == .connectionString { found.append(parsed.value) }
        }
        guard folded[start...].starts(with: "://".utf8),
            let url = URLPassword.parse(anchor: start..<(start + 3), in: span)
        else { continue }
        if URLPassword.judge(url, in: span, context: .quoted).valueClass == .connectionString {
            found.append(url.password)
        }
    }
    return found
}

@Suite struct `Judgement of code and configuration` {
    @Test func `finds nearly all leaked values`() {
        let lines = SampleLine.lines(of: codeLeaks)
        var missed: Set<String> = []
        var hits = 0
        for line in lines {
            guard let secret = line.secret else { continue }
            if findings(in: line.bytes).contains(where: { $0.overlaps(secret) }) {
                hits += 1
            } else {
                missed.insert("\(line.template)  -->  \(line)")
            }
        }
        let recall = Double(hits) / Double(lines.count)
        print("code: recall \(recall) of \(lines.count)")
        #expect(lines.allSatisfy { $0.secret != nil })
        #expect(recall >= 0.99, "missed: \(missed.sorted().joined(separator: "\n"))")
    }

    @Test func `marks exactly the value`() {
        for line in SampleLine.lines(of: codeLeaks, seeds: 1..<2) {
            guard let secret = line.secret, let found = findings(in: line.bytes).first(where: { $0.overlaps(secret) })
            else { continue }
            #expect(found.lowerBound <= secret.lowerBound && found.upperBound >= secret.upperBound, "\(line)")
        }
    }

    @Test func `leaves look-alikes alone`() {
        let lines = SampleLine.lines(of: codeLookAlikes, seeds: 1..<4)
        var flagged: Set<String> = []
        var wrong = 0
        for line in lines where !findings(in: line.bytes).isEmpty {
            wrong += 1
            flagged.insert(line.template)
        }
        print("code: \(wrong) of \(lines.count) look-alikes flagged")
        #expect(Double(wrong) / Double(lines.count) <= 0.005, "flagged: \(flagged.sorted().joined(separator: "\n"))")
    }
}

@Suite struct `Judgement of dotenv entries` {
    private struct Entry {
        let expected: ValueClass
        let key: [UInt8]
        let value: [UInt8]
        let text: String
    }

    private static func entries() -> [Entry] {
        SampleLine.lines(of: dotenvSample).compactMap { line in
            let parts = line.description.split(separator: " ", maxSplits: 1)
            let pair = parts[1].split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let expected = ValueClass(rawValue: String(parts[0])) else { return nil }
            return Entry(
                expected: expected, key: Array(pair[0].utf8), value: Array(pair[1].utf8), text: line.description)
        }
    }

    private static func judge(_ entry: Entry) -> ValueClass {
        ValueJudge.judge(key: entry.key.span, value: entry.value.span, in: .dotenv).valueClass
    }

    private static func isSensitive(_ valueClass: ValueClass) -> Bool {
        valueClass == .secret || valueClass == .connectionString
    }

    @Test func `finds nearly all secrets and flags nearly nothing else`() {
        let entries = Self.entries()
        let secrets = entries.filter { Self.isSensitive($0.expected) }
        let others = entries.filter { !Self.isSensitive($0.expected) }
        let missed = secrets.filter { !Self.isSensitive(Self.judge($0)) }
        let flagged = others.filter { Self.isSensitive(Self.judge($0)) }
        print("dotenv: missed \(missed.count) of \(secrets.count), flagged \(flagged.count) of \(others.count)")
        #expect(Double(missed.count) <= 0.01 * Double(secrets.count), "\(missed.map(\.text).joined(separator: "\n"))")
        #expect(Double(flagged.count) <= 0.01 * Double(others.count), "\(flagged.map(\.text).joined(separator: "\n"))")
    }

    @Test func `gives nearly every entry its exact class`() {
        let entries = Self.entries()
        let wrong = entries.filter { Self.judge($0) != $0.expected }
        let texts = wrong.map { "\(Self.judge($0).rawValue) for \($0.text)" }
        #expect(Double(wrong.count) <= 0.02 * Double(entries.count), "\(texts.joined(separator: "\n"))")
    }
}
