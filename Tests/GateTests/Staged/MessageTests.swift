// Messages of commits, and the lists that git hands to `pre-push`.

import Git
import Scanning
import Settings
import TestRepositories
import Testing

@testable import Gate

@Suite struct MessageTests {
    private typealias Rules = StagedCheck.MessageRules

    private func lines(_ message: String, _ rules: StagedCheck.MessageRules) throws -> [Int] {
        let check = StagedCheck(
            settings: Configuration(), known: .none, isAccepted: { _ in false },
            compiled: { try Patterns.compiled.get() })
        return try check.run(message: Array(message.utf8), shownPath: "commit message", rules: rules).problems.map(
            \.line)
    }

    private let edited = Rules(commentCharacter: nil, cleanup: nil, isEdited: true)

    @Test func `a credential in a message is found where it stands`() throws {
        #expect(try lines("Subject\n\nit was \(Made.key())\n", edited) == [3])
        #expect(try lines("Subject\n\nall well\n", edited) == [])
    }

    @Test func `lines that git takes out do not count, unless it keeps them`() throws {
        let text = "Subject\n# \(Made.key())\n"
        #expect(try lines(text, edited) == [])
        #expect(try lines(text, Rules(commentCharacter: nil, cleanup: nil, isEdited: false)) == [2])
        #expect(try lines(text, Rules(commentCharacter: nil, cleanup: "whitespace", isEdited: true)) == [2])
        #expect(try lines(text, Rules(commentCharacter: ";", cleanup: nil, isEdited: true)) == [2])
        #expect(try lines("S\n; \(Made.key())\n", Rules(commentCharacter: ";", cleanup: nil, isEdited: true)) == [])
    }

    @Test func `nothing below the scissors counts`() throws {
        let text = "S\n# ------------------------ >8 ------------------------\n# Do not modify\n+\(Made.key())\n"
        #expect(try lines(text, edited) == [])
        #expect(try lines(text, Rules(commentCharacter: "auto", cleanup: "scissors", isEdited: true)) == [])
        #expect(try lines("S \(Made.key())\n" + text, edited) == [1])
    }

    @Test func `git's list of references is read, and nothing else`() {
        let (one, two) = (String(repeating: "1", count: 40), String(repeating: "0", count: 40))
        let text = "refs/heads/a \(one) refs/heads/b \(two)\n(delete) \(two) refs/heads/c \(one)\n"
        let parsed = PushedReference.parse(Array(text.utf8))
        #expect(parsed?.map(\.localName) == ["refs/heads/a", "(delete)"])
        #expect(parsed?.map { $0.localID == .zero } == [false, true])
        #expect(PushedReference.parse([])?.isEmpty == true)
        for bad in ["x", "a b c d", "refs/heads/a \(one) refs/heads/b", "\u{0}"] {
            #expect(PushedReference.parse(Array(bad.utf8)) == nil)
        }
    }
}
