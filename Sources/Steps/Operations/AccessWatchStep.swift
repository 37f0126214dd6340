// Step kind `access-watch`: only those who are expected read the secret.

import AWS
import Checklist
import Delivery
import HTTP
import Stores
import World

/// Compares who read or changed the secret, as CloudTrail has it, with who is expected to.
struct AccessWatchStep: StepKind {
    static let description = KindDescription(
        name: "access-watch",
        about: "CloudTrail shows nobody at the secret but those who are expected.",
        parameters: [
            ParameterDeclaration(
                "principals", .list, about: "ARNs of users and roles, or patterns with *, that may use the secret."),
            ParameterDeclaration("hours", .number, range: 1...2_160, about: "How far to look back; 24 by default."),
        ])

    private static let question = "principals"
    private static let effect = "expect"
    private static let usualHours = 24
    private static let mostShown = 10

    private let step: Step
    private let workbench: Workbench
    private let hours: Int

    init(_ step: Step, _ workbench: Workbench) {
        self.step = step
        self.workbench = workbench
        hours = step.parameters.number("hours") ?? Self.usualHours
    }

    func observe(_ record: StepRecord) async throws -> Observation {
        guard let watch = try await lookUp() else {
            return .satisfied(
                Evidence(
                    "not applicable: the local vault keeps no record of who reads it, so nothing was watched",
                    facts: ["watched": false]))
        }
        switch watch {
        case .failure(let denial): return .unknowable(reason: denial.reason, remedy: denial.remedy)
        case .success(let entries):
            let name = try await workbench.store().name
            guard let expected = expected(record) else {
                let seen = Self.principals(entries)
                return .unsatisfied(
                    reason: seen.isEmpty
                        ? "nobody has said who may read \(PlainText.line(name))"
                        : "nobody has said who may read \(PlainText.line(name)); "
                            + "\(PlainText.count(seen.count, "principal")) did in the last \(hours) h")
            }
            return judge(entries, expected: expected, name: PlainText.line(name))
        }
    }

    private func judge(_ entries: [AccessHistory.Entry], expected: [String], name: String) -> Observation {
        let strangers = entries.filter { !Self.isExpected($0, expected) }
        if let last = strangers.first {
            let who = OneLine.of(last.arn ?? last.who)
            let when = last.time.map { " at \($0.iso8601)" } ?? ""
            let others = Self.principals(strangers).count - 1
            let verb = last.errorCode == nil ? "called" : "was refused"
            return .unsatisfied(
                reason: "\(who) \(verb) \(OneLine.of(last.event)) on \(name)\(when), and is not expected"
                    + (others > 0 ? "; nor are \(others) more" : ""))
        }
        let seen = Self.principals(entries)
        var evidence = Evidence(
            entries.isEmpty
                ? "nobody used \(name) in the last \(hours) h"
                : "\(PlainText.count(entries.count, "event")) in the last \(hours) h, all by expected principals",
            facts: [
                "hours": .number(hours), "events": .number(entries.count),
                "principals": .list(Array(seen.prefix(Self.mostShown))),
            ])
        if entries.isEmpty { evidence.warnings = ["nobody has read it: does production use it yet?"] }
        evidence.warnings.append("CloudTrail shows an event some minutes after it happened.")
        return .satisfied(evidence)
    }

    // MARK: Doing

    func preview(_ record: StepRecord, answers: Answers) async throws -> Preview {
        guard let watch = try await lookUp() else { return Preview() }
        let entries = try watch.get()
        let seen = Self.principals(entries)
        if let answered = Self.list(answers, seen: seen) {
            return Preview(
                changes: [
                    PlannedChange(
                        "write down who is expected to use the secret",
                        lines: answered.map { PreviewLine(.added, $0) })
                ])
        }
        let known = expected(record)
        let strangers = Self.principals(entries.filter { entry in known.map { !Self.isExpected(entry, $0) } ?? true })
        guard known == nil || !strangers.isEmpty else { return Preview() }
        let shown =
            strangers.isEmpty
            ? "none so far" : PlainText.list(strangers, limit: Self.mostShown)
        var preview = Preview(
            questions: [
                Question(
                    Self.question,
                    "Who may use the secret? ARNs or patterns with *, separated by commas; `seen` for those seen in "
                        + "the last \(hours) h: \(shown)",
                    isRequired: known == nil)
            ])
        if known != nil {
            preview.byHand = [
                "Find out who \(PlainText.list(strangers, limit: Self.mostShown)) is. A reader whom nobody knows has "
                    + "found credentials: take these away, then replace what the secret holds."
            ]
        }
        return preview
    }

    func apply(_ run: StepRun) async throws {
        guard let watch = try await lookUp(), run.answers.text(Self.question) != nil,
            let answered = Self.list(run.answers, seen: Self.principals(try watch.get()))
        else { return }
        // Those of an earlier answer stay expected.
        let all = answered + (expected(run.record) ?? []).filter { !answered.contains($0) }
        let facts: Facts = ["principals": .list(all), "by": .text(OneLine.of(workbench.identity))]
        try await run.journal.effected(try await run.journal.intend(Self.effect, facts), facts)
    }

    /// Nil while nobody has said: neither the settings nor an answer.
    private func expected(_ record: StepRecord) -> [String]? {
        let said = record.effects.last { $0.effect == Self.effect }?.facts.list("principals")
        let configured = step.parameters.list("principals")
        return said == nil && configured == nil ? nil : (configured ?? []) + (said ?? [])
    }

    private static func list(_ answers: Answers, seen: [String]) -> [String]? {
        guard let text = answers.text(question) else { return nil }
        let parts = text.split { $0 == "," || $0 == " " }.map { OneLine.of($0) }.filter { !$0.isEmpty }
        let all = parts.flatMap { $0 == "seen" ? seen : [$0] }
        return all.isEmpty ? nil : all
    }
}

// MARK: - Who it was

extension AccessWatchStep {
    /// The newest first; nil for a store that keeps no record.
    private func lookUp() async throws -> Result<[AccessHistory.Entry], StepFailure>? {
        guard let client = try await workbench.accessHistory() else { return nil }
        let access = try await workbench.store()
        let arn = ARN(access.name) != nil ? access.name : try? await access.store.describe(access.name).arn
        do {
            return .success(
                try await AccessHistory(client: client).entries(
                    name: access.name, arn: arn, since: workbench.world.now() + -Double(hours) * 3_600))
        } catch let error as AWSError where error.kind == .accessDenied {
            return .failure(
                StepFailure(
                    "CloudTrail does not show its events to "
                        + (error.identity.map { OneLine.of($0) } ?? "these credentials"),
                    remedy: "allow cloudtrail:LookupEvents, or let somebody look who may", kind: .unknown))
        }
    }

    /// By how they are best named, each once, the most recent first.
    private static func principals(_ entries: [AccessHistory.Entry]) -> [String] {
        var seen: Set<String> = []
        return entries.map { names(of: $0).last ?? $0.who }.map { OneLine.of($0) }.filter { seen.insert($0).inserted }
    }

    private static func isExpected(_ entry: AccessHistory.Entry, _ expected: [String]) -> Bool {
        let patterns = expected.flatMap { [$0, withoutPath($0)] }
        return names(of: entry).contains { name in patterns.contains { KeySelection.matches(name, $0) } }
    }

    /// The ARN of a role's session lacks the path that the role's own has.
    private static func withoutPath(_ pattern: String) -> String {
        guard let arn = ARN(pattern), arn.service == "iam", arn.resource.hasPrefix("role/") else { return pattern }
        let name = arn.resource.split(separator: "/").last.map(String.init) ?? ""
        return ARN(
            partition: arn.partition, service: "iam", region: arn.region, account: arn.account,
            resource: "role/" + name
        ).description
    }

    /// What a pattern may name: the name, the ARN, and for a session of a role the role's own ARN.
    private static func names(of entry: AccessHistory.Entry) -> [String] {
        guard let text = entry.arn else { return [entry.who] }
        guard let arn = ARN(text), arn.service == "sts", arn.resource.hasPrefix("assumed-role/") else {
            return [text]
        }
        let role = arn.resource.split(separator: "/").dropFirst().first.map(String.init) ?? ""
        return [
            text,
            ARN(partition: arn.partition, service: "iam", region: "", account: arn.account, resource: "role/" + role)
                .description,
        ]
    }
}
