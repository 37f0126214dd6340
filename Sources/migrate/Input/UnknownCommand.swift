// A command that is not there, and the one that was probably meant.

import ArgumentParser

enum UnknownCommand {
    /// What to say when the words begin with a command that does not exist; nil when they do not.
    ///
    /// The name is repeated only if it is one word of a few letters: a value that was typed in its place is not.
    static func words(for arguments: [String], root: any ParsableCommand.Type) -> (message: String, hint: String?)? {
        var command = root
        var path: [String] = []
        for argument in arguments.prefix(2) {
            let children = command.configuration.subcommands
            if children.isEmpty { return nil }
            if argument == "help" || argument.hasPrefix("-") { return nil }
            if let child = children.first(where: { $0._commandName == argument }) {
                command = child
                path.append(argument)
                continue
            }
            let isName =
                argument.utf8.count <= 16 && argument.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == 0x2D }
            let name = (path + [isName ? argument : "…"]).joined(separator: " ")
            let known = children.map { $0._commandName }.joined(separator: ", ")
            let hint = isName ? meant(argument, in: path, root) : nil
            return ("there is no command `\(name)`.", hint ?? "the commands are \(known)")
        }
        return nil
    }

    /// Words of other tools, and of the programs that this one replaces.
    private static let synonyms: [String: String] = [
        "update": "set", "put": "set", "store": "set", "write": "set", "add": "set", "show": "get", "view": "get",
        "read": "get", "cat": "get", "ls": "list", "rm": "unset", "remove": "unset", "log": "history",
        "versions": "history", "undelete": "restore", "destroy": "delete", "exec": "run", "secrets": "secret",
    ]

    private static func meant(_ word: String, in path: [String], _ root: any ParsableCommand.Type) -> String? {
        guard let other = synonyms[word] else {
            let isSecret = SecretCommand.configuration.subcommands.contains { $0._commandName == word }
            return path.isEmpty && isSecret ? "did you mean: migrate secret \(word)" : nil
        }
        let isTop = root.configuration.subcommands.contains { $0._commandName == other }
        let line = "did you mean: migrate " + (isTop ? other : "secret \(other)")
        return other == "set" ? line + " KEY (the value comes from standard input or the keyboard)" : line
    }
}
