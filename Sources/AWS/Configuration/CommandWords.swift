// Words of a line, split as a POSIX shell splits them.

/// Quotes and backslashes only: nothing is expanded, and nothing is run.
enum CommandWords {
    struct UnfinishedQuote: Error {}

    /// - Throws: `UnfinishedQuote` for a quote that is not closed or a backslash at the end.
    static func split(_ text: String) throws(UnfinishedQuote) -> [String] {
        var words: [String] = []
        var word: String.UnicodeScalarView?
        var quote: Unicode.Scalar?
        var scalars = text.unicodeScalars[...]
        while let scalar = scalars.popFirst() {
            switch (scalar, quote) {
            case ("'", "'"), ("\"", "\""): quote = nil
            case ("\\", nil), ("\\", "\""):
                guard let next = scalars.popFirst() else { throw UnfinishedQuote() }
                // Between double quotes a backslash stands for itself, unless what follows would mean something.
                if quote != nil, next != "\"", next != "\\" { word?.append("\\") }
                word = (word ?? .init()) + [next]
            case ("'", nil), ("\"", nil):
                quote = scalar
                word = word ?? .init()
            case (" ", nil), ("\t", nil), ("\n", nil), ("\r", nil):
                if let finished = word { words.append(String(finished)) }
                word = nil
            default: word = (word ?? .init()) + [scalar]
            }
        }
        guard quote == nil else { throw UnfinishedQuote() }
        if let finished = word { words.append(String(finished)) }
        return words
    }
}
