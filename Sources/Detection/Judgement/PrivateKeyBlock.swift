// The span of a private key in PEM or a relative of it.

/// Finds the end of a private key block.
package enum PrivateKeyBlock {
    /// The longest block, in bytes.
    package static let limit = 16 * 1024
    /// The fewest bytes of base64 that make a body.
    package static let shortestBody = 64

    /// The fewest bytes of base64 in a row that a block must have somewhere: its lines have 64, and a program that speaks
    /// of keys has none as long.
    private static let shortestRun = 40

    /// The block whose `-----BEGIN` is at `hit`, up to the end of `-----END … KEY-----`.
    ///
    /// Line ends may be real, escaped (`\n`, `\r\n`, `\\n`), indented or quoted. A block that is
    /// cut off counts up to its last byte of base64. Nil for public keys, certificates and
    /// headers without a body.
    package static func parse(header hit: Range<Int>, in bytes: Span<UInt8>) -> Range<Int>? {
        let start = hit.lowerBound
        guard start >= 0, bytes.matches("-----begin", at: start) else { return nil }
        let limit = min(bytes.count, start + Self.limit)
        guard let bodyStart = endOfHeader(from: start + 10, in: bytes) else { return nil }
        var index = bodyStart
        var body = 0
        var lastOfBody = bodyStart
        var distinct: UInt64 = 0
        var run = 0
        var longestRun = 0
        var isKey: Bool {
            body >= shortestBody && distinct.nonzeroBitCount >= 12 && longestRun >= shortestRun
        }
        while index < limit {
            let byte = bytes[index]
            if byte == UInt8(ascii: "-"), bytes.matches("-----end", at: index) {
                guard isKey else { return nil }
                return start..<endOfFooter(from: index + 8, lastOfBody, limit, bytes)
            }
            if byte == UInt8(ascii: "-"), bytes.matches("-----begin", at: index) { break }
            if byte == UInt8(ascii: "\\"), index + 1 < limit {
                // An escape is a line end or a tab, or a backslash before one.
                index += bytes[index + 1] == UInt8(ascii: "\\") ? 1 : 2
                run = 0
                continue
            }
            if byte.isAlphanumeric || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "/")
                || byte == UInt8(ascii: "=")
            {
                body += 1
                run += 1
                longestRun = max(longestRun, run)
                distinct |= 1 << UInt64(byte & 63)
                lastOfBody = index + 1
            } else if !isBetweenLines(byte) {
                break
            } else {
                run = 0
            }
            index += 1
        }
        guard isKey else { return nil }
        return start..<lastOfBody
    }

    /// The end of ` RSA PRIVATE KEY-----` when it names a private key.
    private static func endOfHeader(from start: Int, in bytes: Span<UInt8>) -> Int? {
        let limit = min(bytes.count, start + 64)
        var index = start
        while index < limit, bytes[index] != UInt8(ascii: "-") {
            guard bytes[index].isAlphanumeric || bytes[index] == UInt8(ascii: " ") || bytes[index] == UInt8(ascii: "_")
            else { return nil }
            index += 1
        }
        guard index < limit, bytes.matches("-----", at: index) || bytes.matches("----", at: index),
            bytes.extracting(start..<index).holds("private key")
        else { return nil }
        while index < bytes.count, bytes[index] == UInt8(ascii: "-") { index += 1 }
        return index
    }

    private static func endOfFooter(from start: Int, _ lastOfBody: Int, _ limit: Int, _ bytes: Span<UInt8>) -> Int {
        var index = start
        while index < limit, index - start < 64, bytes[index] != UInt8(ascii: "-") {
            if bytes[index].isLineEnd { return lastOfBody }
            index += 1
        }
        guard index < limit, bytes[index] == UInt8(ascii: "-") else { return lastOfBody }
        let first = index
        while index < limit, index - first < 5, bytes[index] == UInt8(ascii: "-") { index += 1 }
        return index
    }

    /// White space, quotes and marks of concatenation between lines, and the marks of PEM headers.
    private static func isBetweenLines(_ byte: UInt8) -> Bool {
        byte.isBlank || byte.isLineEnd || "\"'+,:-.#*|>()_;@&".utf8.contains(byte)
    }
}
