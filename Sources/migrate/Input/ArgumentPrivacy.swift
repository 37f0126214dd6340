// Messages about arguments that do not repeat what may be a value.

enum ArgumentPrivacy {
    /// The message with every argument that is no option's name, and what follows the `=` of one, replaced by a mark.
    ///
    /// The parser repeats what it does not understand, and what it does not understand may be a value in a place where
    /// none belongs: `--value=…`. Who typed it knows it, but the log of a CI job has other readers.
    /// - Parameter arguments: all words of the command line after the program's name.
    static func hidingValues(in message: String, arguments: [String]) -> String {
        var hidden: [String] = []
        for argument in arguments {
            // `-vVALUE`: no option of ours with one dash has more than one letter, and none with two is longer than
            // `--recovery-window`.
            let isGlued = argument.hasPrefix("-") && !argument.hasPrefix("--") && argument.utf8.count > 2
            let isOption =
                argument.hasPrefix("-") && !isGlued && argument.prefix { $0 != "=" }.utf8.count <= longestOption
            if let equals = argument.firstIndex(of: "=") {
                hidden.append(String(argument[argument.index(after: equals)...]))
            }
            if isOption ? KnownValue.looksLikeOne(argument) : !isFormat(argument, among: arguments) {
                hidden.append(argument)
            }
        }
        var message = message
        // The longest first, since one may be a part of another. Only in quotes: there the parser repeats what was typed,
        // while a word that is also typed as an argument may be anywhere else.
        for text in hidden.sorted(by: { $0.utf8.count > $1.utf8.count }) where !text.isEmpty {
            message = message.replacing("'\(text)'", with: "'\(mark)'")
            if KnownValue.looksLikeOne(text) || KnownValue.looksRandom(text) {
                message = message.replacing(text, with: mark)
            }
        }
        return message
    }

    /// The word after `-f` or `--format`, if it is a short one: what is wrong with it must be seen.
    private static func isFormat(_ word: String, among arguments: [String]) -> Bool {
        guard let index = arguments.firstIndex(of: word), index > 0 else { return false }
        return ["-f", "--format", "--store", "--dialect"].contains(arguments[index - 1])
            && word.utf8.count <= 16 && word.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == 0x2D }
    }

    private static let mark = "********"
    private static let longestOption = 17
}
