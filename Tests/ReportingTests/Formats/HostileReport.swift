// Reports whose names were chosen to break out of every form.

import Detection
import Git
import Scanning

/// Small, seeded: the same seed gives the same report.
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}

enum HostileReport {
    /// What ends a value, a line, a cell, an element or a command somewhere.
    static let pieces = [
        "::error file=x::owned", "::stop-commands::x", "##vso[task.setvariable variable=x]y", "##[error]",
        "%0A::notice::",
        "%", "\n", "\r", "\u{0}", "\u{1b}[2J", "\u{7f}", "\u{85}", "\u{2028}", "\u{202e}", "\u{fffe}", "\u{fffd}", "|",
        "\\|",
        "\\", "`", "```", "``x`", "<script>alert(1)</script>", "<img src=x onerror=y>", "</details>", "<!--", "-->",
        "]]>", "<![CDATA[", "&amp;", "&", "\"", "'", "![x](https://evil.example/x.png)", "[x](javascript:alert(1))",
        "https://evil.example", "www.evil.example", "@everyone", "#1", "*x*", "_x_", "~~x~~", "$x$", ":smile:", ";",
        "]", ",",
        ":", "=", "a", "src/", "é", "🙂", " ", "  ", "- ", "1. ", "# ", "> ", "\t", "{{x}}", "${{ x }}", "$(id)",
    ]

    static func text(_ random: inout Seeded) -> String {
        (0..<Int.random(in: 1...6, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
    }

    static func make(seed: UInt64) -> ScanReport {
        var random = Seeded(seed)
        var report = Story.empty
        report.target.path = text(&random)
        report.scope = text(&random)
        report.findings = (0..<Int.random(in: 0...14, using: &random)).map { number in
            let summary = CommitSummary(
                id: Story.id("c1"), authorName: text(&random), authorEmail: text(&random),
                time: Int64.random(in: -1_000_000...4_000_000_000, using: &random), subject: text(&random))
            let sources: [Occurrence.Source] = [
                .blob(Story.id("b1"), path: text(&random)), .blob(Story.id("b2"), path: nil),
                .file(path: text(&random)),
                .commitMessage(Story.id("c1")), .tagMessage(Story.id("c2")), .standardInput,
            ]
            return Finding(
                fingerprint: Fingerprint(bits: random.next()), ruleID: "sendgrid-api-key", title: "SendGrid API key",
                provider: Bool.random(using: &random) ? "SendGrid" : "",
                severity: Severity.allCases.randomElement(using: &random) ?? .high, verdict: .wellFormed,
                mask: Bool.random(using: &random) ? "********" : Story.sendGridMask,
                name: Bool.random(using: &random) ? text(&random) : nil, reason: "because of " + text(&random),
                revocation: "https://app.sendgrid.com/settings/api_keys",
                occurrences: (0..<Int.random(in: 1...4, using: &random)).map { _ in
                    Story.place(
                        sources.randomElement(using: &random) ?? .standardInput, number + 1, number + 2,
                        [Reach.allCases.randomElement(using: &random) ?? .head])
                },
                history: History(
                    introduced: Bool.random(using: &random) ? summary : nil, commitCount: 2,
                    references: ["refs/heads/" + text(&random)], isInHead: Bool.random(using: &random)))
        }
        report.gaps = (0..<Int.random(in: 0...2, using: &random)).map { _ in
            Gap(kind: .unreadableFile, subject: text(&random), reason: text(&random))
        }
        report.notes = [text(&random)]
        return report
    }
}
