// Dotenv files leave the index and stay on disk; templates stay tracked.

package import Checklist
import Files
import Git

/// `untrack`: no dotenv file in the index, in HEAD, and on the local branches.
struct UntrackStep: StepKind {
    static let description = KindDescription(
        name: "untrack",
        about: "Takes every .env file out of git's index; the files themselves, and templates, stay.",
        parameters: [
            ParameterDeclaration(
                "except", .list, about: "Paths of files that stay tracked, since they hold no secrets by agreement.")
        ])

    static let commit = #"git commit -m "Stop tracking .env files""#
    static let branchQuestion = "branches"
    let workbench: Workbench
    let exceptions: [String]

    init(_ step: Step, workbench: Workbench) {
        self.workbench = workbench
        exceptions = step.parameters.list("except") ?? []
    }

    func observe(_ record: StepRecord) async throws -> Observation {
        let tracked: TrackedDotenvFiles
        do {
            let repository = try StepRepository.open(workbench)
            tracked = try TrackedDotenvFiles(repository, workbench: workbench, except: kept())
        } catch let failure as StepFailure {
            return .unknowable(reason: failure.reason, remedy: failure.remedy)
        }
        if !tracked.index.isEmpty {
            let names = tracked.index.map { PlainText.line($0.path) }
            return .unsatisfied(reason: "git tracks \(PlainText.few(names))")
        }
        if !tracked.head.isEmpty {
            return .waiting(
                reason: Self.commitReason(tracked), until: nil,
                facts: ["files": .list(tracked.head.map { QuotedPath.quoted($0.path) })])
        }
        let left = Self.leftBranches(record)
        let open = tracked.branches.filter { !left.contains($0.name) }
        if !open.isEmpty {
            let names = open.map { PlainText.line($0.name) }
            return .unsatisfied(
                reason: "\(open.count == 1 ? "the branch" : "the branches") \(PlainText.few(names)) still "
                    + "\(open.count == 1 ? "tracks" : "track") .env files")
        }
        var facts: Facts = ["branches": .number(tracked.branchCount)]
        if let commit = tracked.headCommit { facts["head"] = .text(commit.description) }
        return .satisfied(
            Evidence(
                Self.summary(tracked), facts: facts,
                warnings: tracked.branches.map {
                    "left on the branch \(PlainText.line($0.name)): "
                        + PlainText.few($0.files.map { PlainText.line($0.path) })
                }))
    }

    func preview(_ record: StepRecord, answers: Answers) async throws -> Preview {
        let repository = try StepRepository.open(workbench)
        let tracked = try ready(repository)
        var preview = Preview(basis: basis(tracked))
        if !tracked.index.isEmpty { preview.changes.append(change(tracked)) }
        let left = Self.leftBranches(record)
        let open = tracked.branches.filter { !left.contains($0.name) }
        if !open.isEmpty {
            if answers.text(Self.branchQuestion) == "leave" {
                preview.changes.append(
                    PlannedChange(
                        "leave .env files on other branches",
                        lines: open.map { PreviewLine(.note, PlainText.line($0.name)) }))
            } else {
                preview.byHand += open.map { byHand($0.name, $0.files) }
                // An answer that is taken is not asked for again.
                if answers.text(Self.branchQuestion) != "wait" { preview.questions.append(question(open.map(\.name))) }
            }
        }
        if !tracked.index.isEmpty || !tracked.head.isEmpty {
            preview.byHand.append(Self.commitReason(tracked))
        }
        return preview
    }

    func apply(_ run: StepRun) async throws {
        let repository = try StepRepository.open(workbench)
        let tracked = try ready(repository)
        guard basis(tracked) == run.basis else { throw StepChanged("the index, or a branch") }
        let gitFolder = repository.gitFolder
        try await settle(run, tracked)
        if !tracked.index.isEmpty { try await untrack(run, tracked, gitFolder: gitFolder) }
        let open = tracked.branches.map(\.name).filter { !Self.leftBranches(run.record).contains($0) }
        if !open.isEmpty, run.answers.text(Self.branchQuestion) == "leave" {
            let intent = try await run.journal.intend(
                Self.newEffect(Self.leaving, after: run.record), ["branches": .list(open)])
            try await run.journal.effected(intent, ["branches": .list(open)])
        }
    }

    // MARK: Words

    private static func summary(_ tracked: TrackedDotenvFiles) -> String {
        let others =
            switch tracked.branchCount {
            case 0: ""
            case 1: ", on one more local branch"
            default: ", on \(tracked.branchCount) more local branches"
            }
        let place = "git tracks no .env file: not in the index" + (tracked.headCommit == nil ? "" : ", in HEAD")
        return place + (tracked.branches.isEmpty ? others : ", other branches aside")
    }

    private static func commitReason(_ tracked: TrackedDotenvFiles) -> String {
        guard !tracked.otherStaged.isEmpty else { return "commit it: \(commit)" }
        let names = tracked.otherStaged.map { PlainText.line($0) }
        return "commit it: \(commit) (which takes along what else is staged: \(PlainText.few(names)))"
    }

    private func change(_ tracked: TrackedDotenvFiles) -> PlannedChange {
        var lines: [PreviewLine] = []
        for record in tracked.index {
            lines.append(PreviewLine(.removed, PlainText.line(record.path)))
            if let note = tracked.note(on: record) { lines.append(PreviewLine(.note, note)) }
            if FileStatus(at: Array(workbench.root.utf8) + [UInt8(ascii: "/")] + record.path) == nil {
                lines.append(PreviewLine(.note, "there is no such file on disk: its values are in git alone"))
            }
        }
        lines.append(PreviewLine(.note, "the files stay on disk as they are"))
        lines.append(
            PreviewLine(.note, "whoever pulls the commit loses the files from their disk: tell them to keep a copy"))
        return PlannedChange("take out of git's index", lines: lines)
    }

    /// A checkout of such a branch would put its old file over the ignored one here, without a word: hence a worktree
    /// of its own.
    private func byHand(_ branch: String, _ files: [TreeFile]) -> String {
        let name = PlainText.line(branch)
        let folder = "../" + name.split(separator: "/").joined(separator: "-")
        return
            "the branch \(name) still tracks \(PlainText.few(files.map { PlainText.line($0.path) })): merge or delete "
            + "it, or `git worktree add \(folder) \(name)` and apply this step there"
    }

    private func question(_ branches: [String]) -> Question {
        Question(
            Self.branchQuestion,
            "Are the .env files on \(PlainText.few(branches.map { PlainText.line($0) })) to be left?",
            .choice(
                [.init("wait", "no: the branches will be merged or cleaned"), .init("leave", "yes, leave them")],
                suggested: nil),
            isRequired: false)
    }

    /// Those that the checklist names, and those that tell production which secret to read.
    private func kept() -> [String] { exceptions + PointerFiles(workbench).paths }

    private func ready(_ repository: borrowing Repository) throws -> TrackedDotenvFiles {
        let tracked = try TrackedDotenvFiles(repository, workbench: workbench, except: kept())
        try StepRepository.refuseHalfDone(repository) { DotenvPath.isReal($0) }
        if !tracked.index.isEmpty, let obstacle = repository.obstacleToWriting() {
            throw StepRepository.failure(IndexError.notWritable(path: obstacle.path, reason: obstacle.reason))
        }
        return tracked
    }

    private func basis(_ tracked: TrackedDotenvFiles) -> String {
        (tracked.index.map(\.line) + tracked.branches.map { "\($0.name) \($0.files.count)" }).joined(separator: "\n")
    }
}
