// The file of `docker run --env-file`: no quotes, no escapes, no comments after values.

import JSON
import Secrets

struct DockerEnvExport: ValueExport {
    /// Docker reads lines shorter than 64 KiB (Go's `bufio.MaxScanTokenSize`).
    private static let longestLine = 65_534

    func refusal(of value: DeliveredValue) -> RefusedKey.Reason? {
        if let reason = value.environmentRefusal { return reason }
        if value.contains(UInt8(ascii: "\n"), UInt8(ascii: "\r")) { return .lineBreak }
        let length = value.key.utf8.count + 1 + value.text.count
        return length > Self.longestLine ? .tooLong(bytes: length, limit: Self.longestLine) : nil
    }

    func written(_ values: [DeliveredValue]) -> [Export.Part] {
        var buffer = SecretBuffer(capacity: values.reduce(64) { $0 + $1.text.count + 32 })
        for value in values {
            buffer.append("\(value.key)=")
            value.text.withValue { buffer.append($0) }
            buffer.append("\n")
        }
        return [Export.Part(destination: .output, content: SharedSecret(buffer.finish()))]
    }

    /// As Docker reads it: white space before a line goes, `#` at its start makes a comment, the first `=` ends the
    /// name, and what comes then is the value, white space and all.
    func readBack(_ parts: [Export.Part]) -> [ReadValue]? {
        parts.first?.content.withBytes { bytes in
            var found: [ReadValue] = []
            var start = 0
            while start < bytes.count {
                var end = start
                while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
                let next = end + 1
                if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
                while start < end, bytes[start] == UInt8(ascii: " ") || bytes[start] == UInt8(ascii: "\t") {
                    start += 1
                }
                if start < end, bytes[start] != UInt8(ascii: "#") {
                    let line = bytes.extracting(start..<end)
                    guard JSONWriter.isText(line),
                        let equals = line.indices.first(where: { line[$0] == UInt8(ascii: "=") })
                    else { return nil }
                    let name = String(decoding: (0..<equals).map { line[$0] }, as: UTF8.self)
                    let value = SecretValue(copying: line.extracting((equals + 1)...))
                    found.append(ReadValue(name: name, text: SharedSecret(value)))
                }
                start = next
            }
            return found
        }
    }
}
