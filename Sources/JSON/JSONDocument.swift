// JSON by position: the text stays whole in wiped memory, and values point into it.

package import Secrets

/// Why a text is no JSON, or none that is read here. Never holds anything of the text but a duplicate key's name.
package struct JSONError: Error, Sendable, Equatable {
    package enum Reason: Sendable, Equatable {
        case empty
        /// What cannot stand there, in words: "a comma or `}` was expected".
        case syntax(String)
        case invalidUTF8
        /// Two members of one object have this name.
        case duplicateKey(String)
        /// Objects and arrays lie in each other deeper than `JSONDocument.deepest`.
        case tooDeep
    }

    package let reason: Reason
    /// Bytes before the place.
    package let offset: Int
    /// From 1.
    package let line: Int
    /// From 1, in bytes.
    package let column: Int
}

/// One JSON text (RFC 8259), checked whole when it is read. Names within an object are unique.
package final class JSONDocument: Sendable {
    /// Levels of objects and arrays: deeper ones are refused rather than followed.
    package static let deepest = 256

    let text: SecretValue
    let nodes: [JSONNode]

    /// - Throws: `JSONError`.
    package init(parsing text: consuming SecretValue) throws(JSONError) {
        nodes = try text.withBytes { bytes throws(JSONError) in
            try bytes.withUnsafeBufferPointer { buffer throws(JSONError) in
                var parser = JSONParser(buffer)
                return try parser.parse()
            }
        }
        self.text = text
    }

    package convenience init(parsing bytes: some Collection<UInt8>) throws(JSONError) {
        try self.init(parsing: SecretValue(copying: bytes))
    }

    package var root: JSONValue { JSONValue(document: self, index: 0) }

    /// Lends the whole text.
    package func withText<Result: ~Copyable, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result { try text.withBytes(body) }
}

struct JSONNode: Sendable {
    var kind: JSONValue.Kind
    /// Where the value stands, quotes and brackets included.
    var start: Int
    var end: Int
    /// Index of the first node after this one and all it holds.
    var next: Int
    /// Where the name stands, with its quotes, for a member of an object.
    var keyStart: Int
    var keyEnd: Int
    /// Elements or members.
    var count: Int
}

/// A value in a document.
package struct JSONValue: Sendable {
    package enum Kind: String, Sendable, Equatable {
        case object, array, string, number, boolean, null
    }

    let document: JSONDocument
    let index: Int

    private var node: JSONNode { document.nodes[index] }
    package var kind: Kind { node.kind }

    /// Where the value stands in the text.
    package var range: Range<Int> { node.start..<node.end }
    /// Where the name of this member stands in the text, with its quotes; nil for what is no member.
    package var keyRange: Range<Int>? { node.keyEnd > node.keyStart ? node.keyStart..<node.keyEnd : nil }
    /// Elements of an array, members of an object.
    package var count: Int { node.count }

    /// The members of an object in their order; empty for anything else. Two names may be equal as `String`s and differ
    /// in their bytes, so a dictionary of them must allow for that.
    package var members: [(key: String, value: JSONValue)] {
        guard kind == .object else { return [] }
        return children.map { child in (child.key ?? "", child) }
    }

    /// The elements of an array in their order; empty for anything else.
    package var elements: [JSONValue] { kind == .array ? children : [] }

    /// The member of that name, if this is an object and has one. Names are compared by their bytes: `String`'s `==`
    /// would take an "é" of one scalar for an "é" of two.
    package subscript(_ name: String) -> JSONValue? {
        guard kind == .object else { return nil }
        return children.first { child in
            guard let range = child.keyRange else { return false }
            return document.withText { JSONText.unescaped($0, range).elementsEqual(name.utf8) }
        }
    }

    /// The text of a string that is no secret, such as a name or an ARN; nil for anything else.
    package var string: String? {
        guard kind == .string else { return nil }
        return document.withText { bytes in
            String(decoding: JSONText.unescaped(bytes, node.start..<node.end), as: UTF8.self)
        }
    }

    /// The text of a string that is a secret; nil for anything else.
    package func secret() -> SharedSecret? {
        guard kind == .string else { return nil }
        return document.withText { bytes in
            SharedSecret(JSONText.unescapedSecret(bytes, node.start..<node.end))
        }
    }

    /// The value as it is written, quotes and all.
    package func literal() -> SharedSecret {
        document.withText { bytes in
            SharedSecret(SecretValue(copying: bytes.extracting(node.start..<node.end)))
        }
    }

    package var bool: Bool? {
        guard kind == .boolean else { return nil }
        // `true` or `false`.
        return node.end - node.start == 4
    }

    /// The nearest number that the type holds; nil for what is no number, or a larger one than the type reaches.
    package var double: Double? {
        guard let number = spelling.flatMap({ Double($0) }), number.isFinite else { return nil }
        return number
    }

    /// A whole number, exactly; nil for anything else. `1.0` and `1e3` are whole.
    package var int: Int? {
        guard let spelling else { return nil }
        if let number = Int(spelling) { return number }
        // Above 2^53 a double no longer holds every whole number, and may be a neighbour of the one that is written.
        guard let number = double, abs(number) < 9_007_199_254_740_992 else { return nil }
        return Int(exactly: number)
    }

    /// A number as it is written.
    private var spelling: String? {
        guard kind == .number else { return nil }
        return document.withText { bytes in
            String(decoding: (node.start..<node.end).map { bytes[$0] }, as: UTF8.self)
        }
    }

    package var isNull: Bool { kind == .null }

    private var key: String? {
        guard let keyRange else { return nil }
        return document.withText { bytes in String(decoding: JSONText.unescaped(bytes, keyRange), as: UTF8.self) }
    }

    private var children: [JSONValue] {
        var children: [JSONValue] = []
        children.reserveCapacity(node.count)
        var next = index + 1
        for _ in 0..<node.count {
            children.append(JSONValue(document: document, index: next))
            next = document.nodes[next].next
        }
        return children
    }
}
