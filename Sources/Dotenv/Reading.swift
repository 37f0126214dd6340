// What an entry means to each of four dotenv implementations. Nothing is ever expanded or executed.

/// The implementations that differ, each as measured on its released version.
package enum Dialect: String, CaseIterable, Sendable {
    /// motdotla's `dotenv` 16 and 17 for Node.js.
    case node
    /// python-dotenv 1.2.
    case python
    /// Docker Compose 2.40 (`env_file`).
    case compose
    /// A POSIX shell or bash: `set -a; . ./.env`.
    case shell
}

/// The value of an entry in one dialect.
package enum Reading: Sendable, Hashable {
    case value([UInt8])
    /// The dialect reads on but does not define the key.
    case absent
    /// The dialect refuses the entry. The text is a verb phrase without any byte of the entry: "runs the name as a
    /// command".
    case invalid(String)
    /// The value depends on the environment: the names it refers to, `$(…)` standing for any command. A name may be a
    /// piece of a secret that happens to follow a `$`, so show it only where the value may be shown.
    case expands([String])
}

extension DotenvDocument {
    /// The value of `entry` in `dialect`, judged from the entry alone: a line elsewhere that makes a dialect refuse the
    /// whole file is not held against it. A UTF-16 file is read as if it had been saved as UTF-8.
    ///
    /// A bare `KEY` has no value in any dialect; Compose takes it from the environment.
    package func reading(of entry: Entry, in dialect: Dialect) -> Reading {
        switch dialect {
        case .node: NodeReader(text: text, entry: entry, isUTF8: isUTF8(entry)).reading()
        case .python: PythonReader(document: self, entry: entry).reading()
        case .compose: ComposeReader(text: text, entry: entry).reading()
        case .shell: ShellReader(text: text, entry: entry, followsMark: followsMark(entry)).reading()
        }
    }

    /// Whether a byte-order mark comes right before the entry, which Python and the shell take for part of it.
    func followsMark(_ entry: Entry) -> Bool {
        hasByteOrderMark && encoding == .utf8 && entry.span.lowerBound == 0
    }

    /// Whether the entry's own bytes are UTF-8.
    func isUTF8(_ entry: Entry) -> Bool {
        encoding != .latin1 || Dotenv.isUTF8(text[entry.span])
    }
}

extension Entry {
    /// From after the separator to the end of the content, comment and all. Empty for a bare key.
    ///
    /// `keepingReturn`: the shell knows no CRLF, so the carriage return belongs to the content.
    func tail(in text: [UInt8], keepingReturn: Bool = false) -> Range<Int> {
        var end = span.upperBound
        if end > rawValueSpan.upperBound, text[end - 1] == Byte.lineFeed {
            end -= 1
            if !keepingReturn, end > rawValueSpan.upperBound, text[end - 1] == Byte.carriageReturn { end -= 1 }
        }
        guard separator != nil else { return end..<end }
        return separatorOffset(in: text) + 1..<end
    }

    /// The offset of `=` or `:`.
    func separatorOffset(in text: [UInt8]) -> Int {
        var offset = keySpan.upperBound
        while Byte.isLineSpace(text[offset]) { offset += 1 }
        return offset
    }
}
