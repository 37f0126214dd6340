// The SendGrid keys that leaked in this repository.

import Detection
import HTTP
import Scanning
package import Secrets
import SendGrid

import struct Checklist.StepFailure

/// A key that git has, or that stands in a file that git tracks.
package struct LeakedSendGridKey: Sendable {
    /// Its public handle at SendGrid.
    package let id: String
    package let value: SharedSecret
    /// A few of the paths where it stands, for people.
    package let places: [String]

    /// By id. A key that stands only in files that git does not have has not leaked.
    /// - Throws: `StepFailure` when the value of a finding cannot be read again.
    package static func all(in findings: RepositoryFindings) throws -> [LeakedSendGridKey] {
        var keys: [LeakedSendGridKey] = []
        for finding in findings.report.findings where finding.provider == "SendGrid" {
            guard finding.occurrences.contains(where: { !$0.reach.isSubset(of: [.untracked, .ignored]) }) else {
                continue
            }
            guard let value = findings.value(of: finding) else {
                throw StepFailure(
                    "the leaked key \(finding.mask) cannot be read again where it was found",
                    remedy: "migrate scan --no-cache", kind: .unknown)
            }
            // Of another form than keys have: nothing that could be asked about.
            guard let id = SendGridKey.publicID(of: value) else { continue }
            guard !keys.contains(where: { $0.value.isSame(as: value) }) else { continue }
            var places: [String] = []
            for place in finding.occurrences.compactMap(\.path) where !places.contains(place) { places.append(place) }
            keys.append(
                LeakedSendGridKey(
                    id: id, value: value, places: places.prefix(3).map { OneLine.of($0, limit: 100) }))
        }
        return keys.sorted { $0.id < $1.id }
    }

    /// `SG.<id>.********`
    package var mask: String { "SG.\(id).********" }
}
