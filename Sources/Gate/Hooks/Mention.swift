// Whether a text of somebody else's runs our gate.

/// Looks for our commands in hooks, in settings of their managers and in files of pipelines.
package enum Mention {
    /// Whether a text runs one of our gates. The name alone does not tell: frameworks have commands of that name.
    package static func runs(_ text: String) -> Bool {
        contains(text) { ["scan", "hook", "ci"].contains($0.first ?? "") }
    }

    /// Whether a text runs the check of one hook.
    package static func runs(_ text: String, _ kind: HookKind) -> Bool {
        contains(text) { words in
            if words.starts(with: ["hook", "run"]) {
                // Without a name, it is the check before the commit.
                let name = words.dropFirst(2).first
                return name == kind.rawValue || (kind == .preCommit && HookKind(rawValue: name ?? "") == nil)
            }
            return kind == .preCommit && words.first == "scan"
        }
    }

    /// - Parameter accept: gets the words that follow the program's name on its line.
    private static func contains(_ text: String, _ accept: (ArraySlice<String>) -> Bool) -> Bool {
        text.split(whereSeparator: \.isNewline).contains { line in
            guard !line.drop(while: { $0.isWhitespace }).hasPrefix("#") else { return false }
            let words = line.split { $0.isWhitespace || "\"';&|()[],{}".contains($0) }.map(String.init)
            return words.indices.contains { index in
                (words[index] == "migrate" || words[index].hasSuffix("/migrate")) && accept(words[(index + 1)...])
            }
        }
    }
}
