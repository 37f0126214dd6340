// What is in place and what is not, check by check.

package struct DoctorReport: Sendable {
    package enum Status: String, Sendable {
        case good
        /// Worth knowing; nothing fails for it.
        case note
        case problem
        /// It could not be found out.
        case unknown
    }

    package struct Check: Sendable {
        package var name: String
        package var status: Status
        /// One line.
        package var finding: String
        /// What to do about a problem.
        package var remedy: String?
        /// Further lines: where credentials were looked for, say.
        package var details: [String]

        package init(_ name: String, _ status: Status, _ finding: String, remedy: String? = nil, details: [String] = [])
        {
            self.name = name
            self.status = status
            self.finding = finding
            self.remedy = remedy
            self.details = details
        }
    }

    package var checks: [Check]

    package init(checks: [Check]) { self.checks = checks }

    package var hasProblems: Bool { checks.contains { $0.status == .problem } }
    package var hasUnknowns: Bool { checks.contains { $0.status == .unknown } }

    package func text(_ style: TerminalStyle) -> String {
        var page = style.page()
        let nameWidth = checks.map { TextWidth.of(page.sanitizer.clean($0.name)) }.max() ?? 0
        for check in checks {
            let name = page.sanitizer.clean(check.name)
            let gap = String(repeating: " ", count: nameWidth - TextWidth.of(name) + 2)
            page.paragraph(
                [
                    Self.sign(check.status, style), .whole(" "), .whole(name, .strong), .whole(gap),
                    Piece(check.finding),
                ],
                hanging: nameWidth + 4)
            for detail in check.details { page.paragraph([Piece(detail, .faint)], indent: nameWidth + 4) }
        }
        let remedies = checks.filter { $0.status == .problem }
        page.gap()
        if remedies.isEmpty {
            page.line(
                Piece(
                    hasUnknowns ? "No problem found; not everything could be found out." : "Everything is in place.",
                    .good))
        } else {
            page.line(Piece("To fix:", .strong))
            for (index, check) in remedies.enumerated() {
                page.paragraph(
                    [Piece("\(index + 1). \(check.name): " + (check.remedy ?? check.finding))], indent: 2, hanging: 5)
            }
        }
        return page.text
    }

    private static func sign(_ status: Status, _ style: TerminalStyle) -> Piece {
        switch status {
        case .good: .whole(style.unicode ? "✓" : "+", .good)
        case .note: .whole(style.unicode ? "•" : "*", .low)
        case .problem: .whole(style.unicode ? "✗" : "x", .high)
        case .unknown: .whole("?", .medium)
        }
    }

    /// `migrate.doctor/1`
    package func json() throws -> [UInt8] {
        struct Item: Encodable {
            var check: String
            var status: String
            var finding: String
            var remedy: String?
            var details: [String]
        }
        struct Document: Encodable {
            var schema = "migrate.doctor/1"
            var checks: [Item]
        }
        return try JSONText.bytes(
            Document(
                checks: checks.map {
                    Item(
                        check: $0.name, status: $0.status.rawValue, finding: $0.finding, remedy: $0.remedy,
                        details: $0.details)
                }))
    }
}
