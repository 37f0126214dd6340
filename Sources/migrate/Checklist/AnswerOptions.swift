// Answers on the command line: every question has a flag.

import ArgumentParser
import Checklist
import Files
import HTTP
import Secrets
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

struct AnswerOptions: ParsableArguments {
    @Option(
        name: .customLong("answer"),
        help: ArgumentHelp(
            "Answer a question; repeatable. For one step alone: STEP:ID=VALUE; for all of a kind: replace/*=VALUE.",
            valueName: "ID=VALUE"))
    var answers: [String] = []

    @Option(
        name: .customLong("answer-from"),
        help: ArgumentHelp(
            "Answer it with what the file holds, which is how secrets are given; - is standard input.",
            valueName: "ID=FILE"))
    var files: [String] = []

    @Option(help: ArgumentHelp("What you have seen or done: the same as --answer attest=NOTE.", valueName: "NOTE"))
    var attest: String?

    @Flag(help: "Take what is suggested wherever there is a choice.")
    var suggested = false

    func validate() throws {
        // What was typed is not repeated: it may be a value.
        for (option, texts, what) in [("--answer", answers, "VALUE"), ("--answer-from", files, "FILE")] {
            for text in texts {
                guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
                    throw ValidationError("\(option) takes ID=\(what).")
                }
            }
        }
        for text in answers + [attest].compactMap(\.self) where !OneLine.isOne(text) {
            throw ValidationError("An answer on the command line is one line of text; for more: --answer-from ID=FILE.")
        }
        if let attest, attest.trimmingSpaces().isEmpty {
            throw ValidationError("--attest is empty: a variable that is not set, perhaps?")
        }
        if files.filter({ $0.hasSuffix("=-") }).count > 1 {
            throw ValidationError("Standard input can answer one question.")
        }
    }
}

/// The answers that were given in advance, and which of them were needed.
final class GivenAnswers: Sendable {
    struct Given: Sendable {
        /// The step that it is for alone; nil for any.
        var step: String?
        var id: String
        var content: Content
        /// As it was given: `--answer attest=…`, without what it said.
        var flag: String

        func fits(_ question: String, of step: String) -> Bool {
            if let own = self.step, own != step { return false }
            return id.hasSuffix("*") ? question.hasPrefix(id.dropLast()) : question == id
        }

        var exactness: Int { (step == nil ? 0 : 2) + (id.hasSuffix("*") ? 0 : 1) }
    }

    enum Content: Sendable {
        case text(String)
        /// From a file.
        case secret(SharedSecret)
    }

    let takesSuggestions: Bool
    private let given: [Given]
    private let used = Mutex<Set<Int>>([])

    static let none = GivenAnswers()

    private init() {
        takesSuggestions = false
        given = []
    }

    /// Reads the files, each once and into memory that is wiped.
    /// - Parameter steps: ids, for `STEP:ID=VALUE`.
    /// - Throws: `FileError`, `NoSuchFile`.
    init(_ options: AnswerOptions, steps: Set<String>) throws {
        takesSuggestions = options.suggested
        var given: [Given] = []
        func add(_ text: String, _ flag: String, _ content: (String) throws -> Content) throws {
            guard let equals = text.firstIndex(of: "=") else { return }
            var id = String(text[..<equals])
            var step: String?
            if let colon = id.firstIndex(of: ":"), steps.contains(String(id[..<colon])) {
                step = String(id[..<colon])
                id = String(id[id.index(after: colon)...])
            }
            let value = String(text[text.index(after: equals)...])
            given.append(Given(step: step, id: id, content: try content(value), flag: "\(flag) \(text[..<equals])"))
        }
        for text in options.answers { try add(text, "--answer") { .text($0) } }
        for text in options.files { try add(text, "--answer-from") { .secret(try Self.read($0)) } }
        if let note = options.attest {
            given.append(Given(step: nil, id: "attest", content: .text(note), flag: "--attest"))
        }
        self.given = given
    }

    /// The answer that was given for this step before one for any, one for this question before one for all of its kind,
    /// and the last of several.
    func answer(_ id: String, of step: String) -> Content? {
        let fitting = given.indices.filter { given[$0].fits(id, of: step) }
        guard let best = fitting.map({ given[$0].exactness }).max(),
            let index = fitting.last(where: { given[$0].exactness == best })
        else { return nil }
        used.withLock { $0.formUnion(fitting) }
        return given[index].content
    }

    /// Flags that answered nothing that was asked.
    var unused: [String] {
        used.withLock { used in given.indices.filter { !used.contains($0) }.map { given[$0].flag } }
    }

    private static func read(_ file: String) throws -> SharedSecret {
        var buffer: SecretBuffer
        if file == "-" {
            buffer = try SecretInput.read(STDIN_FILENO, name: StandardStream.input)
        } else {
            guard !file.isEmpty else { throw ValidationError("--answer-from takes ID=FILE.") }
            // Blocking, so that a pipe (`<(command)`) is waited for: without a writer it would look empty.
            let descriptor = open(file, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw FileError(readingFrom: file, errorNumber: errno) }
            defer { close(descriptor) }
            buffer = try SecretInput.read(descriptor, name: file)
        }
        SecretInput.dropLineBreak(&buffer)
        return SharedSecret(buffer.finish())
    }
}
