// What is on the screen while steps run.

import Checklist
import Reporting
import Settings
import World

struct StepScreen: Sendable {
    let output: OutputChoice
    /// By id, as the list numbers them.
    let numbers: [String: Int]
    /// Whether the run stays with steps that take time.
    let isWatched: Bool
    let now: @Sendable () -> Instant

    init(
        _ checklist: Checklist, order: Checklist.Order, output: OutputChoice, isWatched: Bool,
        now: @escaping @Sendable () -> Instant
    ) {
        self.isWatched = isWatched
        self.output = output
        self.now = now
        numbers = StepNumbers.of(checklist, order: order)
    }

    /// Of what is no result: it goes to standard error.
    var asides: TerminalStyle { output.style(.standardError) }

    func show(_ text: String) { Diagnostics.text(text) }

    func tell(_ news: RunnerNews) {
        switch news {
        case .observing(let step): introduce(step)
        // How a step ended is what the run was for, and is told with the step's title; a program reads it from the JSON
        // document.
        case .verified(let step, let evidence), .alreadySatisfied(let step, let evidence):
            tellEnd(.alreadySatisfied(step, evidence))
        case .undone: tellEnd(news)
        // Told at the end, unless somebody stays and watches.
        case .waiting where !isWatched: break
        case .notSatisfied: break
        default: show(NewsReport(news, now: now()).text(asides))
        }
    }

    private func tellEnd(_ news: RunnerNews) {
        let report = NewsReport(news, now: now())
        guard output.format == .human else { return show(report.text(asides)) }
        try? StandardOutput.write(Array(report.text(output.style()).utf8))
    }

    /// Where we are: "[3 of 17] Create the AWS secret  (create-secret)".
    private func introduce(_ step: Step) {
        show("[\(numbers[step.id] ?? 0) of \(numbers.count)] \(Failure.clean(step.title))  (\(step.id))\n")
    }
}

/// The numbers of steps, as every list shows them.
enum StepNumbers {
    static func of(_ checklist: Checklist, order: Checklist.Order) -> [String: Int] {
        Dictionary(
            uniqueKeysWithValues: checklist.steps(in: order).enumerated().map { ($0.element.id, $0.offset + 1) })
    }

    /// The step that a word of the command line means: an id, or a number.
    /// - Throws: `NoSuchStep`.
    static func step(_ word: String, of checklist: Checklist, order: Checklist.Order) throws -> Step {
        if let step = checklist[word] { return step }
        let steps = checklist.steps(in: order)
        if let number = Int(word), steps.indices.contains(number - 1) { return steps[number - 1] }
        throw NoSuchStep(
            word: word, checklist: checklist.id, meant: NearestName.of(word, among: steps.map(\.id)))
    }
}

/// A word that names no step of the checklist.
struct NoSuchStep: Error {
    let word: String
    let checklist: String
    /// The id that is spelt nearly so.
    let meant: String?
}
