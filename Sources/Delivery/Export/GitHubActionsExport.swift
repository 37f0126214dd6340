// Masks for GitHub's log, and variables for the steps that follow.

import JSON
import Secrets

/// Two parts: `::add-mask::` commands for the runner to hide the values in the log, and `NAME<<DELIMITER` blocks for the
/// file that `GITHUB_ENV` names. The masks go first, so that nothing is shown in between.
struct GitHubActionsExport: ValueExport {
    let allowsProtectedNames: Bool
    let randomBytes: @Sendable (_ count: Int) -> [UInt8]

    func refusal(of value: DeliveredValue) -> RefusedKey.Reason? {
        if let reason = value.environmentRefusal { return reason }
        // The runner passes over its own variables, and over NODE_OPTIONS for safety.
        if value.key.uppercased().hasPrefix("GITHUB_") || value.key.uppercased().hasPrefix("RUNNER_")
            || value.key == "NODE_OPTIONS"
        {
            return .reservedByPlatform
        }
        guard !allowsProtectedNames else { return nil }
        return ProtectedName.group(of: value.key).map { .protected($0) }
    }

    func written(_ values: [DeliveredValue]) throws(DeliveryError) -> [Export.Part] {
        [
            Export.Part(destination: .workflowCommands, content: masks(values)),
            Export.Part(destination: .environmentFile, content: try variables(values)),
        ]
    }

    /// In bytes: shorter lines of a longer value get no mask of their own.
    private static let shortestLine = 4

    /// One mask for the whole value and one for each of its lines, which is how a log shows them.
    ///
    /// Lines of white space have none, for it would hide the log; nor have `true` and `false`.
    private func masks(_ values: [DeliveredValue]) -> SharedSecret {
        var buffer = SecretBuffer()
        for value in values where value.kind != .boolean {
            value.text.withBytes { bytes in
                Self.appendMask(bytes, to: &buffer)
                guard value.contains(UInt8(ascii: "\n"), UInt8(ascii: "\r")) else { return }
                var start = 0
                for index in 0...bytes.count
                where index == bytes.count || bytes[index] == UInt8(ascii: "\n") || bytes[index] == UInt8(ascii: "\r") {
                    // A mask of `{` or of one letter would hide it everywhere in the log.
                    if index - start >= Self.shortestLine {
                        Self.appendMask(bytes.extracting(start..<index), to: &buffer)
                    }
                    start = index + 1
                }
            }
        }
        return SharedSecret(buffer.finish())
    }

    private static func appendMask(_ line: Span<UInt8>, to buffer: inout SecretBuffer) {
        guard line.indices.contains(where: { line[$0] > UInt8(ascii: " ") }) else { return }
        buffer.append("::add-mask::")
        for index in line.indices {
            // Commands are a line each, and write these three in hexadecimal.
            switch line[index] {
            case UInt8(ascii: "%"): buffer.append("%25")
            case UInt8(ascii: "\r"): buffer.append("%0D")
            case UInt8(ascii: "\n"): buffer.append("%0A")
            default: buffer.append(line[index])
            }
        }
        buffer.append("\n")
    }

    private func variables(_ values: [DeliveredValue]) throws(DeliveryError) -> SharedSecret {
        var buffer = SecretBuffer(capacity: values.reduce(64) { $0 + $1.text.count + 128 })
        for value in values {
            guard let delimiter = delimiter(for: value) else {
                throw .refused([RefusedKey(key: value.key, reason: .notReadBack)])
            }
            buffer.append("\(value.key)<<\(delimiter)\n")
            value.text.withValue { buffer.append($0) }
            buffer.append("\n\(delimiter)\n")
        }
        return SharedSecret(buffer.finish())
    }

    /// A line that nobody can guess and the value does not have: whoever writes the value must not be able to end it
    /// and go on with variables of their own. Nil when randomness is broken.
    private func delimiter(for value: DeliveredValue) -> String? {
        for _ in 0..<8 {
            let random = randomBytes(16)
            guard random.count == 16 else { return nil }
            let delimiter = "EOF_" + random.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            if !value.text.withBytes({ $0.holds(Array(delimiter.utf8)) }) { return delimiter }
        }
        return nil
    }

    /// As the runner reads the file: lines end at a line feed alone, and a carriage return belongs to the value.
    func readBack(_ parts: [Export.Part]) -> [ReadValue]? {
        parts.last?.content.withBytes { bytes in
            var found: [ReadValue] = []
            var lines = LineCursor(count: bytes.count)
            while let head = lines.next(in: bytes) {
                // A name, `<<` and the delimiter; with `=` before that, it would be a variable on one line.
                let name = head.prefix { EnvironmentName.isWord(bytes[$0]) }
                guard name.upperBound + 2 <= head.upperBound, bytes[name.upperBound] == UInt8(ascii: "<"),
                    bytes[name.upperBound + 1] == UInt8(ascii: "<")
                else { return nil }
                let delimiter = (name.upperBound + 2..<head.upperBound).map { bytes[$0] }
                let start = lines.offset
                var end = start
                while true {
                    guard let next = lines.next(in: bytes) else { return nil }
                    if next.count == delimiter.count, next.elementsEqual(delimiter, by: { bytes[$0] == $1 }) { break }
                    end = next.upperBound
                }
                let value = SecretValue(copying: bytes.extracting(start..<end))
                let key = String(decoding: name.map { bytes[$0] }, as: UTF8.self)
                found.append(ReadValue(name: key, text: SharedSecret(value)))
            }
            return found
        }
    }
}

/// Goes through lines that end with a line feed.
private struct LineCursor {
    let count: Int
    private(set) var offset = 0

    init(count: Int) { self.count = count }

    mutating func next(in bytes: Span<UInt8>) -> Range<Int>? {
        guard offset < count else { return nil }
        let start = offset
        var end = start
        while end < count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
        offset = end + 1
        return start..<end
    }
}

extension Span<UInt8> {
    /// Whether `bytes` stand somewhere in it.
    fileprivate func holds(_ bytes: [UInt8]) -> Bool {
        guard count >= bytes.count else { return false }
        return (0...count - bytes.count).contains { start in
            bytes.indices.allSatisfy { self[start + $0] == bytes[$0] }
        }
    }
}
