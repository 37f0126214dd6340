// What each dialect reads, case by case, as measured on motdotla's dotenv 16, python-dotenv 1.2.2, Docker Compose 2.40.3
// and bash 5.2.

import Testing

@testable import Dotenv

struct DialectTests {
    @Test("Each dialect reads what its implementation was measured to read", arguments: measuredRows)
    func readings(row: MeasuredRow) throws {
        let document = DotenvDocument(parsing: Array(row.input.utf8) + [0x0A])
        #expect(document.nodes.count == 1)
        let entry = try #require(document.entries.first)
        for (dialect, outcome) in zip(Dialect.allCases, row.outcomes) {
            #expect(Outcome(document.reading(of: entry, in: dialect)) == outcome, "\(dialect)")
        }
    }

    @Test("An entry is ambiguous, with a reason, exactly when dialects disagree", arguments: measuredRows)
    func ambiguity(row: MeasuredRow) throws {
        let document = DotenvDocument(parsing: Array(row.input.utf8) + [0x0A])
        let entry = try #require(document.entries.first)
        #expect(document.isAmbiguous(entry) == (Set(row.outcomes).count > 1))
        #expect((document.ambiguity(entry) != nil) == document.isAmbiguous(entry))
    }

    @Test("The last line is read the same without a line ending", arguments: measuredRows)
    func missingLineEnding(row: MeasuredRow) throws {
        // A carriage return at the very end is no part of a line ending then, and was not measured.
        guard row.input.utf8.last != UInt8(ascii: "\r") else { return }
        let document = DotenvDocument(parsing: Array(row.input.utf8))
        let entry = try #require(document.entries.first)
        for (dialect, outcome) in zip(Dialect.allCases, row.outcomes) {
            #expect(Outcome(document.reading(of: entry, in: dialect)) == outcome, "\(dialect)")
        }
    }
}

/// A reading without the wording of a refusal.
enum Outcome: Hashable, Sendable {
    case reads(String), absent, refuses, expands([String])

    init(_ reading: Reading) {
        self =
            switch reading {
            case .value(let bytes): .reads(String(decoding: bytes, as: UTF8.self))
            case .absent: .absent
            case .invalid: .refuses
            case .expands(let names): .expands(names)
            }
    }
}

struct MeasuredRow: Sendable, CustomTestStringConvertible {
    let input: String
    /// In the order of `Dialect.allCases`.
    let outcomes: [Outcome]

    init(_ input: String, node: Outcome, python: Outcome, compose: Outcome, shell: Outcome) {
        self.input = input
        outcomes = [node, python, compose, shell]
    }

    init(_ input: String, all: Outcome) {
        self.init(input, node: all, python: all, compose: all, shell: all)
    }

    var testDescription: String { input.debugDescription }
}
