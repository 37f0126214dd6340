// A finding as it is kept: where it stands and how it came and went.

import Detection
import Git

extension Finding {
    func write(to writer: inout ReportWriter) {
        fingerprint.write(to: &writer)
        for text in [ruleID, title, provider] { writer.write(text) }
        writer.write(severity.rawValue)
        writer.write(verdict)
        writer.write(mask)
        writer.write(name) { $0.write($1) }
        writer.write(reason)
        writer.write(revocation)
        writer.write(occurrences) { $1.write(to: &$0) }
        history.write(to: &writer)
    }

    init(from reader: inout ReportReader) throws(ReportReader.Damaged) {
        self.init(
            fingerprint: Fingerprint(bits: try reader.bits()), ruleID: try reader.text(), title: try reader.text(),
            provider: try reader.text(), severity: try reader.severity(), verdict: try reader.value(),
            mask: try reader.text(),
            name: try reader.optional { reader throws(ReportReader.Damaged) in try reader.text() },
            reason: try reader.text(), revocation: try reader.text(),
            occurrences: try reader.list { reader throws(ReportReader.Damaged) in try Occurrence(from: &reader) },
            history: try History(from: &reader))
    }
}

extension Fingerprint {
    func write(to writer: inout ReportWriter) { writer.write(bits: bits) }
}

extension ReportReader {
    mutating func fingerprints() throws(Damaged) -> [Fingerprint] {
        try list { reader throws(Damaged) in Fingerprint(bits: try reader.bits()) }
    }

    fileprivate mutating func severity() throws(Damaged) -> Severity {
        guard let severity = Severity(rawValue: try number()) else { throw Damaged() }
        return severity
    }

    fileprivate mutating func objectID() throws(Damaged) -> ObjectID {
        guard let id = ObjectID(hexadecimal: try text()) else { throw Damaged() }
        return id
    }
}

extension Occurrence {
    fileprivate func write(to writer: inout ReportWriter) {
        switch source {
        case .blob(let id, let path):
            writer.write(0)
            writer.write(id.description)
            writer.write(path) { $0.write($1) }
        case .file(let path):
            writer.write(1)
            writer.write(path)
        case .commitMessage(let id):
            writer.write(2)
            writer.write(id.description)
        case .tagMessage(let id):
            writer.write(3)
            writer.write(id.description)
        case .standardInput: writer.write(4)
        }
        for number in [range.lowerBound, range.upperBound, line, column] { writer.write(number) }
        // A set has no order of its own: the same report is to give the same bytes.
        writer.write(Reach.allCases.filter(reach.contains)) { $0.write($1) }
    }

    fileprivate init(from reader: inout ReportReader) throws(ReportReader.Damaged) {
        let source: Source
        switch try reader.number() {
        case 0:
            source = .blob(
                try reader.objectID(),
                path: try reader.optional { reader throws(ReportReader.Damaged) in try reader.text() })
        case 1: source = .file(path: try reader.text())
        case 2: source = .commitMessage(try reader.objectID())
        case 3: source = .tagMessage(try reader.objectID())
        case 4: source = .standardInput
        default: throw ReportReader.Damaged()
        }
        let (start, end) = (try reader.number(), try reader.number())
        guard start <= end else { throw ReportReader.Damaged() }
        self.init(
            source: source, range: start..<end, line: try reader.number(), column: try reader.number(),
            reach: Set(try reader.list { reader throws(ReportReader.Damaged) in try reader.value() }))
    }
}

extension History {
    func write(to writer: inout ReportWriter) {
        for summary in [introduced, removed] { writer.write(summary) { $1.write(to: &$0) } }
        writer.write(commitCount)
        writer.write(references)
        writer.write(isInHead)
        writer.write(isPushed)
    }

    init(from reader: inout ReportReader) throws(ReportReader.Damaged) {
        self.init()
        introduced = try reader.optional { reader throws(ReportReader.Damaged) in try CommitSummary(from: &reader) }
        removed = try reader.optional { reader throws(ReportReader.Damaged) in try CommitSummary(from: &reader) }
        commitCount = try reader.number()
        references = try reader.texts()
        isInHead = try reader.flag()
        isPushed = try reader.flag()
    }
}

extension CommitSummary {
    fileprivate func write(to writer: inout ReportWriter) {
        writer.write(id.description)
        writer.write(authorName)
        writer.write(authorEmail)
        writer.write(Int(time))
        writer.write(subject)
    }

    fileprivate init(from reader: inout ReportReader) throws(ReportReader.Damaged) {
        self.init(
            id: try reader.objectID(), authorName: try reader.text(), authorEmail: try reader.text(),
            time: Int64(try reader.number()), subject: try reader.text())
    }
}
