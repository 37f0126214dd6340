// The state file as text: one event a line, so that two people's work on different steps merges.

import JSON
import Secrets

extension StateFile {
    /// Indented, ending in a line end; equal states give equal bytes.
    package func bytes() -> [UInt8] {
        var text: [UInt8] = []
        func line(_ indent: Int, _ parts: [UInt8]...) {
            text.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indent * 2))
            for part in parts { text.append(contentsOf: part) }
            text.append(0x0A)
        }
        let comma = [UInt8(ascii: ",")]
        line(0, Array("{".utf8))
        line(1, Self.member("schema", "migrate.state/\(Self.version)"), comma)
        line(1, Array("\"checklist\": {".utf8))
        line(2, Self.member("id", checklist), comma)
        line(2, Self.member("digest", digest), comma)
        line(2, Self.member("order", order.rawValue))
        line(1, Array("},".utf8))
        line(1, Array("\"steps\": {".utf8))
        for (index, entry) in entries.enumerated() {
            line(2, Self.quoted(entry.id), Array(": {".utf8))
            line(3, Self.member("state", entry.record.state.rawValue), comma)
            // The brackets have lines of their own even around nothing: a first event then only adds lines.
            line(3, Array("\"events\": [".utf8))
            for (number, event) in entry.record.events.enumerated() {
                let isLast = number == entry.record.events.count - 1
                line(4, EventJSON.bytes(of: event, withDigest: true), isLast ? [] : comma)
            }
            line(3, Array("]".utf8))
            line(2, Array("}".utf8), index == entries.count - 1 ? [] : comma)
        }
        line(1, Array("}".utf8))
        line(0, Array("}".utf8))
        return text
    }

    private static func member(_ name: String, _ value: String) -> [UInt8] {
        quoted(name) + Array(": ".utf8) + quoted(value)
    }

    private static func quoted(_ text: String) -> [UInt8] {
        var json = JSONWriter()
        json.string(text)
        return json.finish().withBytes { span in span.withUnsafeBufferPointer { Array($0) } }
    }
}
