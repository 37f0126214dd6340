// A state file that git could not merge.

/// The markers that git leaves, and what they are about.
struct MergeConflict {
    /// Of the first marker, from 1.
    private(set) var line = 0
    private(set) var ours = ""
    private(set) var theirs = ""
    private(set) var steps: [String] = []

    /// Nil when there are no markers.
    init?(in bytes: [UInt8]) {
        var step: String?
        var inside = false
        for (index, content) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            if let label = Self.label("<<<<<<<", content) {
                if line == 0 { (line, ours) = (index + 1, label) }
                inside = true
            } else if let label = Self.label(">>>>>>>", content) {
                if line == 0 { line = index + 1 }
                if theirs.isEmpty { theirs = label }
                inside = false
            } else if let name = Self.step(content) {
                step = name
            } else if inside, let step, !steps.contains(step), Self.isContent(content) {
                steps.append(step)
            }
        }
        guard line > 0 else { return nil }
    }

    func error(path: String) -> StateError {
        .mergeConflict(
            path: path, line: line, ours: ours.isEmpty ? "two sides" : ours,
            theirs: theirs.isEmpty ? "the other" : theirs, steps: steps)
    }

    private static func label(_ marker: String, _ line: ArraySlice<UInt8>) -> String? {
        guard line.starts(with: marker.utf8) else { return nil }
        let rest = line.dropFirst(marker.utf8.count)
        guard rest.isEmpty || rest.first == UInt8(ascii: " ") else { return nil }
        return StateText.oneLine(String(decoding: rest, as: UTF8.self), limit: 60)
    }

    /// `    "store-values": {`, as this program writes it.
    private static func step(_ line: ArraySlice<UInt8>) -> String? {
        let (start, end) = (Array("    \"".utf8), Array("\": {".utf8))
        let line = line.last == 0x0D ? line.dropLast() : line
        guard line.count > start.count + end.count, line.starts(with: start), line.suffix(end.count).elementsEqual(end)
        else { return nil }
        let name = String(decoding: line.dropFirst(start.count).dropLast(end.count), as: UTF8.self)
        return StateText.oneLine(name, limit: 60)
    }

    /// Whether the line is of a step's state or events.
    private static func isContent(_ line: ArraySlice<UInt8>) -> Bool {
        let content = line.drop { $0 == UInt8(ascii: " ") }
        return content.starts(with: "\"state\"".utf8) || content.starts(with: "{\"event\"".utf8)
    }
}
