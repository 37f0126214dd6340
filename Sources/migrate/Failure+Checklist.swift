// What keeps a checklist from going on, and what to do about it.

import Checklist
import HTTP
import Reporting

extension Failure {
    static func checklistWords(for error: any Error) -> Words? {
        switch error {
        case let error as StateError: words(for: error)
        case let error as StepFailure:
            (
                error.kind == .unknown ? .incomplete : .failed, sentence(error.reason),
                error.remedy.map(clean)
            )
        case let error as StepChanged:
            (
                .failed, "\(clean(error.what)) keeps changing while it is worked on; nothing was done.",
                "stop what changes it, and run the same command again"
            )
        case let error as AnswerRefusal: words(for: error)
        case let error as NoSuchStep: words(for: error)
        case let error as NotAWorktree: words(for: error)
        case let error as SettingsElsewhere:
            (
                .failed,
                "the settings are in \(quoted(error.found)), and a checklist is about the whole repository at \(quoted(error.root)).",
                "move .migrate to the repository's root"
            )
        case is NoIdentity:
            (
                .failed, "who does this? Git knows neither user.name nor user.email here, and each step is signed.",
                "git config user.email YOU@EXAMPLE.COM, or --as 'NAME <YOU@EXAMPLE.COM>'"
            )
        default: nil
        }
    }

    private static func words(for error: StateError) -> Words {
        // A lock is gone soon, and a file that another wrote is read the next time.
        (.failed, clean(error.reason), clean(lowercasedFirst(error.remedy)))
    }

    private static func words(for error: AnswerRefusal) -> Words {
        switch error {
        case .notAChoice(let question, let choices, let meant):
            (
                .usage, "the answer to \(quoted(question)) is none of \(choices.map(clean).joined(separator: ", ")).",
                meant.map { "did you mean: --answer \(clean(question))=\(clean($0))" }
            )
        case .secretOnCommandLine(let question):
            (
                .usage,
                "\(quoted(question)) asks for a secret, which does not belong on the command line, where the shell's history and other processes see it.",
                "--answer-from \(clean(question))=FILE, or - for standard input"
            )
        case .notOneLine(let question):
            (.usage, "the answer to \(quoted(question)) must be one line of text.", nil)
        case .credential(let question):
            (
                .usage, "the answer to \(quoted(question)) has something in it that looks like a credential.",
                "say it without: what is answered here is written down, and committed"
            )
        case .empty(let question):
            (.usage, "the answer to \(quoted(question)) is empty: a variable that is not set, perhaps?", nil)
        }
    }

    private static func words(for error: NoSuchStep) -> Words {
        // A word that is not short may be anything.
        let shown = OneLine.isOne(error.word) && error.word.utf8.count <= 40 && !KnownValue.looksLikeOne(error.word)
        let word = shown ? quoted(error.word) : "of that name"
        return (
            .usage, "the checklist \(clean(error.checklist)) has no step \(word).",
            error.meant.map { "did you mean: \(clean($0))" }
                ?? "its steps, by number and by name: \(CommandHint.line("plan"))"
        )
    }

    private static func words(for error: NotAWorktree) -> Words {
        switch error {
        case .none(let folder):
            (.failed, "\(quoted(folder)) is in no git repository.", "a checklist takes a repository through its steps")
        case .bare(let folder):
            (
                .failed, "the repository at \(quoted(folder)) is bare: it has no files to change.",
                "clone it, and run the command in the clone"
            )
        }
    }

    /// With a full stop, whoever wrote it.
    private static func sentence(_ text: String) -> String {
        let text = clean(text)
        return [".", "!", "?"].contains { text.hasSuffix($0) } ? text : text + "."
    }

    private static func lowercasedFirst(_ text: String) -> String { text.prefix(1).lowercased() + text.dropFirst() }
}
