// A report as it is kept. Its findings point to values and carry none, and so does what is written here.

extension ScanReport {
    func write(to writer: inout ReportWriter) {
        target.write(to: &writer)
        writer.write(scope)
        writer.write(findings) { $1.write(to: &$0) }
        writer.write(dotenvFiles) { $1.write(to: &$0) }
        writer.write(ignoreAudit) { $1.write(to: &$0) }
        writer.write(gradedDown)
        writer.write(excludedCount)
        writer.write(gaps) { $1.write(to: &$0) }
        writer.write(notes)
        writer.write(nestedRepositories)
        statistics.write(to: &writer)
    }

    init(from reader: inout ReportReader) throws(ReportReader.Damaged) {
        self.init(
            target: try Target(from: &reader), scope: try reader.text(),
            findings: try reader.list { reader throws(ReportReader.Damaged) in try Finding(from: &reader) },
            dotenvFiles: try reader.list { reader throws(ReportReader.Damaged) in
                try DotenvFileReport(from: &reader)
            },
            ignoreAudit: try reader.optional { reader throws(ReportReader.Damaged) in try IgnoreAudit(from: &reader) },
            gradedDown: try reader.number())
        excludedCount = try reader.number()
        gaps = try reader.list { reader throws(ReportReader.Damaged) in try Gap(from: &reader) }
        notes = try reader.texts()
        nestedRepositories = try reader.texts()
        statistics = try Statistics(from: &reader)
    }
}

extension ScanReport.Target {
    fileprivate func write(to writer: inout ReportWriter) {
        writer.write(path)
        writer.write(kind)
        writer.write(head) { $0.write($1) }
        writer.write(isShallow)
        writer.write(isPartial)
        writer.write(isHistoryKnown)
    }

    fileprivate init(from reader: inout ReportReader) throws(ReportReader.Damaged) {
        self.init(
            path: try reader.text(), kind: try reader.value(),
            head: try reader.optional { reader throws(ReportReader.Damaged) in try reader.text() },
            isShallow: try reader.flag(), isPartial: try reader.flag())
        isHistoryKnown = try reader.flag()
    }
}

extension DotenvFileReport {
    fileprivate func write(to writer: inout ReportWriter) {
        writer.write(path)
        writer.write(isTemplate)
        writer.write(standing)
        writer.write(versionCount)
        history.write(to: &writer)
        writer.write(entries) { $1.write(to: &$0) }
    }

    fileprivate init(from reader: inout ReportReader) throws(ReportReader.Damaged) {
        self.init(
            path: try reader.text(), isTemplate: try reader.flag(), standing: try reader.value(),
            versionCount: try reader.number(), history: try History(from: &reader),
            entries: try reader.list { reader throws(ReportReader.Damaged) in try DotenvEntryReport(from: &reader) })
    }
}

extension DotenvEntryReport {
    fileprivate func write(to writer: inout ReportWriter) {
        writer.write(key)
        writer.write(valueClass)
        writer.write(reason)
        writer.write(isAmbiguous)
        writer.write(findings) { $1.write(to: &$0) }
    }

    fileprivate init(from reader: inout ReportReader) throws(ReportReader.Damaged) {
        self.init(
            key: try reader.text(), valueClass: try reader.value(), reason: try reader.text(),
            isAmbiguous: try reader.flag(), findings: try reader.fingerprints())
    }
}

extension IgnoreAudit {
    fileprivate func write(to writer: inout ReportWriter) {
        for texts in [openNames, privatelyIgnored, trackedThoughIgnored, ignoredTemplates, fix, obstacles] {
            writer.write(texts)
        }
    }

    fileprivate init(from reader: inout ReportReader) throws(ReportReader.Damaged) {
        self.init()
        openNames = try reader.texts()
        privatelyIgnored = try reader.texts()
        trackedThoughIgnored = try reader.texts()
        ignoredTemplates = try reader.texts()
        fix = try reader.texts()
        obstacles = try reader.texts()
    }
}

extension Gap {
    fileprivate func write(to writer: inout ReportWriter) {
        writer.write(kind)
        writer.write(subject)
        writer.write(reason)
    }

    fileprivate init(from reader: inout ReportReader) throws(ReportReader.Damaged) {
        self.init(kind: try reader.value(), subject: try reader.text(), reason: try reader.text())
    }
}

extension Statistics {
    fileprivate func write(to writer: inout ReportWriter) {
        for number in [objectCount, knownObjectCount, blobCount, commitCount, fileCount, byteCount, ruleCount] {
            writer.write(number)
        }
        writer.write(seconds)
    }

    fileprivate init(from reader: inout ReportReader) throws(ReportReader.Damaged) {
        self.init()
        objectCount = try reader.number()
        knownObjectCount = try reader.number()
        blobCount = try reader.number()
        commitCount = try reader.number()
        fileCount = try reader.number()
        byteCount = try reader.number()
        ruleCount = try reader.number()
        seconds = try reader.double()
    }
}
