// A repository's scan: the passes over its objects, its index and its worktree.

import Detection
import Dotenv
import Files
import Git

/// One scan of one repository.
struct RepositoryScan {
    let opened: OpenedRepository
    let compiled: CompiledRules
    let progress: ScanProgress

    var assembly: FindingAssembly
    var dotenv = DotenvAssembly()
    var report: ScanReport
    var indexEntries: [IndexEntry] = []

    var request: ScanRequest { opened.request }

    /// The commit that HEAD stands at.
    var headID: ObjectID? {
        switch opened.head {
        case .branch(_, let id), .detached(let id): id
        case .unborn: nil
        }
    }

    init(opened: OpenedRepository, compiled: CompiledRules, progress: ScanProgress) {
        self.opened = opened
        self.compiled = compiled
        self.progress = progress
        assembly = FindingAssembly(rules: compiled.ruleSet.rules, request: opened.request)
        let kind: ScanReport.Target.Kind =
            opened.worktree == nil ? .bare : opened.isLinkedWorktree ? .linkedWorktree : .worktree
        let head: String? =
            switch opened.head {
            case .branch(let name, _): name
            case .detached(let id): id.description
            case .unborn: nil
            }
        report = ScanReport(
            target: .init(
                path: opened.request.path, kind: kind, head: head, isShallow: !opened.shallowCommits.isEmpty,
                isPartial: opened.isPartial),
            scope: opened.request.description)
        report.target.isHistoryKnown = request.scope == .all || request.scope == .history
    }

    mutating func run() async throws -> ScanReport {
        progress.enter(.listing)
        let repository = try Repository(gitFolder: opened.gitFolder)
        readIndex(repository)
        // Which tracked files are as the index has them is asked first: their blobs count as being in the worktree.
        var walk: WorktreeWalk?
        if let worktree = opened.worktree, request.scope != .history {
            walk = compareWorktree(repository, worktree)
        }
        if request.scope != .worktree {
            try await scanObjects(repository, unmodified: walk?.unmodified ?? [])
        }
        // A range of commits has no worktree.
        if let walk, let worktree = opened.worktree, request.selection == .everything,
            request.scope == .all || request.scope == .worktree
        {
            try await scanWorktree(walk, worktree)
        }
        let (findings, gradedDown) = assembly.findings()
        report.findings = (findings + dotenv.findings()).sorted(by: FindingAssembly.isMoreUrgent)
        report.gradedDown = gradedDown
        report.dotenvFiles = dotenv.reports()
        report.keepKnownFindings()
        if let note = assembly.leftOutNote { report.notes.append(note) }
        switch request.selection {
        case .everything: break
        case .range:
            report.notes.append("Stashes, tag messages, notes and unreachable objects were not looked at.")
        case .since: report.notes.append("Unreachable objects were not looked at.")
        case .added: break
        }
        if let worktree = opened.worktree, request.pathPrefixes.isEmpty, request.selection == .everything {
            report.ignoreAudit = IgnoreAuditor.audit(
                worktree: worktree, repository: repository, tracked: indexEntries.map(\.path),
                known: report.dotenvFiles.map(\.path), notes: &report.notes)
            if let name = report.ignoreAudit?.privatelyIgnored.first {
                report.notes.append(
                    "\(name) is ignored by this machine's own rules only (info/exclude or core.excludesFile): "
                        + "whoever clones the repository is not protected.")
            }
        }
        // A range tells for itself whether it reaches the end.
        if !opened.shallowCommits.isEmpty, request.selection == .everything,
            request.scope == .all || request.scope == .history
        {
            report.gaps.append(
                Gap(
                    kind: .shallowHistory,
                    subject: opened.shallowCommits.count == 1
                        ? "1 commit without its parents"
                        : "\(opened.shallowCommits.count) commits without their parents",
                    reason: "the clone is shallow: run `git fetch --unshallow`, then scan again"))
        }
        var cover = try ValueCover(assembly.secrets.values, compiled)
        try report.hideValues(&cover)
        return report
    }

    private mutating func readIndex(_ repository: borrowing Repository) {
        guard opened.worktree != nil else { return }
        do { indexEntries = try repository.indexEntries() } catch {
            report.gaps.append(Gap(kind: .unreadableIndex, subject: "index", reason: error.message))
        }
    }
}

// MARK: - Objects

extension RepositoryScan {
    private mutating func scanObjects(_ repository: borrowing Repository, unmodified: Set<[UInt8]>) async throws {
        let storage = ObjectStorage(commonFolder: opened.commonFolder)
        var problems: [Gap] = []
        let table: ObjectTable
        let selected: SelectedObjects?
        var prepared: PreparedObjects?
        if request.scope == .index || request.selection != .everything {
            let selection = try SelectedObjects(request, repository, index: indexEntries, head: headID, gaps: &problems)
            table = selection.table
            selected = selection
        } else {
            func note(_ problem: ObjectStorage.Problem) {
                problems.append(
                    Gap(
                        kind: problem.isPack ? .unreadablePack : .unreadableFolder, subject: problem.path,
                        reason: problem.reason))
            }
            if let cache = objectCache() {
                let objects = await PreparedObjects(storage, cache: cache, problem: note)
                if let note = objects.note { report.notes.append(note) }
                table = objects.table
                prepared = objects
            } else {
                table = storage.objects(problem: note)
            }
            selected = nil
        }
        report.gaps += problems

        var scan = try await ObjectScan.run(
            table, order: prepared?.order, kinds: prepared?.known?.kinds, gitFolder: opened.gitFolder,
            compiled: compiled, request: request, progress: progress)
        if let known = prepared?.known {
            scan.tagTargets.merge(known.tagTargets) { read, _ in read }
            scan.blobCount += known.blobCount
        }
        report.statistics.knownObjectCount = prepared.map { table.count - $0.order.count } ?? 0
        try scanLFS(&scan, table)
        var wanted = [Bool](repeating: false, count: table.count)
        for place in scan.blobHits.keys { wanted[place] = true }
        for place in scan.lfsPointers.keys { wanted[place] = true }
        var pass: TreePass
        if let selected {
            pass = selected.treePass(wanted: wanted, index: indexEntries, head: headID, repository)
        } else {
            let trees = prepared?.trees(scan.kinds, wanted: wanted, repository)
            pass = try await TreePass.run(
                table, kinds: scan.kinds, wanted: wanted, order: trees, known: prepared?.known?.trees,
                notesOrigins: prepared != nil, gitFolder: opened.gitFolder, jobs: request.jobs, progress: progress)
        }
        if prepared != nil { for place in scan.messageHits.keys { wanted[place] = true } }
        // What the index names is a dotenv file even before the first commit.
        for entry in indexEntries where entry.kind == .file {
            guard let kind = DotenvFileKind(path: entry.path), let place = table.place(of: entry.id) else { continue }
            if pass.dotenvBlobs[place] != .dotenv { pass.dotenvBlobs[place] = kind }
        }
        // A pointer is no dotenv file: what it points to is.
        let pointers = pass.dotenvBlobs.keys.filter { scan.lfsPointers[$0] != nil }
        var sightings = try await DotenvBlobs.read(
            pass.dotenvBlobs.keys.filter { scan.lfsPointers[$0] == nil }, table, gitFolder: opened.gitFolder,
            compiled: compiled, jobs: request.jobs)
        sightings.sightings.merge(try readLFSDotenv(pointers, &scan)) { _, content in content }
        for (place, sighting) in sightings.sightings {
            scan.blobHits[place] = sighting.hits.isEmpty ? nil : sighting.hits
        }
        scan.absorb(secrets: sightings.secrets)
        scan.gaps += sightings.gaps
        assembly.absorb(scan.secrets)

        let tagTargets = scan.tagTargets
        let keepers = try Keeper.all(
            in: repository,
            tagTarget: { id in
                if selected == nil { return table.place(of: id).flatMap { tagTargets[$0] } }
                // A selection has no tags.
                return (try? repository.withObject(id) { kind, bytes in kind == .tag ? RawTag(bytes)?.target : nil })
                    ?? nil
            }, gaps: &scan.gaps)
        let graph = CommitGraph(scan.commits, known: prepared?.known?.commits ?? KnownCommits(), table: table)
        let tips = Set(keepers.filter { Keeper.primaryKinds.contains($0.kind) }.map(\.target))
        let headNode = headID.flatMap { table.place(of: $0) }.flatMap { graph.node(atPlace: $0) }
        var provenance = Provenance(
            table: table, graph: graph, pass: pass, keepers: keepers,
            headTree: selected?.headTree ?? headNode.flatMap { graph.nodes[$0].tree }.map { table.ids[$0] },
            outside: selected?.commits(in: tips, repository) ?? [:], progress: progress)
        if let prepared {
            let read = ReadObjects(
                table: table, scan: scan, isReadAgain: wanted, pass: pass, graph: graph, blobs: provenance.blobs,
                known: prepared.known)
            if prepared.keep(read, request.objectCaching) { ObjectCache.tidy(request.objectCaching) }
        }
        if selected == nil {
            scan.gaps += provenance.gaps
            let crowded = provenance.blobs.crowded.count
            if crowded > 0 {
                report.notes.append(
                    "\(crowded) contents stand at more than \(PathedBlobs.mostPlaces) paths of one tree: "
                        + "the other paths are not listed.")
            }
            noteMissing(pass, graph, table, keepers, &scan)
        }
        scan.gaps += pass.gaps
        let scanned = Scanned(
            objects: scan, sightings: sightings.sightings, table: table, keepers: keepers, unmodified: unmodified,
            isWhole: selected == nil)
        try place(scanned, &provenance, repository)
        report.gaps += scan.gaps
        report.statistics.objectCount = table.count
        report.statistics.blobCount = scan.blobCount
        report.statistics.commitCount = graph.nodes.count
        report.statistics.byteCount += scan.byteCount
    }

    /// Objects that something names and the database lacks.
    private func noteMissing(
        _ pass: TreePass, _ graph: CommitGraph, _ table: ObjectTable, _ keepers: [Keeper], _ scan: inout ObjectScan
    ) {
        let why = opened.isPartial ? "the clone is partial: its remote has it" : "the object database lacks it"
        for id in pass.missing.sorted() {
            scan.gaps.append(Gap(kind: .missingObject, subject: id.description, reason: why))
        }
        // Where history was cut on purpose, parents are missing by design; that gap is told as one.
        if opened.shallowCommits.isEmpty {
            for id in Set(graph.missingParents).sorted() {
                scan.gaps.append(Gap(kind: .missingObject, subject: id.description, reason: "a parent commit: " + why))
            }
        }
        var told = Set<ObjectID>()
        for keeper in keepers where keeper.kind != .reflog && table.place(of: keeper.target) == nil {
            // Reflogs and what a fetch remembers may name what was pruned long ago.
            // A detached HEAD is this worktree's or another's.
            let isHead = keeper.name == "HEAD" || keeper.name.hasPrefix("worktrees/") && keeper.name.hasSuffix("/HEAD")
            guard isHead || keeper.name.hasPrefix("refs/"), keeper.kind != .stash || keeper.name != "refs/stash",
                told.insert(keeper.target).inserted
            else { continue }
            scan.gaps.append(
                Gap(kind: .missingObject, subject: keeper.target.description, reason: "\(keeper.name): " + why))
        }
        for entry in indexEntries where entry.kind != .submodule && table.place(of: entry.id) == nil {
            guard entry.size > 0, told.insert(entry.id).inserted, !pass.missing.contains(entry.id) else { continue }
            scan.gaps.append(
                Gap(kind: .missingObject, subject: entry.id.description, reason: "\(entry.path) in the index: " + why))
        }
    }
}

// MARK: - Worktree

extension RepositoryScan {
    private mutating func compareWorktree(_ repository: borrowing Repository, _ worktree: String) -> WorktreeWalk {
        var walk = WorktreeWalk(root: worktree)
        walk.compare(indexEntries, indexTime: FileStatus(at: opened.gitFolder + "index")?.modified)
        if request.scope != .index, request.selection == .everything {
            // One that libgit2 cannot answer for is looked at: better one file too many.
            walk.walk(entersRepositories: false) { path in (try? repository.isIgnored(path)) ?? false }
            reconsiderIgnored(&walk, worktree)
        }
        return walk
    }

    /// Libgit2 overlooks a `!` in the ignore file of a subfolder. Where it matters, copies that it reads right are asked;
    /// what only this machine's own rules cover stays ignored.
    private func reconsiderIgnored(_ walk: inout WorktreeWalk, _ worktree: String) {
        let ignored = walk.files.filter { $0.reach == .ignored }.map(\.path)
        guard !ignored.isEmpty, let shared = try? SharedIgnoreRules(worktree: worktree) else { return }
        let folders = Set(ignored.map { path in path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "" }).sorted()
        guard let copies = CopiedRules(of: worktree, folders: folders, appending: []) else { return }
        walk.reconsiderIgnored { path in
            ((try? shared.isIgnored(path)) ?? false) ? copies.isIgnored(path) : true
        }
    }

    private mutating func scanWorktree(_ walk: WorktreeWalk, _ worktree: String) async throws {
        var files = walk.files
        if request.scope == .worktree {
            // Without the pass over the objects, unmodified files are read from the disk.
            for entry in indexEntries where walk.unmodified.contains(entry.pathBytes) {
                files.append(
                    WorktreeFile(
                        path: entry.path, bytes: entry.pathBytes, reach: .worktree,
                        dotenv: DotenvFileKind(path: entry.path)))
            }
        }
        files = files.filter { request.covers($0.path) }
        let scan = try await FileScan.run(
            files, root: worktree, compiled: compiled, jobs: request.jobs, progress: progress)
        assembly.absorb(scan.secrets)
        for (number, file) in files.enumerated() {
            let source = Occurrence.Source.file(path: file.path)
            assembly.add(scan.hits[number] ?? [], in: source, reach: [file.reach])
            guard let kind = file.dotenv, let sighting = scan.dotenv[number] else { continue }
            let standing: DotenvFileReport.Standing =
                switch file.reach {
                case .worktree: .tracked
                case .ignored: .ignored
                default: .untracked
                }
            dotenv.add(
                sighting, path: file.path, kind: kind, blob: nil,
                occurrence: Occurrence(source: source, range: 0..<0, line: 1, column: 1, reach: [file.reach]),
                standing: standing)
        }
        report.gaps += walk.gaps + scan.gaps
        report.noteOmissions(of: walk)
        report.statistics.fileCount = scan.fileCount
        report.statistics.byteCount += scan.byteCount
        report.nestedRepositories = walk.repositories
    }
}
