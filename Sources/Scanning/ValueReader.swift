// One worker's eyes: bytes in, hits out. Values are looked at here and never leave.

import Crypto
import Detection
import Dotenv

/// Finds secrets in bytes and names them. Each worker has its own.
final class ValueReader {
    private let matcher: Matcher
    private let rules: [Rule]
    private let genericRule: Int
    private let connectionRule: Int
    /// Fingerprints of short values cost thousands of hashes, and the versions of a file repeat its values.
    /// The keys are digests: no value is kept.
    private var known: [SHA256Digest: Fingerprint] = [:]
    private(set) var secrets: [SecretKey: SecretSummary] = [:]
    /// Bytes seen so far.
    private(set) var byteCount = 0

    init(_ compiled: CompiledRules) throws {
        matcher = try Matcher(compiled)
        rules = compiled.ruleSet.rules
        genericRule = compiled.ruleSet.genericRule
        connectionRule = compiled.ruleSet.connectionRule
    }

    /// The hits in any bytes. Those that seem to be UTF-16 are searched as such too: two bytes are no proof.
    func hits(in bytes: UnsafeRawBufferPointer) throws -> [Hit] {
        let found = try hits(inPlain: bytes)
        guard let encoding = TextEncoding.utf16(in: bytes) else { return found }
        let more = try hits(in: UTF16Text(bytes, encoding))
        return (found + more).sorted { $0.range.lowerBound < $1.range.lowerBound }
    }

    /// The hits in a text, at their places in its original bytes; line and column are those of the text.
    func hits(in text: UTF16Text) throws -> [Hit] {
        try text.utf8.withUnsafeBytes { decoded in
            var lines = LineCounter(decoded)
            return try matcher.matches(in: decoded).map { match in
                let start = text.originalOffset(match.value.lowerBound)
                let end = text.originalOffset(match.value.upperBound)
                let (line, column) = lines.position(of: match.value.lowerBound)
                return Hit(secret: note(match, in: decoded), range: start..<end, line: line, column: column)
            }
        }
    }

    /// The hits in bytes as they are, whatever their encoding.
    func hits(inPlain bytes: UnsafeRawBufferPointer) throws -> [Hit] {
        byteCount += bytes.count
        let matches = try matcher.matches(in: bytes)
        guard !matches.isEmpty else { return [] }
        var lines = LineCounter(bytes)
        return matches.map { match in
            let (line, column) = lines.position(of: match.value.lowerBound)
            return Hit(secret: note(match, in: bytes), range: match.value, line: line, column: column)
        }
    }

    /// The hits and the classified entries of a dotenv file.
    func readDotenv(_ bytes: UnsafeRawBufferPointer) throws -> DotenvSighting {
        byteCount += bytes.count
        let document = DotenvDocument(parsing: Array(bytes))
        return try document.text.withUnsafeBytes { text in
            let matches = try matcher.matches(in: text)
            var sighting = DotenvSighting(entries: [], hits: [])
            func add(_ secret: SecretKey, _ range: Range<Int>) {
                let (line, column) = document.position(of: range.lowerBound)
                sighting.hits.append(
                    Hit(secret: secret, range: document.originalRange(of: range), line: line, column: column))
            }
            // Entries and matches both come in order of place.
            var next = 0
            // Where the last match ended: a block of several lines reaches into the entries that follow.
            var previousEnd = 0
            for entry in document.entries {
                while next < matches.count, matches[next].value.upperBound <= entry.span.lowerBound {
                    previousEnd = max(previousEnd, matches[next].value.upperBound)
                    // In a comment or a broken line: a value that was commented out is still a value.
                    add(note(matches[next], in: text), matches[next].value)
                    next += 1
                }
                var specific: [(match: Match, secret: SecretKey)] = []
                var isInsideSecret = previousEnd > entry.keySpan.lowerBound
                while next < matches.count, matches[next].value.lowerBound < entry.span.upperBound {
                    let match = matches[next]
                    next += 1
                    previousEnd = max(previousEnd, match.value.upperBound)
                    if match.value.overlaps(entry.keySpan) {
                        // A line of a key block that happens to hold `=`: its "name" is a part of the secret.
                        add(note(match, in: text), match.value)
                        isInsideSecret = true
                        continue
                    }
                    // The entry's own judgement is better than what was guessed from its line.
                    if rules[match.rule].isGeneric || match.verdict == .placeholder { continue }
                    specific.append((match, note(match, in: text, name: entry.key, isDotenvValue: true)))
                }
                if isInsideSecret || isKeyMaterial(entry, text) { continue }
                for (match, secret) in specific { add(secret, match.value) }
                let ambiguity = document.ambiguity(entry)
                let isAmbiguous = ambiguity != nil
                func withDoubt(_ reason: String) -> String { ambiguity.map { "\(reason); \($0)" } ?? reason }
                if let (match, secret) = specific.first {
                    sighting.entries.append(
                        DotenvEntrySighting(
                            key: entry.key, valueClass: valueClass(of: match),
                            reason: withDoubt(rules[match.rule].title),
                            isAmbiguous: isAmbiguous, secret: secret))
                    continue
                }
                let judgement = judgement(of: entry, in: text)
                var secret: SecretKey?
                if let rule = rule(for: judgement.valueClass) {
                    let key = note(
                        Match(rule: rule, value: entry.valueSpan, verdict: .wellFormed), in: text, name: entry.key,
                        reason: judgement.reason, isDotenvValue: true)
                    add(key, entry.valueSpan)
                    secret = key
                }
                sighting.entries.append(
                    DotenvEntrySighting(
                        key: entry.key, valueClass: judgement.valueClass, reason: withDoubt(judgement.reason),
                        isAmbiguous: isAmbiguous, secret: secret))
            }
            for match in matches[next...] { add(note(match, in: text), match.value) }
            return sighting
        }
    }
}

extension ValueReader {
    /// Whether an entry is really a line of Base64 that ends in `=`, whose "name" must not be shown.
    private func isKeyMaterial(_ entry: Entry, _ text: UnsafeRawBufferPointer) -> Bool {
        let value = text[entry.rawValueSpan]
        guard value.isEmpty || value.elementsEqual([UInt8(ascii: "=")]), entry.keySpan.count >= 8 else { return false }
        let key = text[entry.keySpan]
        let hasLower = key.contains { (0x61...0x7A).contains($0) }
        let hasUpper = key.contains { (0x41...0x5A).contains($0) }
        return value.count == 1 || (hasLower && hasUpper && key.contains { (0x30...0x39).contains($0) })
    }

    private func judgement(of entry: Entry, in text: UnsafeRawBufferPointer) -> Judgement {
        guard !entry.valueSpan.isEmpty else { return Judgement(.empty, "no value") }
        let key = Array(entry.key.utf8)
        let value = UnsafeRawBufferPointer(rebasing: text[entry.valueSpan]).assumingMemoryBound(to: UInt8.self)
        return ValueJudge.judge(key: key.span, value: value.span, in: .dotenv)
    }

    private func rule(for valueClass: ValueClass) -> Int? {
        switch valueClass {
        case .secret: genericRule
        case .connectionString: connectionRule
        case .publicByDesign, .configuration, .placeholder, .reference, .empty: nil
        }
    }

    private func valueClass(of match: Match) -> ValueClass {
        switch match.verdict {
        case .placeholder: .placeholder
        case .publicByDesign: .publicByDesign
        case .checked, .wellFormed, .checkFailed:
            if case .urlPassword = rules[match.rule].confirmation { .connectionString } else { .secret }
        }
    }

    /// Notes what may be told of a matched value, and returns its name.
    private func note(
        _ match: Match, in text: UnsafeRawBufferPointer, name: String? = nil, reason: String? = nil,
        isDotenvValue: Bool = false
    ) -> SecretKey {
        let rule = rules[match.rule]
        let buffer = UnsafeRawBufferPointer(rebasing: text[match.value]).assumingMemoryBound(to: UInt8.self)
        let value = buffer.span
        let key = SecretKey(rule: match.rule, fingerprint: fingerprint(of: value, rule))
        let name = name ?? match.key.map { String(decoding: text[$0].prefix(Self.longestName), as: UTF8.self) }
        let summary = SecretSummary(
            verdict: match.verdict, mask: Mask.of(value, rule), name: name,
            reason: reason ?? rule.reason(match.verdict),
            isDotenvValue: isDotenvValue, trace: ValueTrace(UnsafeRawBufferPointer(buffer)))
        secrets.note(summary, for: key)
        return key
    }

    private func fingerprint(of value: Span<UInt8>, _ rule: Rule) -> Fingerprint {
        if Fingerprint.rounds(for: value.count) == 1 { return Fingerprint(rule: rule.id, value: value) }
        var hash = SHA256()
        hash.update(data: Array(rule.id.utf8) + [0])
        value.withUnsafeBytes { hash.update(bufferPointer: $0) }
        let digest = hash.finalize()
        if let fingerprint = known[digest] { return fingerprint }
        let fingerprint = Fingerprint(rule: rule.id, value: value)
        known[digest] = fingerprint
        return fingerprint
    }

    /// Names longer than this are cut: no real one is.
    private static let longestName = 64
}

extension Rule {
    var isGeneric: Bool {
        if case .genericAssignment = confirmation { true } else { false }
    }

    /// Why a match counts, where nothing more was said of it.
    func reason(_ verdict: Verdict) -> String {
        switch verdict {
        case .checked: "the format of \(title), and its built-in check holds"
        case .wellFormed:
            isGeneric ? "a name that speaks of secrets, and a value that looks like one" : "the format of \(title)"
        case .checkFailed: "the format of \(title), but its built-in check fails: perhaps made up"
        case .placeholder: "a stand-in for a real value"
        case .publicByDesign: "meant to be seen by anybody"
        }
    }
}
