// The lossless syntax of a dotenv file: every byte of the input belongs to exactly one node.

/// A dotenv file as it is written. Parsing never fails and takes linear time, whatever the bytes.
package struct DotenvDocument: Sendable {
    package let encoding: TextEncoding
    package let hasByteOrderMark: Bool
    /// In order; their spans tile `text`. A byte-order mark belongs to the first node.
    package let nodes: [Node]
    /// What the spans of nodes point into: the input itself, or its UTF-8 when it is UTF-16.
    package let text: [UInt8]

    private let source: [UInt8]
    private let transcoded: TranscodedText?
    private let lineStarts: [Int]
    /// The last offset of each quote in `text`, by which a dialect that reads past an entry is told.
    private let lastQuotes: (single: Int, double: Int)

    package init(parsing bytes: [UInt8]) {
        source = bytes
        encoding = TextEncoding.detected(in: bytes)
        switch encoding {
        case .utf8, .latin1: transcoded = nil
        case .utf16LittleEndian: transcoded = TranscodedText(utf16: bytes, littleEndian: true)
        case .utf16BigEndian: transcoded = TranscodedText(utf16: bytes, littleEndian: false)
        }
        text = transcoded?.utf8 ?? bytes
        hasByteOrderMark = text.starts(with: DotenvParser.byteOrderMark)

        var parser = DotenvParser(text: text, start: hasByteOrderMark ? DotenvParser.byteOrderMark.count : 0)
        nodes = parser.parse()
        lineStarts = [0] + text.indices.lazy.filter { [text] in text[$0] == Byte.lineFeed }.map { $0 + 1 }
        lastQuotes = (
            text.lastIndex(of: Byte.singleQuote) ?? -1,
            text.lastIndex(of: Byte.doubleQuote) ?? -1
        )
    }

    /// The entries in order, duplicates and all.
    package var entries: [Entry] {
        nodes.compactMap { node in
            if case .entry(let entry) = node { entry } else { nil }
        }
    }

    /// The bytes of the file: always the input.
    package func serialized() -> [UInt8] {
        guard transcoded == nil else { return source }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        for node in nodes { bytes += text[node.span] }
        return bytes
    }

    /// Maps an offset of `text` to line and column of the file, both from 1, columns in bytes of the file.
    package func position(of offset: Int) -> (line: Int, column: Int) {
        var (low, high) = (0, lineStarts.count - 1)
        while low < high {
            let middle = (low + high + 1) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle - 1 }
        }
        return (low + 1, sourceOffset(of: offset) - sourceOffset(of: lineStarts[low]) + 1)
    }

    /// Maps a range of `text` to the range of the file's own bytes, which differs for UTF-16.
    package func originalRange(of range: Range<Int>) -> Range<Int> {
        guard transcoded != nil else { return range }
        return sourceOffset(of: range.lowerBound)..<sourceOffset(of: range.upperBound)
    }

    /// Whether `quote` occurs at or after `offset`.
    func hasQuote(_ quote: Quote, from offset: Int) -> Bool {
        switch quote {
        case .single: lastQuotes.single >= offset
        case .double: lastQuotes.double >= offset
        case .none, .backtick: false
        }
    }

    private func sourceOffset(of offset: Int) -> Int {
        transcoded?.sourceOffset(of: offset) ?? offset
    }
}
