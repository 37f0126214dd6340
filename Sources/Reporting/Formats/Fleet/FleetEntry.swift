// One repository of a fleet: its report, or why there is none.

import Detection
package import JSON
package import Scanning

/// One repository as a document has it, and what the summary needs of it.
package struct FleetEntry: Sendable {
    /// From 1, in the list.
    package let position: Int
    /// As the list has it.
    package let path: String
    /// The entry in JSON, on one line without its line break, byte for byte as it was first written.
    package let text: [UInt8]
    /// Why it could not be scanned; nil when it was.
    let failure: String?
    /// What could not be read in it.
    let gapCount: Int
    let findings: [FleetFinding]

    var isComplete: Bool { failure == nil && gapCount == 0 }

    /// The entry of a repository that was scanned.
    ///
    /// Durations are left out of it, and what a cache has saved: the same repository gives the same bytes again.
    package init(_ entry: RepositoryList.Entry, _ report: ScanReport, version: String) throws {
        var report = report
        report.target.path = entry.path
        report.statistics.seconds = 0
        report.statistics.byteCount = 0
        report.statistics.knownObjectCount = 0
        let document = JSONDocument(report, version: version, reveal: nil)
        try self.init(written: Written(position: entry.position, path: entry.path, report: document, error: nil))
    }

    /// The entry of one that could not be.
    ///
    /// - Parameter failure: in one line.
    package init(_ entry: RepositoryList.Entry, failure: String) throws {
        try self.init(
            written: Written(position: entry.position, path: entry.path, report: nil, error: ["reason": failure]))
    }

    /// Read back from what was written: a merged report must say the same as one that was never in parts.
    private init(written: Written) throws {
        var line = try JSONText.line(written)
        line.removeLast()
        let document = try JSON.JSONDocument(parsing: line)
        guard let entry = FleetEntry(document.root, text: line) else { throw FleetError.damaged("its own entry") }
        self = entry
    }

    /// An entry of a document; nil for what is none.
    package init?(_ value: JSONValue, text: [UInt8]) {
        guard let position = value["position"]?.int, position > 0, let path = value["path"]?.string else { return nil }
        self.position = position
        self.path = path
        self.text = text
        if let report = value["report"] {
            guard report["schema"]?.string == JSONReport.schema, let list = report["findings"],
                list.kind == .array, let gaps = report["gaps"], gaps.kind == .array, report["complete"]?.bool != nil
            else { return nil }
            failure = nil
            // A document that calls itself incomplete is believed, whatever it lists.
            gapCount = max(gaps.count, report["complete"]?.bool == false ? 1 : 0)
            var findings: [FleetFinding] = []
            for value in list.elements {
                guard let finding = FleetFinding(value) else { return nil }
                findings.append(finding)
            }
            self.findings = findings
        } else {
            guard let reason = value["error"]?["reason"]?.string else { return nil }
            failure = reason
            gapCount = 0
            findings = []
        }
    }

    private struct Written: Encodable {
        let position: Int
        let path: String
        let report: JSONDocument?
        let error: [String: String]?
    }
}

/// A finding as the summary of a fleet has it.
struct FleetFinding: Sendable, Equatable {
    let fingerprint: String
    let ruleID: String
    let title: String
    let severity: Severity
    let mask: String
    let name: String?
    let situation: String
    /// `src/mail.py:12`; "" where there is none.
    let place: String
    let placeCount: Int

    init?(_ value: JSONValue) {
        guard let fingerprint = value["fingerprint"]?.string, let ruleID = value["ruleId"]?.string,
            let title = value["title"]?.string, let mask = value["mask"]?.string,
            let severity = value["severity"]?.string.flatMap(Severity.init(name:)),
            let places = value["occurrences"], places.kind == .array
        else { return nil }
        self.fingerprint = fingerprint
        self.ruleID = ruleID
        self.title = title
        self.severity = severity
        self.mask = mask
        name = value["name"]?.string
        situation = value["situation"]?.string ?? ""
        placeCount = places.count
        let first = places.elements.first
        place =
            first?["path"]?.string.map { "\($0):\(first?["line"]?.int ?? 1)" }
            ?? first.map { ($0["source"]?.string ?? "") + ($0["object"]?.string.map { " " + $0.prefix(10) } ?? "") }
            ?? ""
    }
}

extension FleetEntry {
    /// From its line in a document that is still being written; nil for what is none.
    package init?(line: [UInt8]) {
        guard let document = try? JSON.JSONDocument(parsing: line) else { return nil }
        self.init(document.root, text: line)
    }
}
