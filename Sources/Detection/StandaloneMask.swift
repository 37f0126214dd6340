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
        guard let start = StandaloneValue.authority(of: value), (2...20).contains(start - 3),
            (0..<start - 3).allSatisfy({ isWord(value[$0]) || value[$0] == UInt8(ascii: "+") }), start < value.count
        else { return nil }
        let scheme = text(value, 0..<start)
        if let url = URLPassword.parse(anchor: start - 3..<start, in: value) {
            return scheme + hidden + "@" + text(value, url.host)
                + (url.host.upperBound < value.count ? "/" + hidden : "")
        }
        // Without a password a user is one: `https://KEY@host`. Without a user the host must look like one, and a colon
        // may stand before a password whose `@` got lost.
        let end = (start..<value.count).first { "/?#".utf8.contains(value[$0]) } ?? value.count
        let at = (start..<end).last { value[$0] == UInt8(ascii: "@") }
        let host = (at.map { $0 + 1 } ?? start)..<end
        let isHost =
            !host.isEmpty && host.count <= longestHost
            && host.allSatisfy { isWord(value[$0]) || "-.:[]".utf8.contains(value[$0]) }
            && (at != nil || host.contains { value[$0] == UInt8(ascii: ".") })
            && (at != nil || !host.contains { value[$0] == UInt8(ascii: ":") })
        guard isHost else { return scheme + hidden }
        return scheme + (at == nil ? "" : hidden + "@") + text(value, host) + (end < value.count ? "/" + hidden : "")
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

/// What can be told of a value that stands alone.
package enum StandaloneValue {
    /// Whether it stands for one that nobody has filled in. A URL is judged by its password, if it has one, and not by a
    /// host that has "example" in its name.
    package static func isPlaceholder(_ value: Span<UInt8>) -> Bool {
        if let start = authority(of: value), let url = URLPassword.parse(anchor: start - 3..<start, in: value) {
            return URLPassword.judge(url, in: value, context: .dotenv).valueClass == .placeholder
        }
        return Placeholder.isPlaceholder(value)
    }

    /// Where what follows the first `://` begins; nil without one.
    static func authority(of value: Span<UInt8>) -> Int? {
        guard value.count > 3 else { return nil }
        return (0..<value.count - 3).first { start in
            value[start] == UInt8(ascii: ":") && value[start + 1] == UInt8(ascii: "/")
                && value[start + 2] == UInt8(ascii: "/")
        }.map { $0 + 3 }
    }
}
