// Whether a value that stands elsewhere is one that a scan has found.

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

    package var isEmpty: Bool { findings.isEmpty }

    /// The finding whose value this is, or is a part of it (the password of a database's URL); nil for none.
    package func finding(of value: SharedSecret, key: String) -> Finding? {
        if findings.isEmpty || value.isEmpty { return nil }
        let direct: Finding? = value.withBytes { bytes -> Finding? in
            for rule in ruleIDs {
                if let finding = findings[Fingerprint(rule: rule, value: bytes)] { return finding }
            }
            return nil
        }
        if let direct { return direct }
        // The scanner sees what it would see in a file, under the same name.
        var text = SecretBuffer(capacity: value.count + key.utf8.count + 2)
        text.append(key)
        text.append(UInt8(ascii: "="))
        value.withValue { text.append($0) }
        let bytes = text.withBytes { span in span.indices.map { span[$0] } }
        let found = try? scanner.scan(bytes: bytes, request: ScanRequest(path: ".", jobs: 1))
        return found?.findings.lazy.compactMap { findings[$0.fingerprint] }.first
    }
}
