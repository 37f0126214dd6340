// Edits of an object's text that leave every other byte where it is.

import JSON
import Secrets

/// Collects edits and makes them in one pass.
struct ContentSplice {
    private let content: SecretContent
    private let members: [JSONValue]
    private let positions: [KeyBytes: Int]
    private var replacements: [Int: SharedSecret] = [:]
    private var removals: Set<Int> = []
    private var additions: [(key: String, literal: SharedSecret)] = []

    init(_ content: SecretContent) {
        self.content = content
        members = content.document.root.members.map(\.value)
        var positions: [KeyBytes: Int] = [:]
        for (index, key) in content.keys.enumerated() { positions[KeyBytes(key)] = index }
        self.positions = positions
    }

    mutating func remove(_ key: String) {
        if let index = positions[KeyBytes(key)] { removals.insert(index) }
    }

    mutating func set(_ key: String, _ literal: SharedSecret) {
        guard let index = positions[KeyBytes(key)] else {
            additions.append((key, literal))
            return
        }
        // The same value in another spelling is no change.
        if let new = try? JSONDocument(copying: literal),
            ContentValue(json: new.root).isSame(as: ContentValue(json: members[index]))
        {
            return
        }
        replacements[index] = literal
    }

    func result() -> SharedSecret {
        guard !replacements.isEmpty || !removals.isEmpty || !additions.isEmpty else { return content.text }
        return content.document.withText { bytes in SharedSecret(spliced(bytes)) }
    }

    private func spliced(_ bytes: Span<UInt8>) -> SecretValue {
        let object = content.document.root.range
        let style = Style(bytes, object: object, members: members)
        var output = SecretBuffer(capacity: bytes.count + 512)
        var done = 0
        let kept = members.indices.filter { !removals.contains($0) }
        guard let firstKept = kept.first else {
            output.append(bytes.extracting(0..<object.lowerBound + 1))
            if !additions.isEmpty {
                output.append(style.leading)
                append(additions, to: &output, style, isFirst: true)
                output.append(style.trailing)
            }
            output.append(bytes.extracting(object.upperBound - 1..<bytes.count))
            return output.finish()
        }
        // What stands before the first member stays; members removed from the front go with the comma behind them,
        // all others with the comma before them.
        if firstKept > 0 {
            output.append(bytes.extracting(0..<keyStart(0)))
            done = keyStart(firstKept)
        }
        for index in kept {
            let value = members[index].range
            if index > firstKept, removals.contains(index - 1) { done = members[index - 1].range.upperBound }
            if let literal = replacements[index] {
                output.append(bytes.extracting(done..<value.lowerBound))
                literal.withValue { output.append($0) }
            } else {
                output.append(bytes.extracting(done..<value.upperBound))
            }
            done = value.upperBound
        }
        append(additions, to: &output, style, isFirst: false)
        if let last = members.last { done = last.range.upperBound }
        output.append(bytes.extracting(done..<bytes.count))
        return output.finish()
    }

    private func append(
        _ additions: [(key: String, literal: SharedSecret)], to output: inout SecretBuffer, _ style: Style,
        isFirst: Bool
    ) {
        for (index, addition) in additions.enumerated() {
            if index > 0 || !isFirst { output.append(style.separator) }
            var name = JSONWriter()
            name.string(addition.key)
            output.append(name.finish())
            output.append(style.colon)
            addition.literal.withValue { output.append($0) }
        }
    }

    private func keyStart(_ index: Int) -> Int {
        members[index].keyRange?.lowerBound ?? members[index].range.lowerBound
    }
}

/// How a document spaces its members: white space, commas and colons, nothing secret.
private struct Style {
    /// Between `{` and the first name.
    var leading: [UInt8] = []
    /// Between the last value and `}`.
    var trailing: [UInt8] = []
    /// Between a value and the next name, comma included.
    var separator: [UInt8] = Array(",".utf8)
    /// Between a name and its value, colon included.
    var colon: [UInt8] = Array(":".utf8)

    init(_ bytes: Span<UInt8>, object: Range<Int>, members: [JSONValue]) {
        func text(_ range: Range<Int>) -> [UInt8] { range.map { bytes[$0] } }
        let inside = object.lowerBound + 1..<object.upperBound - 1
        guard let first = members.first, let last = members.last, let firstKey = first.keyRange,
            let lastKey = last.keyRange
        else {
            // An empty object that is spread over lines is one that somebody means to read.
            if inside.contains(where: { bytes[$0] == 0x0A }) {
                (leading, trailing) = (Array("\n  ".utf8), Array("\n".utf8))
                (separator, colon) = (Array(",\n  ".utf8), Array(": ".utf8))
            }
            return
        }
        leading = text(inside.lowerBound..<firstKey.lowerBound)
        trailing = text(last.range.upperBound..<inside.upperBound)
        colon = text(lastKey.upperBound..<last.range.lowerBound)
        if members.count > 1 {
            separator = text(members[members.count - 2].range.upperBound..<lastKey.lowerBound)
        } else if !leading.isEmpty {
            separator = Array(",".utf8) + leading
        } else if colon.count > 1 {
            // `{"a": 1}`, as most writers have it by default: they put a space behind the comma too.
            separator = Array(", ".utf8)
        }
    }
}
