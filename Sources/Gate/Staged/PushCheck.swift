// What a push would bring to a remote.

import Detection
package import Git
package import Scanning
import Settings

/// A line that git hands to `pre-push`.
package struct PushedReference: Sendable, Equatable {
    package var localName: String
    /// Zero when the remote's reference is to be deleted.
    package var localID: ObjectID
    package var remoteName: String
    /// Zero when the remote does not have it.
    package var remoteID: ObjectID

    /// The lines of git's list.
    ///
    /// - Returns: nil when a line is none of them.
    package static func parse(_ text: [UInt8]) -> [PushedReference]? {
        var found: [PushedReference] = []
        for line in text.split(separator: UInt8(ascii: "\n")) {
            // A name holds no space, but `HEAD~1` and the like may stand in the first place.
            let parts = line.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
            guard parts.count >= 4, let remote = ObjectID(hexadecimal: parts[parts.count - 1]),
                let local = ObjectID(hexadecimal: parts[parts.count - 3])
            else { return nil }
            found.append(
                PushedReference(
                    localName: parts[..<(parts.count - 3)].joined(separator: " "), localID: local,
                    remoteName: parts[parts.count - 2], remoteID: remote))
        }
        return found
    }
}

extension StagedCheck {
    /// What a push of these references adds to what the remote, and every remote that this clone knows, has already;
    /// nil when it adds nothing.
    package static func addition(
        of references: [PushedReference], _ repository: borrowing Repository
    ) throws -> ScanRequest.Addition? {
        let pushed = references.filter { $0.localID != .zero && $0.localID != $0.remoteID }
        guard !pushed.isEmpty else { return nil }
        // What the remote has that is not here cannot be walked from; what this clone knows of remotes still counts.
        var known = pushed.map(\.remoteID).filter { $0 != .zero && (try? repository.header(of: $0)) != nil }
        var unreadable: [Gap] = []
        let all = try repository.references {
            unreadable.append(Gap(kind: .unreadableReference, subject: $0, reason: $1))
        }
        known += all.filter { $0.name.hasPrefix("refs/remotes/") }.map(\.target)
            .filter { (try? repository.header(of: $0))?.kind == .commit }
        var seen: Set<ObjectID> = []
        let tips = pushed.map(\.localID).filter { seen.insert($0).inserted }
        return ScanRequest.Addition(
            tips: tips, known: Array(Set(known)).sorted(), words: "what the push adds to \(pushed[0].remoteName)")
    }

    /// A scan's findings as what a push is refused for.
    package func report(of scan: ScanReport) -> GateReport {
        var report = GateReport(gaps: scan.gaps, fileCount: scan.statistics.blobCount)
        report.byteCount = scan.statistics.byteCount
        for finding in scan.findings where finding.severity >= settings.failOn ?? .low {
            guard let place = finding.occurrences.first else { continue }
            let commit = finding.history.introduced.map { ", since commit \($0.id.short)" } ?? ""
            let isFile = finding.ruleID == Rule.dotenvFile.id
            report.problems.append(
                GateProblem(
                    kind: isFile ? .dotenvFile : .credential, path: place.path ?? place.words,
                    line: isFile ? 0 : place.line, column: isFile ? 0 : place.column, ruleID: finding.ruleID,
                    title: finding.title, mask: finding.mask, reason: finding.reason + commit,
                    fingerprint: finding.fingerprint, severity: finding.severity))
        }
        report.settle(settings: settings, isAccepted: isAccepted)
        return report
    }
}

extension Occurrence {
    /// For a place without a path.
    fileprivate var words: String {
        switch source {
        case .blob(let id, _): "blob \(id.short)"
        case .file(let path): path
        case .commitMessage(let id): "message of commit \(id.short)"
        case .tagMessage(let id): "message of tag \(id.short)"
        case .standardInput: "standard input"
        }
    }
}
