// What the entries of one key come to in the dialects that count, or why they come to nothing.

import Dotenv
import JSON
import Secrets

struct EntryJudgement {
    let document: DotenvDocument
    /// All with the same key, in the order of the file; never empty, each with a separator.
    let entries: [Entry]
    let options: DotenvImport.Options

    /// What one dialect makes of them: the last entry that defines the key is the one that counts.
    private struct Verdict {
        let dialect: Dialect
        let entry: Entry
        let reading: Reading
    }

    func outcome() -> Result<DotenvImport.Item, DotenvImportError.Refusal> {
        let verdicts = options.dialects.compactMap(verdict)
        guard let first = verdicts.first, let last = entries.last else { return .failure(refusal(.unreadable([]))) }
        // Node puts U+FFFD where bytes are no text; such a value would be stored wrong without a word.
        guard verdicts.allSatisfy({ isText($0.entry) }) else { return .failure(refusal(.notUTF8)) }

        var holdsReference = false
        let readings = verdicts.map { verdict in
            if options.keepsReferences, case .expands = verdict.reading, let written = asWritten(verdict.entry) {
                holdsReference = true
                return Reading.value(written)
            }
            return verdict.reading
        }
        guard readings.allSatisfy({ $0 == readings[0] }), verdicts.allSatisfy({ $0.entry == first.entry }) else {
            return .failure(refusal(.ambiguous(descriptions(verdicts))))
        }
        switch readings[0] {
        case .expands: return .failure(refusal(.references))
        case .absent, .invalid: return .failure(refusal(.unreadable(descriptions(verdicts))))
        case .value(let value):
            guard !value.contains(0) else { return .failure(refusal(.nul)) }
            let item = DotenvImport.Item(
                key: last.key, value: SharedSecret(copying: value), line: first.entry.line,
                state: value.isEmpty ? .empty : .present,
                overruledLines: entries.filter { $0 != first.entry }.map(\.line), holdsReference: holdsReference)
            return .success(item)
        }
    }

    private func verdict(in dialect: Dialect) -> Verdict? {
        for entry in entries.reversed() {
            let reading = document.reading(of: entry, in: dialect)
            if reading != .absent { return Verdict(dialect: dialect, entry: entry, reading: reading) }
        }
        return entries.last.map { Verdict(dialect: dialect, entry: $0, reading: .absent) }
    }

    private func refusal(_ reason: DotenvImportError.Refusal.Reason) -> DotenvImportError.Refusal {
        DotenvImportError.Refusal(key: entries.last?.key ?? "", line: entries.last?.line ?? 0, reason: reason)
    }

    /// Whether the entry's bytes are UTF-8. In what was UTF-16, U+FFFD stands for half a surrogate pair.
    private func isText(_ entry: Entry) -> Bool {
        let bytes = document.text[entry.span]
        switch document.encoding {
        case .utf8: return true
        case .latin1: return bytes.withUnsafeBufferPointer { JSONWriter.isText(Span(_unsafeElements: $0)) }
        case .utf16LittleEndian, .utf16BigEndian:
            return !zip(zip(bytes, bytes.dropFirst()), bytes.dropFirst(2)).contains { pair, third in
                pair.0 == 0xEF && pair.1 == 0xBF && third == 0xBD
            }
        }
    }

    /// The value inside its quotes, when nothing but the references would read differently there.
    private func asWritten(_ entry: Entry) -> [UInt8]? {
        guard entry.quote != .backtick else { return nil }
        let value = document.text[entry.valueSpan]
        let marks = Set("\\`".utf8).union(entry.quote == .none ? "'\"#".utf8 : "".utf8)
        return value.contains(where: marks.contains) ? nil : Array(value)
    }
}

extension EntryJudgement {
    private func descriptions(_ verdicts: [Verdict]) -> [DialectReading] {
        verdicts.map { verdict in
            // Another line is another matter: only readings of the same one are compared.
            let readings = verdicts.filter { $0.entry == verdict.entry }.map(\.reading)
            return DialectReading(dialect: verdict.dialect, kind: kind(of: verdict, among: readings))
        }
    }

    private func kind(of verdict: Verdict, among readings: [Reading]) -> DialectReading.Kind {
        switch verdict.reading {
        case .absent: return .doesNotDefine
        case .invalid(let reason): return .refuses(reason)
        case .expands: return .expands
        case .value(let value):
            if verdict.entry != entries.last { return .takesEarlierEntry }
            for reading in readings {
                if case .value(let other) = reading, other != value { return Self.difference(of: value, from: other) }
            }
            return .plain
        }
    }

    private static func difference(of value: [UInt8], from other: [UInt8]) -> DialectReading.Kind {
        let hash = UInt8(ascii: "#")
        if other.contains(hash), !value.contains(hash) || value.count < other.count, other.starts(with: value) {
            return .cutsAtHash
        }
        if value.contains(hash), value.starts(with: other), !value.dropFirst(other.count).allSatisfy(isReturn) {
            return .keepsHash
        }
        if isReturn(value.last), value.dropLast() == other[...] { return .keepsCarriageReturn }
        if isReturn(other.last), other.dropLast() == value[...] { return .dropsCarriageReturn }
        if isQuoted(other, value) { return .dropsQuotes }
        if isQuoted(value, other) { return .keepsQuotes }
        let backslashes = { (bytes: [UInt8]) in bytes.count { $0 == UInt8(ascii: "\\") } }
        if backslashes(value) < backslashes(other) { return .decodesEscapes }
        return backslashes(value) > backslashes(other) ? .keepsBackslashes : .differs
    }

    private static func isReturn(_ byte: UInt8?) -> Bool { byte == UInt8(ascii: "\r") }

    /// Whether the one is the other in quotes.
    private static func isQuoted(_ outer: [UInt8], _ inner: [UInt8]) -> Bool {
        guard let first = outer.first, "'\"`".utf8.contains(first), outer.count >= 2 else { return false }
        return outer.last == first && outer.dropFirst().dropLast() == inner[...]
    }
}
