// The written schedule: a table between two marks, in a document that is otherwise the team's.

import Checklist
import World

/// When a key was changed, and when it is to be changed again.
struct RotationRow: Sendable, Equatable {
    var key: String
    var owner: String
    /// `2026-11-24`, both.
    var changed: String
    var next: String
    var days: Int
}

/// The document, taken apart: what is around the table stays byte for byte.
struct RotationDocument {
    static let begin = "<!-- migrate:rotation:begin -->"
    static let end = "<!-- migrate:rotation:end -->"
    private static let titles = ["Key", "Owner", "Last changed", "Days", "Next"]

    private let text: [UInt8]
    /// Where the table stands, marks included; nil where there is none yet.
    private let table: Range<Int>?
    /// In the order of the table; a row that cannot be read is left out, and written anew.
    let rows: [RotationRow]

    /// - Throws: `StepFailure` for marks that do not belong together.
    init(_ text: [UInt8], path: String) throws {
        self.text = text
        let begins = Self.places(of: Self.begin, in: text)
        let ends = Self.places(of: Self.end, in: text)
        guard let start = begins.first, let stop = ends.first else {
            guard begins.isEmpty, ends.isEmpty else { throw Self.broken(path) }
            table = nil
            rows = []
            return
        }
        guard begins.count == 1, ends.count == 1, start < stop else { throw Self.broken(path) }
        let range = start..<stop + Self.end.utf8.count
        table = range
        rows = String(decoding: text[start + Self.begin.utf8.count..<stop], as: UTF8.self)
            .split(whereSeparator: \.isNewline).compactMap { Self.row($0) }
    }

    private static func broken(_ path: String) -> StepFailure {
        StepFailure(
            "\(PlainText.line(path)) has the marks of the rotation table more than once, or not both of them",
            remedy: "leave one `\(begin)` with one `\(end)` after it, or remove them all", kind: .refused)
    }

    /// The document with this table in the place of its own, or at the end.
    /// - Parameter secret: in words, for a document that is new.
    func with(_ rows: [RotationRow], secret: String) -> [UInt8] {
        let firstEnd = text.firstIndex(of: 0x0A)
        let lineEnd = firstEnd.map { $0 > 0 && text[$0 - 1] == 0x0D } ?? false ? "\r\n" : "\n"
        let rendered = Array(Self.table(rows).joined(separator: lineEnd).utf8)
        if let table { return text[..<table.lowerBound] + rendered + text[table.upperBound...] }
        var head: [String]
        if text.isEmpty {
            head = [
                "# Rotation of secrets", "", "Who changes the values of \(secret), and when.",
                "`migrate apply` keeps the table; owners can be changed in it.", "",
            ]
        } else {
            head = ["", "## Rotation of \(secret)", ""]
            if text.last != 0x0A { head.insert("", at: 0) }
        }
        return text + Array((head.map { $0 + lineEnd }.joined()).utf8) + rendered + Array(lineEnd.utf8)
    }

    // MARK: The table

    private static func table(_ rows: [RotationRow]) -> [String] {
        let cells = [titles] + rows.map { [escaped($0.key), escaped($0.owner), $0.changed, String($0.days), $0.next] }
        let widths = titles.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
        func line(_ cells: [String]) -> String {
            "| "
                + zip(cells, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: " | ")
                + " |"
        }
        let rule = "| " + widths.map { String(repeating: "-", count: max(3, $0)) }.joined(separator: " | ") + " |"
        return [begin, line(cells[0]), rule] + cells.dropFirst().map(line) + [end]
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            if character == "|" || character == "\\" { result += "\\" }
            result.append(character)
        }
        return result
    }

    /// Nil for the head, the rule, and what is no row.
    private static func row(_ line: Substring) -> RotationRow? {
        var cells: [String] = []
        var cell = ""
        var isEscaped = false
        for character in line {
            if isEscaped {
                cell.append(character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "|" {
                cells.append(trimmed(cell))
                cell = ""
            } else {
                cell.append(character)
            }
        }
        // Before the first bar there is nothing, and behind the last one neither.
        guard cells.count >= 6, cells[0].isEmpty, !cells[1].isEmpty, let days = Int(cells[4]),
            Day.instant(cells[3]) != nil, Day.instant(cells[5]) != nil
        else { return nil }
        return RotationRow(key: cells[1], owner: cells[2], changed: cells[3], next: cells[5], days: days)
    }

    private static func trimmed(_ text: String) -> String {
        var text = text[...]
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }

    private static func places(of mark: String, in text: [UInt8]) -> [Int] {
        let mark = Array(mark.utf8)
        guard text.count >= mark.count else { return [] }
        return (0...(text.count - mark.count)).filter { text[$0] == mark[0] && text[$0...].starts(with: mark) }
    }
}

/// Days of the calendar, UTC.
enum Day {
    /// Midnight of `2026-11-24`; nil for anything else.
    static func instant(_ text: String) -> Instant? {
        guard text.utf8.count == 10 else { return nil }
        return Instant(iso8601: text + "T00:00:00Z")
    }

    static func adding(_ days: Int, to day: String) -> String? {
        instant(day).map { ($0 + Double(days) * 86_400).day }
    }
}
