// What commands leave behind for the hook: digests of the values that they had in memory.

import Detection
import Gate
import Scanning
import Secrets
import Stores

enum RememberedValues {
    /// A finding's value is read once more for it: of more findings than this, only the most urgent ones'.
    private static let mostFindings = 1_000

    /// The values of a secret that was written or read.
    ///
    /// - Parameter root: the folder whose settings named it.
    static func note(_ content: SecretContent, root: String) {
        KnownValues.remember(
            content.keys.compactMap { key in content.value(of: key).map { RememberedValue(name: key, value: $0.text()) }
            },
            root: root)
    }

    /// The values that a scan has found and nobody answers for.
    static func note(_ report: ScanReport, path: String, root: String) {
        let findings = report.findings.filter { $0.severity >= .medium && !$0.mask.isEmpty }
        guard !findings.isEmpty, KnownValues.isKept(root: root) else { return }
        let lender = ValueLender(path: path)
        KnownValues.remember(
            findings.prefix(mostFindings).compactMap { finding in
                guard let place = finding.occurrences.first, let value = lender.value(at: place) else { return nil }
                return RememberedValue(name: finding.name ?? "", value: SharedSecret(value), isFromScan: true)
            }, root: root)
    }
}
