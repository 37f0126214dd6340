// `--range`, read.

import ArgumentParser
import Scanning

enum CommitRange {
    /// `A..B`, `A...B`, `..B`, `A..` or `B`; an end that is left out is HEAD.
    static func parse(_ text: String) throws -> ScanRequest.Selection {
        for (separator, symmetric) in [("...", true), ("..", false)] {
            let parts = text.splitOnce(separator)
            guard let (left, right) = parts else { continue }
            guard !left.isEmpty || !right.isEmpty, !right.contains("..") else { break }
            return .range(from: left.isEmpty ? "HEAD" : left, to: right.isEmpty ? "HEAD" : right, symmetric: symmetric)
        }
        guard !text.isEmpty, !text.contains("..") else {
            throw ValidationError("--range takes A..B, A...B or B, not '\(text)'.")
        }
        return .range(from: nil, to: text, symmetric: false)
    }
}

extension String {
    fileprivate func splitOnce(_ separator: String) -> (String, String)? {
        let (text, mark) = (Array(utf8), Array(separator.utf8))
        guard text.count >= mark.count else { return nil }
        for start in 0...(text.count - mark.count) where text[start..<start + mark.count].elementsEqual(mark) {
            return (
                String(decoding: text[..<start], as: UTF8.self),
                String(decoding: text[(start + mark.count)...], as: UTF8.self)
            )
        }
        return nil
    }
}
