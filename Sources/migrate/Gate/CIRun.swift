// One check of a pipeline, from its variables to a report.

import Detection
import Files
import Gate
import Git
import Reporting
import Scanning
import Settings
import World

struct CIRun {
    private let command: CICommand
    private let world: World

    /// As much as an event's file may have, in bytes.
    private static let largestEvent = 64 << 20
    /// Files whose change decides what counts, so that a reviewer must see it.
    private static let gateFiles = [Acceptances.path, Configuration.path]

    init(_ command: CICommand) {
        self.command = command
        world = World.real()
    }

    /// - Throws: what keeps the check from happening at all; what cannot be read along the way is in the report.
    func report() async throws -> (PipelineReport, CIOutput) {
        // Looked at before the scan, since it would be unkind to fail after it.
        let started = world.now()
        let output = try CIOutput(command, world: world, started: started)
        let place = try RepositoryPlace.find()
        let settings = place.settings.configuration
        let grounds = try command.acceptance.grounds(root: place.root)
        let repository = try Repository(discovering: place.root)
        let pipeline = Pipeline.reading(world.environment, base: command.base) { path in
            (try? FileContent.read(path, limit: Self.largestEvent)) ?? nil
        }
        var checklist = CIChecklist()
        if !command.noChecklist {
            checklist = try await CIChecklist.judged(
                command.checklist, place: place, required: command.require, asksWorld: command.askWorld,
                now: world.now())
        }

        var scan: ScanReport
        var extent: String
        do {
            let range = try range(of: pipeline, in: repository)
            extent = range.words
            scan = try await scanned(range, place)
            if case .added = range.selection { scan.forgetWrongBeginnings(repository) }
            scan.notes = range.notes + scan.notes
            audit(&scan, range, repository)
            noteGateFiles(&scan, range, repository)
        } catch let obstacle as PipelineObstacle {
            extent = "this clone"
            scan = ScanReport(target: .init(path: place.root, kind: .worktree), scope: "nothing")
            scan.gaps.append(Self.gap(obstacle, pipeline))
        }
        Self.tellHowToClone(&scan, pipeline)
        scan.gaps += checklist.gaps
        scan.notes += checklist.notes
        Self.note(settings, command, &scan)
        if !settings.excludedPaths.isEmpty { scan.exclude(settings.excludedPaths) }
        grounds.apply(to: &scan, lender: ValueLender(path: place.root), now: world.now())

        var report = PipelineReport(
            platform: pipeline.platform, extent: extent, scan: scan, checklists: checklist.standings,
            failOn: least(settings))
        report.problems = Self.problems(of: scan.ignoreAudit) + checklist.problems
        if !command.acceptance.noIgnore { report.problems += problems(of: grounds.acceptances) }
        report.failingCount = scan.findings.count { finding in report.failOn.map { finding.severity >= $0 } ?? false }
        report.scan.keep(settings.severity)
        return (report, output)
    }

    /// The least severity that fails; nil when nothing does.
    private func least(_ settings: Configuration) -> Severity? {
        let least: FailOn = command.failOn ?? settings.failOn.map { .severity($0) } ?? .severity(.low)
        return if case .severity(let least) = least { least } else { nil }
    }

    // MARK: The scan

    private func range(
        of pipeline: Pipeline, in repository: borrowing Repository
    ) throws -> PipelineRange {
        if let range = command.range, case .range(let from, let to, let symmetric) = try CommitRange.parse(range) {
            return try Pipeline.range(from: from, to: to, symmetric: symmetric, in: repository)
        }
        return try (command.full ? Pipeline(platform: nil, event: .other("")) : pipeline).range(in: repository)
    }

    private func scanned(_ range: PipelineRange, _ place: RepositoryPlace) async throws -> ScanReport {
        var request = ScanRequest(path: place.root, jobs: command.jobs ?? Processors.count)
        request.isWholeRepository = true
        // What is checked out is a commit's; what a job has built beside it is nobody's commit.
        request.scope = .history
        request.selection = range.selection
        request.cacheFolder = CacheFolder.ready()
        request.objectCaching = command.caching.place(userFolder: request.cacheFolder)
        let scanner = Scanner(compiled: try CompiledRules(cacheFolder: request.cacheFolder))
        let display = ProgressDisplay.start(scanner.progress)
        defer { display?.stop() }
        return try await scanner.scan(request)
    }

    /// The rules that the commit has, not those of the worktree, which a job may have changed.
    private func audit(_ scan: inout ScanReport, _ range: PipelineRange, _ repository: borrowing Repository) {
        scan.ignoreAudit = nil
        guard let tip = range.tip else { return }
        do {
            scan.ignoreAudit = try IgnoreAudit.of(
                tip, repository: repository, known: scan.dotenvFiles.map(\.path), notes: &scan.notes)
            guard scan.ignoreAudit == nil else { return }
            scan.gaps.append(
                Gap(
                    kind: .unreadableFile, subject: ".gitignore",
                    reason: "there is no place for copies of the ignore files (TMPDIR)"))
        } catch {
            let reason = (error as? GitError)?.message ?? "\(error)"
            scan.gaps.append(Gap(kind: .unreadableObject, subject: "tree of commit \(tip.short)", reason: reason))
        }
    }

    private func noteGateFiles(_ scan: inout ScanReport, _ range: PipelineRange, _ repository: borrowing Repository) {
        guard case .added(let addition) = range.selection, let tip = range.tip, let base = addition.known.first else {
            return
        }
        for path in Self.gateFiles {
            let now = (try? repository.blob(at: path, in: tip)) ?? nil
            let before = (try? repository.blob(at: path, in: base)) ?? nil
            if now != before {
                scan.notes.append("\(path) is not as it was before: it decides what counts, so read the change.")
            }
        }
    }

    // MARK: Gaps

    private static func gap(_ obstacle: PipelineObstacle, _ pipeline: Pipeline) -> Gap {
        func remedy(_ isShallow: Bool) -> String {
            (isShallow ? nil : pipeline.platform?.checkout(of: pipeline.event)) ?? wholeClone(pipeline)
        }
        return switch obstacle {
        case .missingTip(let name, let isShallow):
            Gap(
                kind: .missingObject, subject: name.isEmpty ? "the commit to check" : "commit \(name)",
                reason: "the pipeline is about it, and this clone lacks it: " + remedy(isShallow))
        case .missingCommit(let name, let isShallow):
            Gap(
                kind: .missingObject, subject: "commit \(name)",
                reason: "it begins or ends the range, and this clone lacks it"
                    + (isShallow || pipeline.platform != nil ? ": " + wholeClone(pipeline) : ""))
        case .noCommits: Gap(kind: .missingObject, subject: "HEAD", reason: "nothing was committed yet")
        case .unreadable(let reason): Gap(kind: .unreadableObject, subject: "the history", reason: reason)
        }
    }

    /// Where history or objects are missing, the line to add is another one on each platform.
    private static func tellHowToClone(_ scan: inout ScanReport, _ pipeline: Pipeline) {
        for index in scan.gaps.indices {
            switch scan.gaps[index].kind {
            case .shallowHistory:
                scan.gaps[index].reason =
                    "the clone is shallow and hides a part of what is to be checked: " + wholeClone(pipeline)
            case .missingObject where scan.target.isPartial:
                scan.gaps[index].reason += "; the clone is partial: " + wholeClone(pipeline)
            default: break
            }
        }
    }

    private static func wholeClone(_ pipeline: Pipeline) -> String {
        pipeline.platform?.wholeClone ?? "run `git fetch --unshallow`"
    }

    // MARK: Problems

    private static func problems(of audit: IgnoreAudit?) -> [PipelineProblem] {
        guard let audit, !audit.openNames.isEmpty else { return [] }
        let names = Wording.list(audit.openNames, limit: 3)
        return [
            PipelineProblem(
                kind: .ignoreHole, subject: ".gitignore", reason: "the next `git add` would take \(names)",
                remedy: audit.fix.isEmpty ? "" : "add to .gitignore: " + audit.fix.joined(separator: " "),
                path: ".gitignore", line: 1, severity: .medium)
        ]
    }

    private func problems(of acceptances: Acceptances) -> [PipelineProblem] {
        let now = world.now()
        return acceptances.entries.filter { $0.isExpired(at: now) }.map { entry in
            PipelineProblem(
                kind: .acceptanceExpired, subject: entry.fingerprint,
                reason: "accepted by \(entry.owner) until \(entry.until?.day ?? "an unknown day"): \(entry.reason)",
                remedy: "mend it, or renew or remove its entry in \(Acceptances.path)", path: Acceptances.path)
        }
    }

    /// A repository may bring settings that its reader does not know of.
    private static func note(_ settings: Configuration, _ command: CICommand, _ scan: inout ScanReport) {
        if let least = settings.failOn, command.failOn == nil {
            scan.notes.append("\(Configuration.path): only findings from \(least.name) on fail.")
        }
        if let least = settings.severity {
            scan.notes.append("\(Configuration.path): only findings from \(least.name) on are shown.")
        }
    }
}
