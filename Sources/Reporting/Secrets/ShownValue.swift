// A value as it may be shown.

/// One value of a secret, with everything hidden that is secret.
package struct ShownValue: Sendable, Equatable {
    package enum State: String, Sendable {
        case empty, placeholder, present
    }

    /// string, number, boolean, null, object or array.
    package var kind: String
    package var state: State
    /// Safe to print: a public part, or a mark of fixed length.
    package var mask: String

    package init(kind: String, state: State, mask: String) {
        self.kind = kind
        self.state = state
        self.mask = mask
    }

    /// The mask, and what else a person should notice.
    var piece: Piece {
        if kind == "null" { return Piece("(null)", .medium) }
        return switch state {
        case .empty: Piece("(empty)", .medium)
        case .placeholder: Piece("(placeholder) " + mask, .medium)
        case .present: Piece(kind == "string" ? mask : "\(mask) (\(kind))")
        }
    }
}

/// How a report for a terminal looks.
package struct TerminalStyle: Sendable {
    package var colour: Bool
    package var unicode: Bool
    /// Columns.
    package var width: Int

    package init(colour: Bool, unicode: Bool, width: Int) {
        self.colour = colour
        self.unicode = unicode
        self.width = width
    }

    func page() -> Page { Page(colour: colour, width: width, sanitizer: Sanitizer(unicode: unicode)) }
}
