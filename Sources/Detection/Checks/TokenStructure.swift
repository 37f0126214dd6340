// What the structure of a token tells, where there is no checksum.

/// Judges tokens by what their characters decode to.
package enum TokenStructure {
    /// A SendGrid key: `SG.` + 22 characters of id + `.` + 43 of secret.
    ///
    /// Both parts are base64url without padding, of 16 and 32 bytes, so the bits of each last character that
    /// would go past the bytes are zero. This is inferred from real keys, not documented, so it only ever
    /// speaks for a key and never against it.
    package static func sendGrid(_ key: Span<UInt8>) -> Verdict {
        if KnownExample.contains(key) { return .placeholder }
        guard key.count == 69, let idTail = Base64.digit(key[24]), let secretTail = Base64.digit(key[68])
        else { return .wellFormed }
        return idTail & 0b1111 == 0 && secretTail & 0b11 == 0 ? .checked : .wellFormed
    }

    /// A JSON Web Token: its header is a JSON object that names an algorithm.
    package static func jsonWebToken(_ token: Span<UInt8>) -> Verdict {
        if KnownExample.contains(token) { return .placeholder }
        guard let dot = token.indices.first(where: { token[$0] == UInt8(ascii: ".") }),
            let header = Base64.decode(token.extracting(0..<dot)), JSONText.isObject(header, withKey: "alg")
        else { return .checkFailed }
        return .checked
    }

    /// A Grafana Cloud token: `glc_` and a JSON object with the organisation (`o`) in base64.
    package static func grafanaCloud(_ token: Span<UInt8>) -> Verdict {
        guard token.count > 4, let body = Base64.decode(token.extracting(4..<token.count)),
            JSONText.isObject(body, withKey: "o")
        else { return .checkFailed }
        return .checked
    }

    /// A PyPI token: `pypi-` and a macaroon in base64url.
    ///
    /// One that does not parse may have been cut out of its text badly, so that does not count against it.
    package static func pyPI(_ token: Span<UInt8>) -> Verdict {
        guard token.count > 5, let body = Base64.decode(token.extracting(5..<token.count)), Macaroon.isWhole(body)
        else { return .wellFormed }
        return .checked
    }

    /// A Discord bot token: its first part is the bot's numeric id in base64.
    package static func discord(_ token: Span<UInt8>) -> Verdict {
        guard let dot = token.indices.first(where: { token[$0] == UInt8(ascii: ".") }),
            let id = Base64.decode(token.extracting(0..<dot)), (17...20).contains(id.count),
            id.allSatisfy({ ByteClass.digits.contains($0) })
        else { return .checkFailed }
        return .checked
    }
}

/// As much of JSON as is needed to know a token's header.
enum JSONText {
    /// Whether `bytes` look like one object that has `key` at its top level.
    static func isObject(_ bytes: [UInt8], withKey key: String) -> Bool {
        var depth = 0
        var index = 0
        var found = false
        var opened = false
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                if !opened, bytes[index] != UInt8(ascii: "{") { return false }
                if opened, depth == 0 { return false }
                opened = true
                depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth < 0 { return false }
            case UInt8(ascii: "\""):
                guard let end = endOfString(in: bytes, from: index + 1) else { return false }
                if depth == 1, bytes[index + 1..<end].elementsEqual(key.utf8) {
                    var next = end + 1
                    while next < bytes.count, isSpace(bytes[next]) { next += 1 }
                    if next < bytes.count, bytes[next] == UInt8(ascii: ":") { found = true }
                }
                index = end
            case let byte where depth == 0 && !isSpace(byte):
                return false
            case let byte where byte < 0x20 && !isSpace(byte):
                return false
            default:
                break
            }
            index += 1
        }
        return found && depth == 0
    }

    private static func endOfString(in bytes: [UInt8], from start: Int) -> Int? {
        var index = start
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""): return index
            case UInt8(ascii: "\\"): index += 2
            default: index += 1
            }
        }
        return nil
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }
}

/// The second binary form of macaroons, as PyPI's tokens use it.
///
/// A header, then caveats, then a signature. Header and caveats are fields (type, length, bytes) up to a zero;
/// another zero ends the caveats. See https://github.com/rescrv/libmacaroons/blob/master/doc/format.txt.
enum Macaroon {
    static func isWhole(_ bytes: [UInt8]) -> Bool {
        let version: UInt8 = 2
        let identifier = 2
        let signature = 6
        guard bytes.first == version else { return false }
        var rest = bytes.dropFirst()
        guard let header = section(&rest), header.contains(identifier) else { return false }
        while rest.first != 0 {
            guard let caveat = section(&rest), caveat.contains(identifier) else { return false }
        }
        rest = rest.dropFirst()
        return field(&rest) == signature && rest.isEmpty
    }

    /// The types of the fields up to the next zero.
    private static func section(_ rest: inout ArraySlice<UInt8>) -> [Int]? {
        var types: [Int] = []
        while let first = rest.first {
            if first == 0 {
                rest = rest.dropFirst()
                return types
            }
            guard let type = field(&rest) else { return nil }
            types.append(type)
        }
        return nil
    }

    /// Takes one field off `rest`.
    private static func field(_ rest: inout ArraySlice<UInt8>) -> Int? {
        guard let type = number(&rest), let length = number(&rest), length <= rest.count else { return nil }
        rest = rest.dropFirst(length)
        return type
    }

    /// Takes a number off `rest`: seven bits a byte, lowest first. Three bytes are more than a token can need.
    private static func number(_ rest: inout ArraySlice<UInt8>) -> Int? {
        var value = 0
        for shift in [0, 7, 14] {
            guard let byte = rest.popFirst() else { return nil }
            value |= Int(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        return nil
    }
}
