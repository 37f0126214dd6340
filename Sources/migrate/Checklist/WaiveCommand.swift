// `migrate waive`: a step is left out, and somebody answers for it.

import ArgumentParser
import Checklist
import HTTP
import World

struct WaiveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "waive",
        abstract: "Leaves a step out, with a reason, an owner and an end.",
        usage: """
            migrate waive STEP --reason TEXT --until DATE [--owner NAME]
            migrate waive STEP --withdraw
            """,
        discussion: "A waived step counts as done until the waiver ends; everybody sees who waived it and why.")

    @Argument(help: "The step, by name or by number as migrate plan shows it.")
    var step: String

    @Option(help: "Why it is left out.")
    var reason: String?

    @Option(help: "Who answers for it. Default: who runs this.")
    var owner: String?

    @Option(help: "The last day of the waiver: 2026-12-31 (UTC), or how long from now: 30d, 12w.")
    var until: String?

    @Flag(help: "Take the waiver back.")
    var withdraw = false

    @OptionGroup var actor: ActorOptions
    @OptionGroup var checklist: ChecklistOptions

    func validate() throws {
        if withdraw {
            if reason != nil || owner != nil || until != nil {
                throw ValidationError("--withdraw takes no --reason, --owner and --until.")
            }
            return
        }
        guard let reason else { throw ValidationError("Why? Add --reason TEXT.") }
        guard let until else { throw ValidationError("Until when? Add --until DATE, say --until 30d.") }
        guard WaiverEnd.parse(until, now: .systemNow()) != nil else {
            throw ValidationError("--until takes a day such as 2026-12-31, or a time from now: 30d, 12w.")
        }
        for (name, text) in [("--reason", reason), ("--owner", owner ?? "x")] {
            guard OneLine.isOne(text), !text.trimmingSpaces().isEmpty, text.utf8.count <= 500 else {
                throw ValidationError("\(name) takes one line of text, 500 bytes at most.")
            }
        }
    }

    func run() async throws {
        let place = try RepositoryPlace.find()
        let identity = try StepIdentity.of(actor, in: place, world: .real())
        let session = try ChecklistSession.open(checklist, place: place, identity: identity)
        let running = try await StepRunning.open(
            session, order: nil, identity: identity, actor: actor, output: OutputChoice(format: .human, noColor: true))
        let step = try running.step(step)
        let text: String
        if withdraw {
            try await running.runner.unwaive(step.id)
            text = "\(step.id) is waived no longer. To do it: \(CommandHint.line("apply", step.id))\n"
        } else {
            guard let reason, let until = until.flatMap({ WaiverEnd.parse($0, now: session.world.now()) }) else {
                ExitStatus.usage.exit()
            }
            let owner = owner ?? identity
            for (option, text) in [("--reason", reason), ("--owner", owner)] where try await session.isCredential(text)
            {
                throw AnswerRefusal.credential(question: option)
            }
            try await running.runner.waive(step.id, reason: reason, owner: owner, until: until)
            text = "\(step.id) is waived until \(until.day); \(Failure.clean(owner)) answers for it.\n"
        }
        try StandardOutput.write(Array(text.utf8))
    }
}

/// When a waiver ends.
enum WaiverEnd {
    /// The last second of a day (`2026-12-31`), or a time from now: `30d`, `12w`. Nil for anything else.
    static func parse(_ text: String, now: Instant) -> Instant? {
        if let unit = text.last, "dw".contains(unit) {
            let digits = text.dropLast()
            guard !digits.isEmpty, digits.utf8.count <= 4, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let count = Int(digits), count > 0
            else { return nil }
            return now + Double(count * (unit == "w" ? 7 : 1)) * 86_400
        }
        guard text.utf8.count == 10 else { return nil }
        return Instant(iso8601: text + "T23:59:59Z")
    }
}
