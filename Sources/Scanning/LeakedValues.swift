// Whether values that stand elsewhere are ones that a scan has found.

package import Detection
package import Secrets

/// The values of a scan's findings, known by their fingerprints alone.
package struct LeakedValues: Sendable {
    private let findings: [Fingerprint: Finding]
    private let ruleIDs: Set<String>
    private let scanner: Scanner

    /// - Parameter report: of the repository.
    package init(_ report: ScanReport, scanner: Scanner) {
        findings = Dictionary(report.findings.map { ($0.fingerprint, $0) }) { first, _ in first }
        ruleIDs = Set(report.findings.map(\.ruleID))
        self.scanner = scanner
    }

    /// The finding whose value this is, or is a part of it (the password of a database's URL, a line of several); nil
    /// for none.
    package func finding(of value: SharedSecret, key: String) -> Finding? {
        if findings.isEmpty || value.isEmpty { return nil }
        return value.withBytes { bytes in
            for range in Self.parts(of: bytes) {
                for rule in ruleIDs {
                    let fingerprint = Fingerprint(rule: rule, value: bytes.extracting(range))
                    if let finding = findings[fingerprint] { return finding }
                }
            }
            return scanned(bytes, key: key)
        }
    }

    /// The scanner sees what it would see in a file, under the same name.
    private func scanned(_ bytes: Span<UInt8>, key: String) -> Finding? {
        var text = Array(key.utf8) + [UInt8(ascii: "=")]
        text.reserveCapacity(text.count + bytes.count)
        for index in bytes.indices { text.append(bytes[index]) }
        defer { text.withUnsafeMutableBytes { SecretMemory.wipe($0) } }
        let found = try? scanner.scan(bytes: text, request: ScanRequest(path: ".", jobs: 1))
        return found?.findings.lazy.compactMap { findings[$0.fingerprint] }.first
    }

    /// A text of more lines is a file, not a password; and each costs thousands of hashes.
    private static let mostLines = 64
    /// In bytes: what is shorter is no line that a scan would have taken for a secret.
    private static let shortest = 4

    /// The whole, the whole without white space around it, and each line of several likewise.
    private static func parts(of bytes: Span<UInt8>) -> [Range<Int>] {
        func isSpace(_ index: Int) -> Bool { bytes[index] == 0x20 || (0x09...0x0D).contains(bytes[index]) }
        func trimmed(_ range: Range<Int>) -> Range<Int> {
            var (start, end) = (range.lowerBound, range.upperBound)
            while start < end, isSpace(start) { start += 1 }
            while end > start, isSpace(end - 1) { end -= 1 }
            return start..<end
        }
        var parts: [Range<Int>] = [0..<bytes.count, trimmed(0..<bytes.count)]
        var start = 0
        for index in bytes.indices where bytes[index] == 0x0A {
            if parts.count == mostLines { break }
            parts.append(trimmed(start..<index))
            start = index + 1
        }
        if start > 0 { parts.append(trimmed(start..<bytes.count)) }
        var seen: Set<Range<Int>> = []
        return parts.filter { $0.count >= shortest && seen.insert($0).inserted }
    }
}
