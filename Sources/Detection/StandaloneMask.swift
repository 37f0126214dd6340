// What may be shown of a value that stands alone under a name, such as one that a store holds.

extension Mask {
    /// The mask of a value whose rule is not looked for, so that no patterns need compiling: a SendGrid key's id, an
    /// AWS key id, scheme and host of a URL; of anything else nothing, not even its length.
    package static func ofStandalone(_ value: Span<UInt8>) -> String {
        if value.count == 69, isSendGrid(value) { return text(value, 0..<25) + hidden }
        if value.count == 20, isAWSKeyID(value) { return text(value, 0..<20) }
        return ofURL(value) ?? hidden
    }

    private static func isSendGrid(_ value: Span<UInt8>) -> Bool {
        guard value[0] == UInt8(ascii: "S"), value[1] == UInt8(ascii: "G"), value[2] == UInt8(ascii: "."),
            value[25] == UInt8(ascii: ".")
        else { return false }
        return value.indices.allSatisfy { $0 == 2 || $0 == 25 || isBase64URL(value[$0]) }
    }

    private static func isAWSKeyID(_ value: Span<UInt8>) -> Bool {
        ["AKIA", "ASIA"].contains(text(value, 0..<4))
            && value.indices.dropFirst(4).allSatisfy {
                (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(value[$0])
                    || (UInt8(ascii: "2")...UInt8(ascii: "7")).contains(value[$0])
            }
    }

    /// `postgres://********@db.example.com/********`: user, password, path and query stay hidden, as each has been seen
    /// to hold a secret.
    private static func ofURL(_ value: Span<UInt8>) -> String? {
        var scheme = 0
        while scheme < value.count, isWord(value[scheme]) || value[scheme] == UInt8(ascii: "+") { scheme += 1 }
        guard (2...20).contains(scheme), scheme + 3 < value.count, value[scheme] == UInt8(ascii: ":"),
            value[scheme + 1] == UInt8(ascii: "/"), value[scheme + 2] == UInt8(ascii: "/")
        else { return nil }
        var end = scheme + 3
        var at: Int?
        while end < value.count, !"/?#".utf8.contains(value[end]) {
            if value[end] == UInt8(ascii: "@") { at = end }
            end += 1
        }
        let start = at.map { $0 + 1 } ?? scheme + 3
        // A password with a `/` in it would make a host of its first part: without a user, only what looks like one is.
        let isHost =
            start < end && end - start <= longestHost
            && (start..<end).allSatisfy { isWord(value[$0]) || "-.:[]".utf8.contains(value[$0]) }
            && (start..<end).contains { value[$0] == UInt8(ascii: ".") || at != nil }
        let hasMore = end < value.count
        guard isHost, at != nil || !(start..<end).contains(where: { value[$0] == UInt8(ascii: ":") }) else {
            return text(value, 0..<scheme + 3) + hidden
        }
        return text(value, 0..<scheme + 3) + (at == nil ? "" : hidden + "@") + text(value, start..<end)
            + (hasMore ? "/" + hidden : "")
    }

    /// DNS allows no longer name; a port comes on top.
    private static let longestHost = 253 + 6

    private static func text(_ value: Span<UInt8>, _ range: Range<Int>) -> String {
        String(decoding: range.map { value[$0] }, as: UTF8.self)
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    private static func isBase64URL(_ byte: UInt8) -> Bool {
        isWord(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }
}
