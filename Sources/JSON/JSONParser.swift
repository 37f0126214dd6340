// The grammar of RFC 8259, strictly: one pass, no recursion beyond a fixed depth.

/// Finds the values of one text.
struct JSONParser: ~Copyable {
    // Valid for as long as the parser is: it lives inside the closure that lends the text.
    private let bytes: UnsafeBufferPointer<UInt8>
    private var offset = 0
    private var nodes: [JSONNode] = []

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    mutating func parse() throws(JSONError) -> [JSONNode] {
        if let invalid = JSONText.firstInvalidByte(bytes) { throw error(.invalidUTF8, at: invalid) }
        skipSpace()
        guard offset < bytes.count else { throw error(.empty) }
        try value(depth: 0, key: 0..<0)
        skipSpace()
        guard offset == bytes.count else { throw error(.syntax("nothing more was expected after the value")) }
        return nodes
    }

    private mutating func value(depth: Int, key: Range<Int>) throws(JSONError) {
        guard offset < bytes.count else { throw error(.syntax("a value was expected, and the text ends")) }
        let index = nodes.count
        nodes.append(
            JSONNode(
                kind: .null, start: offset, end: offset, next: index + 1, keyStart: key.lowerBound,
                keyEnd: key.upperBound, count: 0))
        switch bytes[offset] {
        case UInt8(ascii: "{"): try object(index, depth: depth + 1)
        case UInt8(ascii: "["): try array(index, depth: depth + 1)
        case UInt8(ascii: "\""):
            nodes[index].kind = .string
            try string()
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            nodes[index].kind = .number
            try number()
        case UInt8(ascii: "t"):
            nodes[index].kind = .boolean
            try word("true")
        case UInt8(ascii: "f"):
            nodes[index].kind = .boolean
            try word("false")
        case UInt8(ascii: "n"): try word("null")
        default: throw error(.syntax("a value was expected"))
        }
        nodes[index].end = offset
        nodes[index].next = nodes.count
    }

    private mutating func object(_ index: Int, depth: Int) throws(JSONError) {
        guard depth <= JSONDocument.deepest else { throw error(.tooDeep) }
        nodes[index].kind = .object
        offset += 1
        skipSpace()
        if take(UInt8(ascii: "}")) { return }
        // Names are compared unescaped, as readers do: "a" and "\u0061" are the same.
        var names: Set<[UInt8]> = []
        while true {
            skipSpace()
            guard offset < bytes.count, bytes[offset] == UInt8(ascii: "\"") else {
                throw error(.syntax("a name in double quotes was expected"))
            }
            let start = offset
            try string()
            let key = start..<offset
            let name = JSONText.unescaped(Span(_unsafeElements: bytes), key)
            guard names.insert(name).inserted else {
                throw error(.duplicateKey(String(decoding: name, as: UTF8.self)), at: start)
            }
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw error(.syntax("a colon was expected after a name")) }
            skipSpace()
            try value(depth: depth, key: key)
            nodes[index].count += 1
            skipSpace()
            if take(UInt8(ascii: "}")) { return }
            guard take(UInt8(ascii: ",")) else { throw error(.syntax("a comma or `}` was expected")) }
        }
    }

    private mutating func array(_ index: Int, depth: Int) throws(JSONError) {
        guard depth <= JSONDocument.deepest else { throw error(.tooDeep) }
        nodes[index].kind = .array
        offset += 1
        skipSpace()
        if take(UInt8(ascii: "]")) { return }
        while true {
            skipSpace()
            try value(depth: depth, key: 0..<0)
            nodes[index].count += 1
            skipSpace()
            if take(UInt8(ascii: "]")) { return }
            guard take(UInt8(ascii: ",")) else { throw error(.syntax("a comma or `]` was expected")) }
        }
    }

    private mutating func string() throws(JSONError) {
        offset += 1
        while offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: "\""):
                offset += 1
                return
            case UInt8(ascii: "\\"): try escape()
            case 0..<0x20: throw error(.syntax("a control character in a string must be escaped"))
            default: offset += 1
            }
        }
        throw error(.syntax("a string is not closed"))
    }

    private mutating func escape() throws(JSONError) {
        let start = offset
        guard offset + 1 < bytes.count else { throw error(.syntax("a string is not closed")) }
        switch bytes[offset + 1] {
        case UInt8(ascii: "u"):
            guard let first = JSONText.hexUnit(Span(_unsafeElements: bytes), at: offset + 2) else {
                throw error(.syntax("four hexadecimal digits were expected after \\u"), at: start)
            }
            offset += 6
            // Half a surrogate pair is no character, and could not be written back.
            if (0xD800...0xDBFF).contains(first) {
                guard offset + 1 < bytes.count, bytes[offset] == UInt8(ascii: "\\"),
                    bytes[offset + 1] == UInt8(ascii: "u"),
                    let second = JSONText.hexUnit(Span(_unsafeElements: bytes), at: offset + 2),
                    (0xDC00...0xDFFF).contains(second)
                else { throw error(.syntax("half a surrogate pair"), at: start) }
                offset += 6
            } else if (0xDC00...0xDFFF).contains(first) {
                throw error(.syntax("half a surrogate pair"), at: start)
            }
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            offset += 2
        default: throw error(.syntax("an unknown escape in a string"), at: start)
        }
    }

    private mutating func number() throws(JSONError) {
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")), !takeDigits() { throw error(.syntax("a digit was expected")) }
        if take(UInt8(ascii: ".")), !takeDigits() { throw error(.syntax("a digit was expected after the point")) }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            guard takeDigits() else { throw error(.syntax("a digit was expected in the exponent")) }
        }
    }

    private mutating func word(_ word: StaticString) throws(JSONError) {
        let matches = word.withUTF8Buffer { expected in
            offset + expected.count <= bytes.count
                && expected.indices.allSatisfy { bytes[offset + $0] == expected[$0] }
        }
        guard matches else { throw error(.syntax("a value was expected")) }
        offset += word.utf8CodeUnitCount
    }

    private mutating func takeDigits() -> Bool {
        let start = offset
        while offset < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[offset]) { offset += 1 }
        return offset > start
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard offset < bytes.count, bytes[offset] == byte else { return false }
        offset += 1
        return true
    }

    private mutating func skipSpace() {
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x20, 0x09, 0x0A, 0x0D: offset += 1
            default: return
            }
        }
    }

    private func error(_ reason: JSONError.Reason, at place: Int? = nil) -> JSONError {
        let place = min(place ?? offset, bytes.count)
        var (line, start) = (1, 0)
        for index in 0..<place where bytes[index] == 0x0A {
            line += 1
            start = index + 1
        }
        return JSONError(reason: reason, offset: place, line: line, column: place - start + 1)
    }
}
