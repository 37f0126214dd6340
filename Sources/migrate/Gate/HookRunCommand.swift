// `migrate hook run`: what git's hooks call. It says nothing when all is well.

import ArgumentParser
import Detection
import Files
import Gate
import Git
import Reporting
import Scanning
import Settings
import World

struct HookRunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Checks what is about to be committed or pushed. Git's hooks call it.",
        discussion: """
            pre-commit (which is meant when nothing is said) checks the index against HEAD; commit-msg FILE the \
            message; pre-push REMOTE URL what the references on standard input would bring.

            Exit codes: 0 nothing to say against it; 1 refused; 2 something could not be read; 3 the check failed. \
            Git goes on only after 0.
            """)

    enum Hook: String, ExpressibleByArgument, CaseIterable {
        case preCommit = "pre-commit"
        case preMergeCommit = "pre-merge-commit"
        case commitMessage = "commit-msg"
        case prePush = "pre-push"
    }

    @Argument(help: "Which of git's hooks this is.")
    var hook: Hook = .preCommit

    @Argument(help: "What git hands to the hook.")
    var arguments: [String] = []

    @OptionGroup var output: OutputOptions

    func validate() throws {
        switch hook {
        case .commitMessage where arguments.count != 1:
            throw ValidationError("commit-msg takes one file: the message.")
        case .prePush where arguments.count > 2:
            throw ValidationError("pre-push takes the name of a remote and its address.")
        case .preCommit, .preMergeCommit, .commitMessage, .prePush: break
        }
    }

    func run() async throws {
        try await HookRun(hook: hook, arguments: arguments, output: output.choice).run()
    }
}

/// One run of a hook, whoever read the arguments.
struct HookRun {
    let hook: HookRunCommand.Hook
    let arguments: [String]
    let output: OutputChoice

    init(hook: HookRunCommand.Hook, arguments: [String], output: OutputChoice) {
        self.hook = hook
        self.arguments = arguments
        self.output = output
    }

    /// What git's hooks call, without any option: `hook run`, `hook run commit-msg FILE`; nil for all else.
    init?(plain arguments: some Collection<String>) {
        var words = Array(arguments)
        guard words.count >= 2, words[0] == "hook", words[1] == "run", !words.contains(where: { $0.hasPrefix("-") })
        else { return nil }
        words.removeFirst(2)
        guard let hook = words.isEmpty ? .preCommit : HookRunCommand.Hook(rawValue: words.removeFirst()) else {
            return nil
        }
        switch hook {
        case .preCommit, .preMergeCommit: break
        case .commitMessage where words.count == 1: break
        case .prePush where words.count <= 2: break
        case .commitMessage, .prePush: return nil
        }
        self.init(hook: hook, arguments: words, output: OutputChoice(format: .human, noColor: false))
    }

    private var act: GatedAct {
        switch hook {
        case .preCommit, .preMergeCommit: .commit
        case .commitMessage: .message
        case .prePush: .push
        }
    }

    func run() async throws {
        let report: GateReport
        do { report = try await check() } catch {
            // Whoever sees this wants to commit: one line, and the way past it.
            var reason = Failure.line(for: error)
            if reason.hasSuffix(".") { reason.removeLast() }
            Diagnostics.error(
                "migrate: the check itself failed, so nothing is known: \(reason). "
                    + "To go on all the same: \(act.bypass)")
            throw Failure.status(for: error) == .bug ? ExitStatus.bug : ExitStatus.failed
        }
        switch output.format {
        case .human where report.problems.isEmpty && report.gaps.isEmpty && report.remainingCount == 0: return
        case .human: Diagnostics.text(GateText(act, output.style(.standardError)).text(for: report))
        case .json: try StandardOutput.write(GateJSON.bytes(report, act: act))
        }
        if !report.problems.isEmpty { throw ExitStatus.findings }
        if !report.gaps.isEmpty { throw ExitStatus.incomplete }
    }

    private func check() async throws -> GateReport {
        var surroundings = HookSurroundings()
        surroundings.isMerge = hook == .preMergeCommit
        let repository = try Repository.open(for: surroundings)
        let root = repository.root(surroundings)
        let settings = try Configuration.load(root: root)
        let acceptances = try Acceptances.load(root: root)
        let now = Instant.systemNow()
        let check = StagedCheck(
            settings: settings, known: try KnownValues.load(root: root),
            isAccepted: { acceptances.acceptance(of: $0, now: now) != nil },
            compiled: { try CompiledRules(cacheFolder: CacheFolder.ready()) })
        switch hook {
        case .preCommit, .preMergeCommit:
            return try check.run(repository, surroundings)
        case .commitMessage:
            let path = arguments[0]
            guard let message = try FileContent.read(path, limit: 64 << 20) else {
                throw FileError(readingFrom: path, errorNumber: 2)
            }
            let rules = StagedCheck.MessageRules(
                commentCharacter: repository.configuration("core.commentchar"),
                cleanup: repository.configuration("commit.cleanup"),
                // Git says so to hooks when it opens none.
                isEdited: surroundings.variable("GIT_EDITOR") != ":")
            return try check.run(message: message, shownPath: "commit message", rules: rules)
        case .prePush:
            let lines = try StandardInput.readAll()
            guard let references = PushedReference.parse(lines) else { throw HookInputError() }
            guard let addition = try StagedCheck.addition(of: references, repository) else { return GateReport() }
            var request = ScanRequest(path: repository.gitFolder, jobs: Processors.count)
            request.isWholeRepository = true
            request.selection = .added(addition)
            request.cacheFolder = CacheFolder.ready()
            var scan = try await Scanner(compiled: try check.compile()).scan(request)
            scan.exclude(settings.excludedPaths)
            let grounds = try AcceptanceGrounds.load(root: root)
            grounds.apply(to: &scan, lender: ValueLender(path: repository.gitFolder), now: now)
            return check.report(of: scan)
        }
    }
}
