// The values that a scan has found, to be looked for in a text, byte for byte.

import Detection
import Scanning
import Secrets

/// The values of all findings.
struct LeakedBytes {
    private let values: [SharedSecret]
    /// In bytes. A shorter value counts only as a whole: "1234" stands in many a text.
    private static let shortestPart = 8

    init(_ values: [SharedSecret]) { self.values = values.filter { $0.count >= 4 } }

    init(_ findings: RepositoryFindings) {
        self.init(findings.report.findings.compactMap { findings.value(of: $0) })
    }

    /// Whether the text is one of the values, or has one in it.
    func isIn(_ text: some Collection<UInt8>) -> Bool {
        guard !text.isEmpty else { return false }
        let text = Array(text)
        return values.contains { value in
            value.withBytes { bytes in
                guard bytes.count <= text.count else { return false }
                if bytes.count < Self.shortestPart || bytes.count == text.count {
                    return bytes.count == text.count && Self.isSame(bytes, text, at: 0)
                }
                return (0...text.count - bytes.count).contains { Self.isSame(bytes, text, at: $0) }
            }
        }
    }

    private static func isSame(_ value: Span<UInt8>, _ text: [UInt8], at offset: Int) -> Bool {
        for index in value.indices where value[index] != text[offset + index] { return false }
        return true
    }
}
