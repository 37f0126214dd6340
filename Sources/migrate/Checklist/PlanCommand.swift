// `migrate plan`: every step, and what it would do now.

import ArgumentParser
import Checklist
import Reporting

enum ListFormat: String, ExpressibleByArgument, CaseIterable {
    case human, markdown, json
}

struct ListOutputOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "How to report.")
    var format: ListFormat = .human

    @Flag(help: "No colour, whatever the terminal can do.")
    var noColor = false

    /// For text that goes to standard output.
    var style: TerminalStyle { OutputChoice(format: .human, noColor: noColor).style() }
}

struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Shows all steps of the checklist, what each would do now, and what blocks it.",
        usage: "migrate plan [--format human|markdown|json] [--emergency]",
        discussion: """
            Asks the world and changes nothing. All values are masked.

            Exit codes: 0 told; 2 something could not be asked.
            """)

    @Flag(inversion: .prefixedNo, help: "The order that revokes leaked keys first.")
    var emergency: Bool?

    @OptionGroup var checklist: ChecklistOptions
    @OptionGroup var output: ListOutputOptions

    func run() async throws {
        let session = try ChecklistSession.open(
            checklist, place: try RepositoryPlace.find(), identity: ChecklistSession.nobody)
        let snapshot = try session.snapshot()
        session.tell(snapshot.notes)
        let order = emergency.map { $0 ? Checklist.Order.emergency : .standard }
        let list = await session.report(snapshot, order: order)
        switch output.format {
        case .markdown: try StandardOutput.write(Array(list.markdown().utf8))
        case .human, .json:
            let report = PlanReport(list: list, outlooks: await outlooks(list, session))
            try StandardOutput.write(output.format == .json ? report.json() : Array(report.text(output.style).utf8))
        }
        if list.hasUnknowns { ExitStatus.incomplete.exit() }
    }

    /// What the steps would do that are not done, asked for side by side.
    private func outlooks(
        _ list: ChecklistReport, _ session: ChecklistSession
    ) async -> [String: PlanReport.Outlook] {
        await withTaskGroup(of: (String, PlanReport.Outlook).self) { group in
            var left = list.statuses.filter(\.standing.canBePreviewed)[...]
            func previewNext() {
                guard let status = left.popFirst(), let kind = session.kinds[status.step.id] else { return }
                group.addTask { (status.step.id, await Self.outlook(status.record, kind)) }
            }
            for _ in 0..<ChecklistWatch.width { previewNext() }
            var outlooks: [String: PlanReport.Outlook] = [:]
            for await (id, outlook) in group {
                outlooks[id] = outlook
                previewNext()
            }
            return outlooks
        }
    }

    private static func outlook(_ record: StepRecord, _ kind: any StepKind) async -> PlanReport.Outlook {
        do { return .preview(try await kind.preview(record, answers: Answers())) } catch {
            return .unknown(reason: Failure.line(for: error))
        }
    }
}

extension Standing {
    /// Whether there is something to be done about it.
    fileprivate var canBePreviewed: Bool {
        switch self {
        case .done, .waived, .waiting, .unknown: false
        case .due, .ready, .blocked, .drifted, .failed, .undone: true
        }
    }
}
