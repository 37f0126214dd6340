// From a scan report to the objects of SARIF.

import Detection
import Git
import Scanning

struct SARIFBuilder {
    let report: ScanReport
    let version: String
    let repositoryURI: String?
    let revision: String?
    let utf16Column: ((Occurrence) -> Int?)?

    /// GitHub shows at most a hundred related places of one result.
    private static let relatedLimit = 100

    var log: SARIFLog {
        let rules = self.rules
        let indices = Dictionary(uniqueKeysWithValues: rules.enumerated().map { ($1.id, $0) })
        let results =
            report.findings.map { result(of: $0, ruleIndex: indices[$0.ruleID] ?? 0, ground: nil) }
            + report.accepted.findings.map {
                result(of: $0.finding, ruleIndex: indices[$0.finding.ruleID] ?? 0, ground: $0.ground)
            }
        let provenance = repositoryURI.map {
            [SARIFLog.VersionControlDetails(repositoryUri: $0, revisionId: revision, branch: report.target.head)]
        }
        return SARIFLog(runs: [
            SARIFLog.Run(
                tool: SARIFLog.Tool(driver: .init(name: "migrate", semanticVersion: version, rules: rules)),
                invocations: [
                    SARIFLog.Invocation(
                        // A scan with gaps must not pass for a clean one.
                        executionSuccessful: report.isComplete,
                        toolExecutionNotifications: report.gaps.map(notification) + report.notes.map(notification))
                ],
                versionControlProvenance: provenance,
                originalUriBaseIds: [
                    "SRCROOT": .init(
                        uri: nil, uriBaseId: nil, description: .init(text: "The root of what was scanned."))
                ],
                results: results)
        ])
    }

    // MARK: Rules

    private var rules: [SARIFLog.ReportingDescriptor] {
        var worst: [String: Finding] = [:]
        for finding in report.findings + report.accepted.findings.map(\.finding) {
            if let known = worst[finding.ruleID], known.severity >= finding.severity { continue }
            worst[finding.ruleID] = finding
        }
        return worst.values.sorted { $0.ruleID < $1.ruleID }.map { finding in
            let title = finding.title(in: report.target)
            let help =
                finding.revocation.isEmpty
                ? "Replace the value where it is used, then take it out of the repository." : finding.revocation
            return SARIFLog.ReportingDescriptor(
                id: finding.ruleID, name: Self.camelCase(finding.ruleID), shortDescription: .init(text: title),
                fullDescription: .init(text: title + " in the repository or its history."),
                help: .init(text: help), helpUri: Self.page(in: finding.revocation),
                defaultConfiguration: .init(level: Self.level(finding.severity)),
                properties: .init(tags: ["security", "secret"], securitySeverity: Self.score(finding.severity)))
        }
    }

    static func level(_ severity: Severity) -> String {
        switch severity {
        case .critical, .high: "error"
        case .medium: "warning"
        case .low, .info: "note"
        }
    }

    /// Within the bands that GitHub gives the same words to.
    private static func score(_ severity: Severity) -> String {
        switch severity {
        case .critical: "9.5"
        case .high: "8.0"
        case .medium: "5.5"
        case .low: "2.0"
        case .info: "0.1"
        }
    }

    private static func camelCase(_ id: String) -> String {
        id.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    /// The web page that a revocation text is.
    private static func page(in text: String) -> String? {
        guard text.hasPrefix("https://"), let word = text.split(separator: " ").first else { return nil }
        var page = word
        while let last = page.last, ".,;:)>".contains(last) { page.removeLast() }
        return page.utf8.allSatisfy { (0x21...0x7e).contains($0) && !"<>\"{}|\\^`".utf8.contains($0) }
            ? String(page) : nil
    }

    // MARK: Results

    /// - Parameter ground: why it does not count; nil where it does.
    private func result(
        of finding: Finding, ruleIndex: Int, ground: AcceptedFinding.Ground?
    ) -> SARIFLog.Result {
        let suppression = ground.map { ground in
            var kind = "external"
            if case .marker = ground { kind = "inSource" }
            return SARIFLog.Result.Suppression(kind: kind, status: "accepted", justification: ground.inWords)
        }
        let situation = Situation(of: finding, in: report.target)
        var text = finding.title(in: report.target) + (finding.mask.isEmpty ? "" : " " + finding.mask)
        if let name = finding.name { text += " (\(name))" }
        text += situation == .pushed ? " is pushed." : "."
        if !finding.history.isInHead, finding.history.commitCount > 0 { text += " It is only in history." }
        if let action = Advice.actions(for: finding, in: report.target).first { text += " " + action.title + "." }

        // A service drops a whole file for one result without a place.
        let first =
            finding.occurrences.first.map { location(of: $0, id: nil) }
            ?? SARIFLog.Location(
                id: nil, physicalLocation: .init(artifactLocation: artifact("unknown"), region: nil), message: nil,
                properties: nil)
        let related = finding.occurrences.dropFirst().prefix(Self.relatedLimit).enumerated()
            .map { location(of: $1, id: $0 + 1) }
        return SARIFLog.Result(
            ruleId: finding.ruleID, ruleIndex: ruleIndex, level: Self.level(finding.severity),
            message: .init(text: text), locations: [first], relatedLocations: related.isEmpty ? nil : related,
            partialFingerprints: ["migrate/v1": finding.fingerprint.description],
            suppressions: report.accepted.findings.isEmpty ? nil : suppression.map { [$0] } ?? [],
            properties: .init(
                situation: situation.rawValue, verdict: finding.verdict.rawValue, name: finding.name,
                occurrenceCount: finding.occurrences.count,
                introducedIn: finding.history.introduced?.id.description,
                introducedAt: finding.history.introduced.map { Timestamp($0.time).iso8601 },
                removedIn: finding.history.removed?.id.description, references: finding.history.references))
    }

    private func location(of occurrence: Occurrence, id: Int?) -> SARIFLog.Location {
        var object: ObjectID?
        var message: String?
        let path: String
        switch occurrence.source {
        case .blob(let name, let known):
            object = name
            path = known ?? Self.objectPath(name)
            if known == nil { message = "A blob that no tree names." }
        case .file(let known): path = known
        case .commitMessage(let name):
            object = name
            path = Self.objectPath(name)
            message = "The message of commit \(name.short)."
        case .tagMessage(let name):
            object = name
            path = Self.objectPath(name)
            message = "The message of tag \(name.short)."
        case .standardInput: path = "stdin"
        }
        let column = utf16Column?(occurrence) ?? occurrence.column
        return SARIFLog.Location(
            id: id,
            physicalLocation: .init(
                artifactLocation: artifact(path),
                region: .init(startLine: max(1, occurrence.line), startColumn: max(1, column))),
            message: message.map(SARIFLog.Message.init),
            properties: .init(
                object: object?.description, reach: Reach.allCases.filter(occurrence.reach.contains).map(\.rawValue)))
    }

    /// Where git keeps (or would keep) an object as a file of its own: services insist on a path.
    private static func objectPath(_ id: ObjectID) -> String {
        let digits = id.description
        return ".git/objects/" + digits.prefix(2) + "/" + digits.dropFirst(2)
    }

    private func artifact(_ path: String) -> SARIFLog.ArtifactLocation {
        .init(uri: Self.relativeURI(path), uriBaseId: "SRCROOT", description: nil)
    }

    /// A path as a relative reference (RFC 3986): all but unreserved bytes and `/` are percent-encoded.
    static func relativeURI(_ path: String) -> String {
        let digits = Array("0123456789ABCDEF")
        var result = ""
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"), UInt8(ascii: "/"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                result.append("%")
                result.append(digits[Int(byte >> 4)])
                result.append(digits[Int(byte & 15)])
            }
        }
        return result
    }

    // MARK: Gaps and notes

    private func notification(_ gap: Gap) -> SARIFLog.Notification {
        .init(
            level: "error", message: .init(text: "Could not be read: \(gap.subject): \(gap.reason)"),
            descriptor: .init(id: gap.kind.rawValue))
    }

    private func notification(_ note: String) -> SARIFLog.Notification {
        .init(level: "note", message: .init(text: note), descriptor: .init(id: "note"))
    }
}
