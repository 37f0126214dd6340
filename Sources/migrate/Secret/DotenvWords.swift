// What stands in the way of an entry of a dotenv file, in words without any byte of its value.

import Delivery
import Dotenv
import Reporting

enum DotenvWords {
    /// Entries that are told of in full, and by name: a file in which all are refused would fill the screen.
    private static let (inFull, byName) = (3, 12)

    static func refusals(_ refusals: [DotenvImportError.Refusal], file: String, hasMark: Bool) -> String {
        let told = refusals.prefix(inFull).map { refusal in
            "\(file):\(refusal.line): \(refusal.key) " + reason(refusal.reason, isMarked: hasMark && refusal.line == 1)
        }
        let others = refusals.dropFirst(inFull).map { "\($0.key) (line \($0.line))" }
        let rest = others.isEmpty ? "" : "; so are " + Wording.list(Array(others), limit: byName)
        return told.joined(separator: "; ") + rest
    }

    private static func reason(_ reason: DotenvImportError.Refusal.Reason, isMarked: Bool) -> String {
        if isMarked, case .unreadable = reason {
            return "follows a byte-order mark, which is taken for a part of the name; save the file without it"
        }
        switch reason {
        case .ambiguous(let readings): return "is read in different ways (\(words(readings)))"
        case .references: return "refers to variables or commands, which are not resolved here"
        case .unreadable(let readings): return "cannot be read (\(words(readings)))"
        case .noValue: return "has no value in the file"
        case .notUTF8: return "is not UTF-8"
        case .nul: return "holds a NUL byte"
        }
    }

    /// Dialects that do the same are named together.
    private static func words(_ readings: [DialectReading]) -> String {
        var groups: [(phrase: String, dialects: [String])] = []
        for reading in readings {
            let phrase = reading.kind.phrase
            if let index = groups.firstIndex(where: { $0.phrase == phrase && $0.phrase != "reads it differently" }) {
                groups[index].dialects.append(reading.dialect.rawValue)
            } else {
                groups.append((phrase, [reading.dialect.rawValue]))
            }
        }
        return groups.map { group in
            let verb = group.dialects.count > 1 ? plural(group.phrase) : group.phrase
            return Wording.list(group.dialects) + " " + verb
        }.joined(separator: ", ")
    }

    /// `cuts it` of one, `cut it` of several.
    private static func plural(_ phrase: String) -> String {
        let words = phrase.split(separator: " ", maxSplits: 1)
        guard let verb = words.first, verb.hasSuffix("s") else { return phrase }
        let bare = verb == "does" ? "do" : String(verb.dropLast())
        return bare + (words.count > 1 ? " " + words[1] : "")
    }
}
