// Messages about arguments that do not repeat what may be a value.

enum ArgumentPrivacy {
    /// The message with what follows the `=` of any argument, and every argument that is plainly a credential or has no
    /// place (longer than names are, or right after one that is unknown), replaced by a mark.
    ///
    /// The parser repeats what it does not understand, and what it does not understand may be a value in a place where
    /// none belongs: `--value=…`. The terminal's reader typed it, but the log of a CI job has other readers.
    static func hidingValues(in message: String, arguments: [String]) -> String {
        var message = message
        for argument in arguments.dropFirst() {
            var hidden = argument
            if let equals = argument.firstIndex(of: "="), argument.index(after: equals) != argument.endIndex {
                hidden = argument[...equals] + mark
            } else if KnownValue.looksLikeOne(argument) || argument.utf8.count > longestWord && !argument.contains("/")
            {
                hidden = mark
            }
            if hidden != argument { message = message.replacing(argument, with: hidden) }
        }
        return message
    }

    private static let mark = "********"
    /// Names of options and of keys are shorter; most credentials are longer.
    private static let longestWord = 32
}
