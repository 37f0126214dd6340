// The parts of a dotenv file: blank lines, comments, entries, and lines that are none of these.

/// The quotes around a value. Backticks are quotes only for motdotla's dotenv.
package enum Quote: Sendable, Hashable {
    case none, single, double, backtick

    init(_ byte: UInt8) {
        self =
            switch byte {
            case Byte.singleQuote: .single
            case Byte.doubleQuote: .double
            case Byte.backtick: .backtick
            default: .none
            }
    }
}

/// What stands between a key and its value.
package enum Separator: Sendable, Hashable {
    case equals
    /// `KEY: value`, which needs white space after the colon and a value on the same line.
    case colon
}

/// One `KEY=VALUE`. All ranges are offsets into the document's `text`.
package struct Entry: Sendable, Hashable {
    /// The name as written, without `export`; malformed UTF-8 in it is repaired.
    package let key: String
    package let keySpan: Range<Int>
    /// The whole entry with its line ending; several lines when a quoted value has several.
    package let span: Range<Int>
    /// What follows the separator up to the comment or the end of the line, trimmed, quotes included.
    package let rawValueSpan: Range<Int>
    /// What is inside the quotes; `rawValueSpan` when there are none.
    package let valueSpan: Range<Int>
    package let quote: Quote
    package let isExported: Bool
    /// From `#` to the end of the line. Dialects differ on what is a comment; here `#` after white space is.
    package let commentSpan: Range<Int>?
    /// Number of the first line, from 1.
    package let line: Int
    /// Nil for a bare `KEY`, which has no value in the file.
    package let separator: Separator?

    /// Whether the entry has a value of its own, be it an empty one.
    package var hasSeparator: Bool { separator != nil }
}

/// One piece of a dotenv file with its line ending. The spans of all nodes tile the document's `text`.
package enum Node: Sendable, Hashable {
    case blank(Range<Int>)
    case comment(Range<Int>)
    case entry(Entry)
    /// A line that no dialect reads as a whole entry, such as `NAME VALUE`, a heading, or a line of a bare PEM block.
    case malformed(Range<Int>)

    /// Where the node is, line ending included.
    package var span: Range<Int> {
        switch self {
        case .blank(let span), .comment(let span), .malformed(let span): span
        case .entry(let entry): entry.span
        }
    }
}
