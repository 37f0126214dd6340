// A commit's message, as git will keep it.

import Detection
import Git
import Scanning

extension StagedCheck {
    /// How a message is made from the file that git hands to `commit-msg`.
    package struct MessageRules: Sendable {
        /// What lines begin with that git takes out; nil where it keeps all lines.
        package var comment: [UInt8]?

        /// - Parameters:
        ///   - commentCharacter: `core.commentChar`.
        ///   - cleanup: `commit.cleanup`.
        ///   - isEdited: whether an editor was opened: without one git keeps all lines.
        package init(commentCharacter: String?, cleanup: String?, isEdited: Bool) {
            let keepsAll = ["verbatim", "whitespace", "scissors"].contains(cleanup ?? "default")
            guard isEdited, !keepsAll, commentCharacter != "auto" else {
                comment = nil
                return
            }
            let character = commentCharacter.flatMap { $0.isEmpty ? nil : $0 } ?? "#"
            comment = Array(character.utf8)
        }
    }

    private static let scissors = Array(" ------------------------ >8 ------------------------".utf8)

    /// Looks at a message.
    ///
    /// - Parameter shownPath: what the report calls it.
    package func run(message: [UInt8], shownPath: String, rules: MessageRules) throws -> GateReport {
        let text = Self.kept(message, rules)
        var report = GateReport(fileCount: 1)
        let reader = try ContentReader(compiled())
        try text.withUnsafeBytes { bytes in
            let content = try reader.read(bytes, path: shownPath, isDotenvRead: false)
            var covered: [Range<Int>] = []
            for finding in content.findings {
                for place in finding.occurrences {
                    covered.append(place.range)
                    report.problems.append(
                        GateProblem(
                            kind: .credential, path: shownPath, line: place.line, column: place.column,
                            ruleID: finding.ruleID, title: finding.title, mask: finding.mask, reason: finding.reason,
                            fingerprint: finding.fingerprint, severity: finding.severity))
                }
            }
            for value in known.matches(in: bytes) where !covered.contains(where: { $0.overlaps(value.range) }) {
                report.problems.append(value.problem(path: shownPath, in: bytes))
            }
        }
        report.byteCount = text.count
        report.settle(settings: settings, isAccepted: isAccepted)
        return report
    }

    /// What git does not keep becomes blank, so that lines and columns stay what they are in the file.
    static func kept(_ message: [UInt8], _ rules: MessageRules) -> [UInt8] {
        var text = message
        var start = 0
        while start < text.count {
            let end = text[start...].firstIndex(of: 0x0A) ?? text.count
            let line = text[start..<end]
            // Below the scissors stands what `git commit --verbose` shows. Their comment character may be any.
            if line.hasSuffix(Self.scissors), line.count <= Self.scissors.count + 8 {
                return Array(text[..<start])
            }
            if let comment = rules.comment, line.starts(with: comment) {
                for index in start..<end { text[index] = UInt8(ascii: " ") }
            }
            start = end + 1
        }
        return text
    }
}

extension ArraySlice<UInt8> {
    fileprivate func hasSuffix(_ other: [UInt8]) -> Bool {
        count >= other.count && suffix(other.count).elementsEqual(other)
    }
}

extension KnownValues.Match {
    func problem(path: String, in bytes: UnsafeRawBufferPointer) -> GateProblem {
        let (line, column) = TextPlace.of(range.lowerBound, in: bytes)
        return GateProblem(
            kind: .knownValue, path: path, line: line, column: column, ruleID: KnownValues.ruleID,
            title: isFromScan ? "Value of an earlier finding" : "Value of the configured secret", mask: Mask.hidden,
            reason: isFromScan
                ? "an earlier scan of this clone has found it as a secret"
                : "migrate has put it into the secret, or read it there",
            fingerprint: fingerprint, severity: .high)
    }
}
