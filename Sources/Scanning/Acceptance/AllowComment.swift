// Comments by which people tell scanners that a value may stay where it is.

/// `gitleaks:allow` and its like, on the line of a value.
package enum AllowComment {
    /// On the value's own line.
    private static let onLine: [[UInt8]] = [
        "gitleaks:allow", "betterleaks:allow", "trufflehog:ignore", "kingfisher:ignore", "ggignore", "migrate:ignore",
        "pragma: allowlist secret", "pragma: whitelist secret",
    ].map { Array($0.utf8) }
    /// On the line before.
    private static let onLineBefore: [[UInt8]] = [
        "pragma: allowlist nextline secret", "pragma: whitelist nextline secret",
    ].map { Array($0.utf8) }

    /// How far from the value a comment is looked for, in bytes: in a file of one long line, a comment is not about
    /// all that is in it.
    private static let reach = 400

    /// The words by which the value at `range` may stay; nil when nothing says so.
    ///
    /// - Parameter content: of the whole file.
    package static func words(in content: Span<UInt8>, at range: Range<Int>) -> String? {
        guard range.lowerBound >= 0, range.upperBound <= content.count, !range.isEmpty else { return nil }
        let start = lineStart(of: range.lowerBound, in: content, atLeast: range.lowerBound - reach)
        // A value of several lines, a private key, has the comment behind its last one.
        var end = range.upperBound
        while end < content.count, end < range.upperBound + reach, content[end] != newline { end += 1 }
        // Not in the value itself.
        for part in [start..<range.lowerBound, range.upperBound..<end] {
            if let words = first(of: onLine, in: content, part) { return words }
        }
        guard start > 0, content[start - 1] == newline else { return nil }
        let before = lineStart(of: start - 1, in: content, atLeast: start - 1 - reach)
        return first(of: onLineBefore, in: content, before..<start - 1)
    }

    private static let newline = UInt8(ascii: "\n")

    private static func lineStart(of place: Int, in content: Span<UInt8>, atLeast least: Int) -> Int {
        var start = place
        while start > max(0, least), content[start - 1] != newline { start -= 1 }
        return start
    }

    private static func first(of markers: [[UInt8]], in content: Span<UInt8>, _ range: Range<Int>) -> String? {
        for marker in markers where range.count >= marker.count {
            for place in range.lowerBound...(range.upperBound - marker.count)
            where isThere(marker, in: content, at: place, within: range) {
                return String(decoding: marker, as: UTF8.self)
            }
        }
        return nil
    }

    /// As a word of its own, in any case.
    private static func isThere(
        _ marker: [UInt8], in content: Span<UInt8>, at start: Int, within range: Range<Int>
    ) -> Bool {
        if start > range.lowerBound, isWord(content[start - 1]) { return false }
        for (offset, byte) in marker.enumerated() {
            let found = content[start + offset]
            let lower = (0x41...0x5A).contains(found) ? found | 0x20 : found
            guard lower == byte else { return false }
        }
        let end = start + marker.count
        return end >= range.upperBound || !isWord(content[end])
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || byte == 0x5F
            || byte == 0x2D
    }
}
