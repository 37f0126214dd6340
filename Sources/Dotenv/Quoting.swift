// Writes a value so that one dialect, or all of them, reads back exactly that value.

/// The quoting of values for a dotenv file.
package enum Quoting {
    /// What to put after `KEY=` so that `dialect` reads `value`; nil when it cannot be written at all, such as a NUL
    /// byte for the shell or `${…}` for python-dotenv.
    ///
    /// Whatever all dialects agree on comes first: no quotes for plain values, then single quotes.
    package static func quoted(_ value: [UInt8], for dialect: Dialect) -> [UInt8]? {
        quoted(value, forAll: [dialect])
    }

    /// The same for several dialects at once.
    package static func quoted(_ value: [UInt8], forAll dialects: [Dialect]) -> [UInt8]? {
        candidates(for: value, dialects: dialects).first { candidate in
            dialects.allSatisfy { isRead(candidate, as: value, in: $0) }
        }
    }

    /// What may stand further down: a quote after a backslash, as in `'C:\'`, closes only if no later line has one at
    /// its end, which the second line of another value may.
    private static let rests = [
        "", "B='b'\nC=\"c\"\nD=`d`\n", "B='\n'\nC=\"\n\"\nD=`\n`\n", "B=b\\'\nC=c\\\"\nD=d\\`\n",
    ]

    /// Whether an entry with `candidate` is read as `value`, both alone and with quotes further down in the file, where
    /// a closing quote might be found too late.
    private static func isRead(_ candidate: [UInt8], as value: [UInt8], in dialect: Dialect) -> Bool {
        rests.allSatisfy { rest in
            let line = Array("A=".utf8) + candidate + [Byte.lineFeed]
            let document = DotenvDocument(parsing: line + Array(rest.utf8))
            guard let entry = document.entries.first, entry.span == 0..<line.count else { return false }
            return document.reading(of: entry, in: dialect) == .value(value)
        }
    }

    private static func candidates(for value: [UInt8], dialects: [Dialect]) -> [[UInt8]] {
        let isPlain = value.allSatisfy { Byte.isWord($0) || "-./:@%+,=".utf8.contains($0) }
        var candidates: [[UInt8]] = isPlain && !value.isEmpty ? [value] : []
        candidates.append(enclosed(value, in: Byte.singleQuote))
        for dialect in dialects { candidates += escaped(value, for: dialect) }
        candidates.append(enclosed(value, in: Byte.doubleQuote))
        candidates.append(enclosed(value, in: Byte.backtick))
        candidates.append(value)
        return candidates
    }

    private static func escaped(_ value: [UInt8], for dialect: Dialect) -> [[UInt8]] {
        let lines: [UInt8: String] = [Byte.lineFeed: "\\n", Byte.carriageReturn: "\\r"]
        let quotes: [UInt8: String] = [Byte.backslash: "\\\\", Byte.doubleQuote: "\\\""]
        switch dialect {
        case .node:
            return [
                enclosed(replacing([Byte.carriageReturn: "\\r"], in: value), in: Byte.doubleQuote),
                enclosed(replacing(lines, in: value), in: Byte.doubleQuote),
            ]
        case .python:
            let single = [Byte.backslash: "\\\\", Byte.singleQuote: "\\'"]
            return [
                enclosed(replacing(single, in: value), in: Byte.singleQuote),
                enclosed(replacing(quotes, in: value), in: Byte.doubleQuote),
                enclosed(replacing(quotes.merging(lines) { $1 }, in: value), in: Byte.doubleQuote),
            ]
        case .compose:
            let all = quotes.merging(lines) { $1 }.merging([Byte.dollar: "\\$"]) { $1 }
            return [enclosed(replacing(all, in: value), in: Byte.doubleQuote)]
        case .shell:
            let all = quotes.merging([Byte.dollar: "\\$", Byte.backtick: "\\`"]) { $1 }
            return [enclosed(replacing(all, in: value), in: Byte.doubleQuote)]
        }
    }

    private static func enclosed(_ value: [UInt8], in quote: UInt8) -> [UInt8] {
        [quote] + value + [quote]
    }

    private static func replacing(_ replacements: [UInt8: String], in value: [UInt8]) -> [UInt8] {
        value.flatMap { byte in replacements[byte].map { Array($0.utf8) } ?? [byte] }
    }
}
