// What is remembered of an entry that was taken out of the index, in a line of text.

/// As much of an index entry as is needed to put it back: `100644 <id> - backend/.env`.
package struct IndexRecord: Sendable, Hashable {
    /// The exact bytes.
    package let path: [UInt8]
    package let id: ObjectID
    /// Kind and permissions: 0o100644, 0o100755, 0o120000.
    package let mode: UInt32
    /// `git update-index --assume-unchanged`
    package let isAssumedUnchanged: Bool
    /// `git update-index --skip-worktree`
    package let isSkippedInWorktree: Bool
    /// `git add --intent-to-add`
    package let isIntentToAdd: Bool

    package init(
        path: [UInt8], id: ObjectID, mode: UInt32, isAssumedUnchanged: Bool = false, isSkippedInWorktree: Bool = false,
        isIntentToAdd: Bool = false
    ) {
        self.path = path
        self.id = id
        self.mode = mode
        self.isAssumedUnchanged = isAssumedUnchanged
        self.isSkippedInWorktree = isSkippedInWorktree
        self.isIntentToAdd = isIntentToAdd
    }

    /// For showing; bytes that are not UTF-8 are replaced.
    package var shownPath: String { String(decoding: path, as: UTF8.self) }

    /// Mode in octal, id, the flags that are set (`u`, `s`, `n`; `-` for none), and the path in git's quotes where it
    /// needs any.
    package var line: String {
        var flags = ""
        if isAssumedUnchanged { flags += "u" }
        if isSkippedInWorktree { flags += "s" }
        if isIntentToAdd { flags += "n" }
        return "\(String(mode, radix: 8)) \(id) \(flags.isEmpty ? "-" : flags) \(QuotedPath.quoted(path))"
    }

    /// Nil for what is no such line.
    package init?(line: String) {
        // By bytes: a path that begins with a combining mark would swallow the space before it.
        let bytes = line.utf8.split(separator: UInt8(ascii: " "), maxSplits: 3, omittingEmptySubsequences: false)
        let parts = bytes.map { String(decoding: $0, as: UTF8.self) }
        guard parts.count == 4, let mode = UInt32(parts[0], radix: 8), let id = ObjectID(hexadecimal: parts[1]),
            parts[2] == "-" || parts[2].allSatisfy({ "usn".contains($0) }), let path = QuotedPath.path(parts[3])
        else { return nil }
        self.init(
            path: path, id: id, mode: mode, isAssumedUnchanged: parts[2].contains("u"),
            isSkippedInWorktree: parts[2].contains("s"), isIntentToAdd: parts[2].contains("n"))
    }
}

/// Paths as `git ls-files` prints them, but for letters beyond ASCII, which stay.
package enum QuotedPath {
    /// The path itself, or in quotes with C's escapes where it holds what would break a line, or is not UTF-8.
    package static func quoted(_ path: [UInt8]) -> String {
        let isPlain =
            !path.isEmpty && path.allSatisfy { $0 >= 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\"") }
            && !path.contains(UInt8(ascii: "\\"))
        if isPlain, let text = String(validating: path, as: UTF8.self) { return text }
        var text = "\""
        for byte in path {
            switch byte {
            case UInt8(ascii: "\""): text += "\\\""
            case UInt8(ascii: "\\"): text += "\\\\"
            case 0x20..<0x7F: text.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 8)
                text += "\\" + String(repeating: "0", count: 3 - digits.utf8.count) + digits
            }
        }
        return text + "\""
    }

    /// The bytes again; nil for what is nothing that `quoted` makes.
    package static func path(_ text: String) -> [UInt8]? {
        let bytes = Array(text.utf8)
        guard bytes.first == UInt8(ascii: "\"") else { return bytes.isEmpty ? nil : bytes }
        return ObjectStorage.unquoted(bytes[...])
    }
}
