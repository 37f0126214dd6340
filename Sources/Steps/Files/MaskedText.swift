// Lines of files as a preview may show them.

import Detection
import Dotenv

/// Text with every value hidden that is not plainly a stand-in.
enum MaskedText {
    /// How the lines of a file are read.
    enum Form: Sendable {
        /// All values are hidden but placeholders.
        case dotenv
        /// Prose and patterns: only what looks like a secret is hidden.
        case plain
    }

    /// A line, or an entry of several, as it is and as it may be shown.
    struct Line: Equatable {
        /// With its line ending.
        var bytes: [UInt8]
        var shown: String
    }

    static func lines(of bytes: [UInt8], as form: Form) -> [Line] {
        switch form {
        case .plain: plainLines(bytes)
        case .dotenv: dotenvLines(bytes)
        }
    }

    private static func plainLines(_ bytes: [UInt8]) -> [Line] {
        var lines: [Line] = []
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.count
            let line = Array(bytes[start..<end])
            lines.append(Line(bytes: line, shown: shown(withoutMark(line))))
            start = end
        }
        return lines
    }

    private static func dotenvLines(_ bytes: [UInt8]) -> [Line] {
        let document = DotenvDocument(parsing: bytes)
        return document.nodes.map { node in
            let text = Array(document.text[node.span])
            switch node {
            case .blank: return Line(bytes: text, shown: "")
            case .comment: return Line(bytes: text, shown: shown(withoutMark(text), isStrict: true))
            // It may be a part of a value that was never closed.
            case .malformed: return Line(bytes: text, shown: Mask.hidden)
            case .entry(let entry): return Line(bytes: text, shown: shown(entry, document))
            }
        }
    }

    private static func shown(_ entry: Entry, _ document: DotenvDocument) -> String {
        let value = document.text[entry.valueSpan]
        let name = (entry.isExported ? "export " : "") + entry.key
        guard let separator = entry.separator else { return PlainText.line(name) }
        let mark = separator == .equals ? "=" : ": "
        let isShown = value.isEmpty || isPlaceholder(value)
        let comment = entry.commentSpan.map {
            " " + SecretWords.hiding(Array(document.text[$0]), isStrict: true, by: hidden)
        }
        return PlainText.line(name + mark)
            + (isShown ? PlainText.line(document.text[entry.rawValueSpan]) : hidden(value))
            + (comment.map { PlainText.line($0) } ?? "")
    }

    /// A line of prose, a comment or a pattern.
    private static func shown(_ line: [UInt8], isStrict: Bool = false) -> String {
        PlainText.line(SecretWords.hiding(trimmed(line), isStrict: isStrict, by: hidden))
    }

    private static func hidden(_ value: ArraySlice<UInt8>) -> String {
        let bytes = Array(value)
        return Mask.ofStandalone(bytes.span)
    }

    private static func isPlaceholder(_ value: ArraySlice<UInt8>) -> Bool {
        let bytes = Array(value)
        return StandaloneValue.isPlaceholder(bytes.span)
    }

    /// Without its line ending.
    private static func trimmed(_ line: [UInt8]) -> [UInt8] {
        var line = line
        while let last = line.last, last == 0x0A || last == 0x0D { line.removeLast() }
        return line
    }

    private static func withoutMark(_ line: [UInt8]) -> [UInt8] {
        line.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(line.dropFirst(3)) : line
    }
}
