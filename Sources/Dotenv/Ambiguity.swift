// Whether dialects disagree on an entry, and why, in words that give away nothing of the value.

extension DotenvDocument {
    /// Whether the dialects disagree on the value. A bare `KEY` has none to disagree on.
    package func isAmbiguous(_ entry: Entry) -> Bool {
        isAmbiguous(entry, among: Dialect.allCases)
    }

    /// The same for the dialects that a project uses: no one who never sources the file minds what a shell makes of it.
    package func isAmbiguous(_ entry: Entry, among dialects: [Dialect]) -> Bool {
        guard entry.hasSeparator, let first = dialects.first, !isPlain(entry) else { return false }
        let expected = reading(of: entry, in: first)
        return dialects.dropFirst().contains { reading(of: entry, in: $0) != expected }
    }

    /// A short sentence on why the dialects disagree, without a byte of the value: "node reads the `#` differently".
    /// Nil when they agree.
    package func ambiguity(_ entry: Entry) -> String? {
        ambiguity(entry, among: Dialect.allCases)
    }

    /// The same for some dialects.
    package func ambiguity(_ entry: Entry, among dialects: [Dialect]) -> String? {
        guard isAmbiguous(entry, among: dialects) else { return nil }
        let readings = dialects.map { (dialect: $0, reading: reading(of: entry, in: $0)) }
        let counts = readings.reduce(into: [Reading: Int]()) { $0[$1.reading, default: 0] += 1 }
        // What most dialects read, a value before a refusal, is what the others differ from.
        let usual = readings.max { first, second in
            let (one, other) = (counts[first.reading] ?? 0, counts[second.reading] ?? 0)
            return (first.reading.isValue ? 1 : 0, one) < (second.reading.isValue ? 1 : 0, other)
        }
        return readings.filter { $0.reading != usual?.reading }
            .map { "\($0.dialect.rawValue) \(difference(of: entry, in: $0.dialect, $0.reading))" }
            .joined(separator: "; ")
    }

    /// The ordinary case, which needs no reading: `KEY=value` of letters, digits and a few harmless marks.
    private func isPlain(_ entry: Entry) -> Bool {
        guard entry.separator == .equals, entry.quote == .none, entry.commentSpan == nil,
            entry.separatorOffset(in: text) == entry.keySpan.upperBound,
            entry.tail(in: text, keepingReturn: true) == entry.rawValueSpan, !followsMark(entry)
        else { return false }
        return text[entry.keySpan].allSatisfy { Byte.isWord($0) } && !Byte.isDigit(text[entry.keySpan.lowerBound])
            && !ShellReader.readOnlyNames.contains(entry.key)
            && text[entry.valueSpan].allSatisfy { Byte.isWord($0) || "-./:@%+,=".utf8.contains($0) }
    }

    private func difference(of entry: Entry, in dialect: Dialect, _ reading: Reading) -> String {
        switch reading {
        case .absent: "does not define the key"
        case .invalid(let reason): reason
        case .expands: "expands a part of the value"
        case .value: "reads the \(feature(of: entry, in: dialect)) differently"
        }
    }

    private func feature(of entry: Entry, in dialect: Dialect) -> String {
        let bytes = text[entry.tail(in: text, keepingReturn: dialect == .shell)]
        if dialect == .shell, bytes.last == Byte.carriageReturn { return "carriage return at the end" }
        if entry.quote == .backtick { return "backticks" }
        if bytes.contains(Byte.backslash) { return "`\\`" }
        if bytes.contains(Byte.hash) { return "`#`" }
        if bytes.contains(Byte.dollar) { return "`$`" }
        if bytes.contains(where: Byte.isQuote) { return "quotes" }
        return bytes.contains(Byte.carriageReturn) ? "carriage return" : "value"
    }
}

extension Reading {
    fileprivate var isValue: Bool {
        if case .value = self { true } else { false }
    }
}
