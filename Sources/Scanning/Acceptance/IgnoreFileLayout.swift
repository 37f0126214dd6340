// Reads `.migrate/ignore.yml` in the layout that this tool writes, which is nearly always the one there is.
//
// A hook reads the file at every commit, and a parser of all YAML takes thirty microseconds an entry. Whatever is not
// laid out exactly so is left to that parser: this one never refuses a file, and accepts none that the other would not.

import World

enum IgnoreFileLayout {
    /// The entries with their lines; nil for any other layout.
    static func entries(of bytes: [UInt8]) -> [IgnoreFileReader.Entry]? {
        guard bytes.count <= Acceptances.largest else { return nil }
        return bytes.withUnsafeBufferPointer { buffer in
            var reader = LayoutReader(bytes: buffer)
            return reader.entries()
        }
    }
}

private struct LayoutReader {
    let bytes: UnsafeBufferPointer<UInt8>
    /// Where the next line begins.
    var next = 0
    /// Of the line that was read last, from 1.
    var number = 0

    init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    mutating func entries() -> [IgnoreFileReader.Entry]? {
        var entries: [IgnoreFileReader.Entry] = []
        while let line = nextLine() {
            if line.isEmpty || bytes[line.lowerBound] == UInt8(ascii: "#") {
                guard isComment(line) else { return nil }
                continue
            }
            guard let entry = entry(line), entries.count < Acceptances.mostEntries else { return nil }
            entries.append(entry)
        }
        return entries
    }

    private mutating func entry(_ first: Range<Int>) -> IgnoreFileReader.Entry? {
        let line = number
        guard let digits = rest(of: first, after: "- fingerprint: \"", before: "\""), digits.count == 16,
            digits.allSatisfy({ (0x30...0x39).contains(bytes[$0]) || (0x61...0x66).contains(bytes[$0]) }),
            let reason = text("  reason: \""), let owner = text("  owner: \""), let last = nextLine(),
            let day = rest(of: last, after: "  until: ", before: ""),
            let end = AcceptanceEnd.inFile(string(day))
        else { return nil }
        var note: String?
        if next < bytes.count, bytes[next] == UInt8(ascii: " ") {
            note = text("  note: \"")
            if note == nil { return nil }
        }
        return IgnoreFileReader.Entry(
            acceptance: Acceptance(
                fingerprint: string(digits), reason: reason, owner: owner, until: end.instant, note: note),
            line: line)
    }

    private mutating func text(_ key: StaticString) -> String? {
        guard let line = nextLine(), let quoted = rest(of: line, after: key, before: "\"") else { return nil }
        var text: [UInt8] = []
        text.reserveCapacity(quoted.count)
        var isBlank = true
        var place = quoted.lowerBound
        while place < quoted.upperBound {
            let byte = bytes[place]
            switch byte {
            // Other characters have properties that only the parser of all YAML should judge.
            case 0x20: text.append(byte)
            case UInt8(ascii: "\""): return nil
            // It would look like an alias.
            case UInt8(ascii: "*") where " -[{,:?".utf8.contains(bytes[place - 1]): return nil
            case UInt8(ascii: "\\"):
                guard let (escaped, length) = escape(at: place, before: quoted.upperBound) else { return nil }
                text.append(escaped)
                place += length - 1
                isBlank = false
            case 0x21...0x7E:
                text.append(byte)
                isBlank = false
            default: return nil
            }
            place += 1
        }
        return isBlank ? nil : String(decoding: text, as: UTF8.self)
    }

    /// Those that are written here: `\"`, `\\`, `\x2A`.
    private func escape(at place: Int, before end: Int) -> (byte: UInt8, length: Int)? {
        guard place + 1 < end else { return nil }
        switch bytes[place + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): return (bytes[place + 1], 2)
        case UInt8(ascii: "x"):
            guard place + 3 < end, bytes[place + 2] == UInt8(ascii: "2"), bytes[place + 3] == UInt8(ascii: "A") else {
                return nil
            }
            return (UInt8(ascii: "*"), 4)
        default: return nil
        }
    }

    private mutating func nextLine() -> Range<Int>? {
        guard next < bytes.count else { return nil }
        let start = next
        var end = start
        while end < bytes.count, bytes[end] != 0x0A { end += 1 }
        next = end + 1
        number += 1
        return start..<end
    }

    /// Comments are not looked into, except for what no YAML may hold at all.
    private func isComment(_ line: Range<Int>) -> Bool { line.allSatisfy { (0x20...0x7E).contains(bytes[$0]) } }

    private func rest(of line: Range<Int>, after head: StaticString, before tail: StaticString) -> Range<Int>? {
        let (first, last) = (head.utf8CodeUnitCount, tail.utf8CodeUnitCount)
        guard line.count >= first + last else { return nil }
        for offset in 0..<first where bytes[line.lowerBound + offset] != head.utf8Start[offset] { return nil }
        for offset in 0..<last where bytes[line.upperBound - last + offset] != tail.utf8Start[offset] { return nil }
        return line.lowerBound + first..<line.upperBound - last
    }

    private func string(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}
