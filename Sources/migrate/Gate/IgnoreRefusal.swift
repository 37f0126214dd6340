// Why `migrate ignore` changes nothing.

import Reporting
import Scanning

enum IgnoreRefusal: Error {
    /// What was typed may be a value: it is not repeated.
    case noFingerprint
    /// No finding, or no entry, begins like that.
    case unknown(String, isEntry: Bool)
    case ambiguous(String, [String])
    /// Somebody else is writing the file.
    case locked(String)
    /// A link leads out of the repository.
    case elsewhere(String)

    var words: Failure.Words {
        switch self {
        case .noFingerprint:
            (
                .usage, "an argument is no fingerprint: sixteen hexadecimal digits, or at least the first eight.",
                "migrate scan -v shows them as `id`, and so does --format json"
            )
        case .unknown(let text, isEntry: false):
            (
                .failed, "there is no finding \(Failure.quoted(text)) in this repository; nothing was written.",
                "list them with: migrate scan -v; all sixteen digits are taken even where no scan finds them"
            )
        case .unknown(let text, isEntry: true):
            (
                .failed, "\(Acceptances.path) has no entry \(Failure.quoted(text)); nothing was changed.",
                "list them with: migrate ignore list"
            )
        case .ambiguous(let text, let names):
            (
                .failed, "\(Failure.quoted(text)) could be \(Wording.list(names, limit: 5)); nothing was changed.",
                "give more of its digits"
            )
        case .locked(let path):
            (
                .failed, "\(Failure.quoted(path)) is there: somebody else is writing \(Acceptances.path).",
                "wait a moment and run it again; if nothing runs any more, remove that file."
            )
        case .elsewhere(let path):
            (
                .failed, "\(Failure.quoted(path)) is a link that leads out of the repository; nothing was written.",
                "remove the link."
            )
        }
    }
}
