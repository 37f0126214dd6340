// Reads XML by hand: what comes is small, and known in kind.

import HTTP
import Secrets

struct XMLReader {
    private static let deepest = 32
    private static let mostElements = 100_000

    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0
    private var elements = 0

    init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    mutating func document() throws(XMLError) -> XMLElement {
        if has("\u{FEFF}") { position += 3 }
        try skipProlog()
        guard position < bytes.count, bytes[position] == UInt8(ascii: "<") else {
            throw error("an element was expected")
        }
        let root = try element(depth: 1)
        try skipProlog()
        guard position == bytes.count else { throw error("there is more after the end") }
        return root
    }

    // Stands at `<`.
    private mutating func element(depth: Int) throws(XMLError) -> XMLElement {
        guard depth <= Self.deepest else { throw error("elements lie too deep in each other") }
        elements += 1
        guard elements <= Self.mostElements else { throw error("there are too many elements") }
        position += 1
        let name = try self.name()
        guard try !skipAttributes() else {
            return XMLElement(name: Self.local(name), children: [], content: SharedSecret(copying: []))
        }
        var children: [XMLElement] = []
        var text = SecretBuffer(capacity: 64)
        while true {
            guard position < bytes.count else { throw error("an element does not end") }
            if has("</") {
                position += 2
                let end = try self.name()
                skipSpace()
                guard end == name, position < bytes.count, bytes[position] == UInt8(ascii: ">") else {
                    throw error("an element is closed under another name")
                }
                position += 1
                return XMLElement(
                    name: Self.local(name), children: children,
                    content: children.isEmpty ? SharedSecret(text.finish()) : SharedSecret(copying: []))
            } else if has("<!--") {
                try skip(past: "-->")
            } else if has("<![CDATA[") {
                position += 9
                let start = position
                try skip(past: "]]>")
                text.append(UnsafeBufferPointer(rebasing: bytes[start..<position - 3]))
            } else if has("<?") {
                try skip(past: "?>")
            } else if has("<!") {
                throw error("a declaration is not read here")
            } else if bytes[position] == UInt8(ascii: "<") {
                children.append(try element(depth: depth + 1))
            } else if bytes[position] == UInt8(ascii: "&") {
                text.append(String(try character()))
            } else {
                text.append(bytes[position])
                position += 1
            }
        }
    }

    // Whether the element is over with its start.
    private mutating func skipAttributes() throws(XMLError) -> Bool {
        while true {
            skipSpace()
            if has("/>") {
                position += 2
                return true
            }
            guard position < bytes.count else { throw error("an element does not end") }
            if bytes[position] == UInt8(ascii: ">") {
                position += 1
                return false
            }
            _ = try name()
            skipSpace()
            guard has("=") else { throw error("an attribute has no value") }
            position += 1
            skipSpace()
            guard has("\"") || has("'") else { throw error("an attribute has no quotes") }
            let quote = bytes[position]
            position += 1
            while position < bytes.count, bytes[position] != quote {
                guard bytes[position] != UInt8(ascii: "<") else { throw error("an attribute does not end") }
                position += 1
            }
            guard position < bytes.count else { throw error("an attribute does not end") }
            position += 1
        }
    }

    private mutating func name() throws(XMLError) -> String {
        let start = position
        while position < bytes.count, Self.isNameByte(bytes[position]) { position += 1 }
        // The longest that AWS has are below 60.
        guard position > start, position - start <= 256 else { throw error("a name was expected") }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    // Stands at `&`.
    private mutating func character() throws(XMLError) -> Character {
        var end = position + 1
        while end < bytes.count, end - position <= 10, bytes[end] != UInt8(ascii: ";") { end += 1 }
        guard end < bytes.count, bytes[end] == UInt8(ascii: ";") else { throw error("an entity does not end") }
        let name = String(decoding: bytes[position + 1..<end], as: UTF8.self)
        let character: Character
        switch name {
        case "lt": character = "<"
        case "gt": character = ">"
        case "amp": character = "&"
        case "quot": character = "\""
        case "apos": character = "'"
        default:
            let digits = name.dropFirst()
            let number =
                digits.first == "x" ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits, radix: 10)
            guard name.first == "#", let number, number > 0, let scalar = Unicode.Scalar(number) else {
                throw error("an entity is not known")
            }
            character = Character(scalar)
        }
        position = end + 1
        return character
    }

    private mutating func skipProlog() throws(XMLError) {
        while true {
            skipSpace()
            if has("<?") {
                try skip(past: "?>")
            } else if has("<!--") {
                try skip(past: "-->")
            } else if has("<!") {
                throw error("a document type is not read here")
            } else {
                return
            }
        }
    }

    private mutating func skipSpace() {
        while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
    }

    private mutating func skip(past end: StaticString) throws(XMLError) {
        while position < bytes.count {
            if has(end) {
                position += end.utf8CodeUnitCount
                return
            }
            position += 1
        }
        throw error("something does not end")
    }

    private func has(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard position + count <= bytes.count else { return false }
        return text.withUTF8Buffer { bytes[position..<position + count].elementsEqual($0) }
    }

    private func error(_ reason: String) -> XMLError { XMLError(reason: reason, offset: position) }

    private static func local(_ name: String) -> String {
        name.split(separator: ":").last.map(String.init) ?? name
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        PercentEncoding.isUnreserved(byte) && byte != UInt8(ascii: "~") || byte == UInt8(ascii: ":") || byte >= 0x80
    }
}
