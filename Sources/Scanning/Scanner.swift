// A scan from beginning to end: which passes run over what, in which order.

package import Detection
import Dotenv
import Files
import Git

/// Scans repositories and folders.
package struct Scanner: Sendable {
    package let compiled: CompiledRules
    package let progress: ScanProgress

    package init(compiled: CompiledRules, progress: ScanProgress = ScanProgress()) {
        self.compiled = compiled
        self.progress = progress
    }

    /// Scans what `request` asks for.
    ///
    /// - Throws: `ScanError` when there is nothing that can be scanned at all. Whatever cannot be read along the way is
    ///   a gap in the report.
    package func scan(_ request: ScanRequest) async throws -> ScanReport {
        let start = ContinuousClock.now
        var report = try await scanOne(request)
        if request.includesSubmodules {
            try await scanNested(&report, of: request)
            report.isNestedIncluded = true
        } else {
            // In a plain folder, their files were read as they are.
            let what = report.target.kind == .folder ? "its history was not scanned" : "was not scanned"
            for path in report.nestedRepositories {
                report.notes.append("\(path) is a repository of its own and \(what); --submodules scans it too.")
            }
        }
        progress.enter(.done)
        report.statistics.ruleCount = compiled.ruleSet.rules.count
        report.statistics.seconds = (ContinuousClock.now - start).seconds
        return report
    }

    private func scanOne(_ request: ScanRequest) async throws -> ScanReport {
        guard let opened = try OpenedRepository(request) else { return try await scanFolder(request) }
        var scan = RepositoryScan(opened: opened, compiled: compiled, progress: progress)
        return try await scan.run()
    }

    /// Scans the repositories below, and those below them, and adds what they have under their paths.
    private func scanNested(_ report: inout ScanReport, of request: ScanRequest) async throws {
        guard !report.nestedRepositories.isEmpty else { return }
        var root = try OpenedRepository(request)?.worktree ?? request.path
        while root.count > 1, root.hasSuffix("/") { root.removeLast() }
        var waiting = report.nestedRepositories
        while let path = waiting.popLast() {
            var inner = request
            inner.path = root + "/" + path
            inner.morePaths = []
            inner.objectCaching = ObjectCache.caching(request.objectCaching, ofNested: path)
            inner.pathPrefixes = []
            do {
                // What is no repository leads to the one around it.
                let opened = try OpenedRepository(inner)
                guard let opened,
                    opened.worktree.map({ FilePaths.resolved($0) == FilePaths.resolved(inner.path) }) ?? true
                else {
                    if FileStatus(at: inner.path + "/.git") == nil {
                        report.notes.append(
                            "\(path) is a submodule that was not checked out, so there was nothing to scan.")
                    } else {
                        report.gaps.append(
                            Gap(kind: .unreadableFolder, subject: path, reason: "it has a .git that is no repository"))
                    }
                    continue
                }
                var scan = RepositoryScan(opened: opened, compiled: compiled, progress: progress)
                let nested = try await scan.run()
                waiting += nested.nestedRepositories.map { path + "/" + $0 }
                report.absorb(nested, below: path)
            } catch let error as ScanError {
                report.gaps.append(Gap(kind: .unreadableFolder, subject: path, reason: "\(error)"))
            }
        }
        report.findings.sort(by: FindingAssembly.isMoreUrgent)
    }

    /// Scans bytes that are no file, such as standard input.
    package func scan(bytes: [UInt8], request: ScanRequest) throws -> ScanReport {
        let start = ContinuousClock.now
        let reader = try ValueReader(compiled)
        var assembly = FindingAssembly(rules: compiled.ruleSet.rules, request: request)
        let hits = try bytes.withUnsafeBytes { try reader.hits(in: $0) }
        assembly.absorb(reader.secrets)
        assembly.add(hits, in: .standardInput, reach: [.untracked])
        let (findings, gradedDown) = assembly.findings()
        var report = ScanReport(
            target: .init(path: "-", kind: .standardInput), scope: "standard input", findings: findings,
            gradedDown: gradedDown)
        report.statistics.fileCount = 1
        report.statistics.byteCount = bytes.count
        report.statistics.ruleCount = compiled.ruleSet.rules.count
        report.statistics.seconds = (ContinuousClock.now - start).seconds
        return report
    }

    private func scanFolder(_ request: ScanRequest) async throws -> ScanReport {
        if request.selection != .everything {
            throw ScanError.needsRepository(option: "--range or --since", path: request.path)
        }
        if request.scope == .history || request.scope == .index {
            throw ScanError.needsRepository(option: "--scope \(request.scope.rawValue)", path: request.path)
        }
        var root = request.path
        while root.count > 1, root.hasSuffix("/") { root.removeLast() }
        var files: [WorktreeFile]
        var report = ScanReport(target: .init(path: request.path, kind: .folder), scope: "a plain folder")
        if FileStatus(at: root)?.kind == .folder || FileStatus(at: root + "/.")?.kind == .folder {
            var walk = WorktreeWalk(root: root)
            progress.enter(.listing)
            walk.walk(entersRepositories: !request.includesSubmodules) { _ in false }
            files = walk.files
            report.gaps = walk.gaps
            report.nestedRepositories = walk.repositories
            report.noteOmissions(of: walk)
            report.notes.append("\(request.path) is no git repository: its files were scanned as they are.")
        } else {
            let parts = root.split(separator: "/", omittingEmptySubsequences: false)
            let name = parts.last.map(String.init) ?? root
            root = parts.count > 1 ? parts.dropLast().joined(separator: "/") : "."
            if root.isEmpty { root = "/" }
            files = [
                WorktreeFile(
                    path: name, bytes: Array(name.utf8), reach: .untracked,
                    dotenv: DotenvFileKind(fileName: Array(name.utf8)))
            ]
            report.scope = "one file"
        }
        let scan = try await FileScan.run(files, root: root, compiled: compiled, jobs: request.jobs, progress: progress)
        var assembly = FindingAssembly(rules: compiled.ruleSet.rules, request: request)
        var dotenv = DotenvAssembly()
        assembly.absorb(scan.secrets)
        for (number, file) in files.enumerated() {
            assembly.add(scan.hits[number] ?? [], in: .file(path: file.path), reach: [file.reach])
            if let kind = file.dotenv, let sighting = scan.dotenv[number] {
                dotenv.add(
                    sighting, path: file.path, kind: kind, blob: nil,
                    occurrence: Occurrence(
                        source: .file(path: file.path), range: 0..<0, line: 1, column: 1, reach: [file.reach]),
                    standing: .untracked)
            }
        }
        let (findings, gradedDown) = assembly.findings()
        report.findings = (findings + dotenv.findings()).sorted(by: FindingAssembly.isMoreUrgent)
        report.gradedDown = gradedDown
        if let note = assembly.leftOutNote { report.notes.append(note) }
        report.dotenvFiles = dotenv.reports()
        report.gaps += scan.gaps
        report.statistics.fileCount = scan.fileCount
        report.statistics.byteCount = scan.byteCount
        var cover = try ValueCover(assembly.secrets.values, compiled)
        try report.hideValues(&cover)
        return report
    }
}

extension Duration {
    var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
