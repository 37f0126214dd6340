// Beside every dotenv file a template with its keys, and no value that anybody could use.

package import Checklist
import Detection
import Dotenv
import Files
import Git
import Scanning
import Stores

/// `dotenv-template`: the `.env.example` of each folder has every key, each with a placeholder.
struct DotenvTemplateStep: StepKind {
    static let description = KindDescription(
        name: "dotenv-template",
        about: "Keeps a template with every key and no value beside each .env file: .env.example.",
        parameters: [
            ParameterDeclaration(
                "files", .list, about: "Paths of the .env files that need a template; all that are found by default.")
        ])

    static let name = ".env.example"
    /// What counts as the folder's template where `.env.example` is not there.
    static let otherNames = [".env.sample", ".env.template", ".env.dist"]
    let workbench: Workbench
    let files: [String]?

    init(_ step: Step, workbench: Workbench) {
        self.workbench = workbench
        files = step.parameters.list("files")
    }

    func observe(_ record: StepRecord) async throws -> Observation {
        let targets: [Target]
        do { targets = try await self.targets() } catch let failure as StepFailure {
            return .unknowable(reason: failure.reason, remedy: failure.remedy)
        }
        if let target = targets.first(where: { $0.change.isNeeded }) {
            let others = targets.count { $0.change.isNeeded } - 1
            return .unsatisfied(
                reason: target.reason
                    + (others == 0 ? "" : ", and \(others) more need\(others == 1 ? "s" : "") a change"))
        }
        guard !targets.isEmpty else { return .satisfied(Evidence("there is no .env file, so no template is needed")) }
        let paths = targets.map(\.change.path)
        let repository = try StepRepository.open(workbench)
        var warnings = StepRepository.uncommitted(paths, repository, in: workbench)
        for path in paths where (try? repository.isIgnored(path)) ?? false {
            warnings.append("\(PlainText.line(path)) is ignored by git, so nobody else gets it")
        }
        let keys = targets.reduce(0) { $0 + $1.keyCount }
        return .satisfied(
            Evidence(
                "\(PlainText.few(paths.map { PlainText.line($0) })) \(paths.count == 1 ? "has" : "have") every key "
                    + "(\(keys)), and no real value",
                facts: [
                    "templates": .list(paths.map { PlainText.line($0) }),
                    "digests": .list(targets.map { FileChange.digest($0.change.after) }),
                ], warnings: warnings))
    }

    func preview(_ record: StepRecord, answers: Answers) async throws -> Preview {
        let changes = try await ready()
        return Preview(changes: changes.map(\.preview), basis: Self.basis(changes))
    }

    func apply(_ run: StepRun) async throws {
        let changes = try await ready()
        guard Self.basis(changes) == run.basis else { throw StepChanged("a .env file or its template") }
        try await FileChange.settle(run, on: workbench, planned: changes)
        for change in changes { try await change.apply(run, on: workbench) }
    }

    func undoPreview(_ record: StepRecord) async throws -> UndoPreview {
        var preview = try FileChange.undoPreview(record, on: workbench) { _ in true }
        if record.fileChanges().contains(where: { $0.before == "private" }) {
            preview.cannot.append("real values come back into a template: do not commit it like that")
        }
        return preview
    }

    func undo(_ run: StepRun) async throws { try await FileChange.undo(run, on: workbench) }

    private func ready() async throws -> [FileChange] {
        let changes = try await targets().map(\.change).filter(\.isNeeded)
        let repository = try StepRepository.open(workbench)
        let paths = Set(changes.map(\.path))
        try StepRepository.refuseHalfDone(repository) { paths.contains($0) }
        return changes
    }

    private static func basis(_ changes: [FileChange]) -> String { changes.map(\.basis).joined(separator: "\n") }

    // MARK: What the templates should be

    /// One template.
    private struct Target {
        var change: FileChange
        var keyCount: Int
        /// Why it needs a change, in one line.
        var reason: String
    }

    /// The templates that there should be, and those that are there and hold real values, by path.
    private func targets() async throws -> [Target] {
        _ = try StepRepository.open(workbench)
        let findings = try await workbench.findings()
        let leaked = LeakedBytes(findings)
        let template = DotenvTemplate { key, value in Self.isReal(key, value, leaked) }
        var wanted: [String: [DotenvDocument]] = [:]
        for path in sources(findings.report) {
            guard let folder = existingFolder(of: path) else { continue }
            let report = findings.report.dotenvFiles.first { $0.path == path }
            guard let document = TemplateSources.document(path, report, in: workbench.root) else {
                if files != nil {
                    throw StepFailure("there is no file \(PlainText.line(path))", remedy: "name another one")
                }
                continue
            }
            wanted[templatePath(in: folder), default: []].append(document)
        }
        // Templates of other names, and of folders without a dotenv file: only for what must not be in them.
        for file in findings.report.dotenvFiles where file.isTemplate && !workbench.excludes(file.path) {
            let isThere = FileStatus(at: workbench.root + "/" + file.path)?.kind == .file
            if isThere, wanted[file.path] == nil { wanted[file.path] = [] }
        }
        let further = await furtherKeys(wanted)
        return try wanted.sorted { $0.key < $1.key }.map { path, documents in
            try target(path, documents, further[path] ?? [], template)
        }
    }

    private func target(
        _ path: String, _ sources: [DotenvDocument], _ further: [String], _ template: DotenvTemplate
    ) throws -> Target {
        var real: [String] = []
        var missing: [String] = []
        var keys: [String] = []
        let change = try FileChange(
            of: path, in: workbench.root, isDotenv: true,
            isPrivate: { before in
                real = before.map(template.realKeys) ?? []
                return !real.isEmpty
            }
        ) { before in
            if let before, [.utf16LittleEndian, .utf16BigEndian].contains(DotenvDocument(parsing: before).encoding) {
                throw StepFailure("\(PlainText.line(path)) is UTF-16", remedy: "save it as UTF-8", kind: .refused)
            }
            let old = before.map { DotenvTemplate.keys(of: DotenvDocument(parsing: $0)) } ?? []
            let after = template.updated(before, from: sources, furtherKeys: further)
            keys = DotenvTemplate.keys(of: DotenvDocument(parsing: after))
            missing = keys.filter { !old.contains($0) }
            return after
        }
        let shown = PlainText.line(path)
        let reason: String
        if let key = real.first {
            reason = "\(shown) holds a real value" + (key.isEmpty ? " in a comment" : " for \(PlainText.line(key))")
        } else if change.before == nil {
            reason = "there is no \(shown)"
        } else {
            reason = "\(shown) lacks \(PlainText.few(missing.map { PlainText.line($0) }))"
        }
        return Target(change: change, keyCount: keys.count, reason: reason)
    }

    /// Dotenv files, the plain `.env` of each folder first.
    private func sources(_ report: ScanReport) -> [String] {
        let pointers = PointerFiles(workbench).paths
        let all = report.dotenvFiles.filter {
            !$0.isTemplate && !workbench.excludes($0.path) && !pointers.contains($0.path)
        }
        func folder(_ path: String) -> Substring { path.prefix(upTo: path.lastIndex(of: "/") ?? path.startIndex) }
        let folders = Set(all.filter { !PointerFiles.isHarmlessDeployment($0) }.map { folder($0.path) })
        // Beside others, what it has belongs into their template; alone, it needs none.
        let found = all.map(\.path).filter { folders.contains(folder($0)) }
        func isPlain(_ path: String) -> Bool { path == ".env" || path.hasSuffix("/.env") }
        return (files ?? found).sorted { left, right in
            isPlain(left) != isPlain(right) ? isPlain(left) : left < right
        }
    }

    /// "" for the root; nil when the folder is gone: nobody needs a template there.
    private func existingFolder(of path: String) -> String? {
        guard let slash = path.lastIndex(of: "/") else { return "" }
        let folder = String(path[...slash])
        return FileStatus(at: workbench.root + "/" + folder + ".")?.kind == .folder ? folder : nil
    }

    private func templatePath(in folder: String) -> String {
        for name in [Self.name] + Self.otherNames where FileStatus(at: workbench.root + "/" + folder + name) != nil {
            return folder + name
        }
        return folder + Self.name
    }

    /// Keys of the secret that no template has, for the template that has most of the others. Where the secret cannot be
    /// read, or is not there yet, there are none.
    private func furtherKeys(_ wanted: [String: [DotenvDocument]]) async -> [String: [String]] {
        guard !wanted.isEmpty, let access = try? await workbench.store(),
            let version = try? await access.store.read(access.name, .current),
            let content = try? SecretContent(parsing: version.content, name: access.name)
        else { return [:] }
        var known: [String: Set<String>] = [:]
        for (path, documents) in wanted {
            let existing = (try? FileContent.read(workbench.root + "/" + path, limit: FileChange.largest)) ?? nil
            let all = documents + (existing.map { [DotenvDocument(parsing: $0)] } ?? [])
            known[path] = Set(all.flatMap { DotenvTemplate.keys(of: $0) })
        }
        let missing = content.keys.filter { key in !known.values.contains { $0.contains(key) } && Self.isName(key) }
        let keys = Set(content.keys)
        let best = known.max { left, right in
            let (first, second) = (left.value.intersection(keys).count, right.value.intersection(keys).count)
            return first != second ? first < second : left.key > right.key
        }
        return best.map { [$0.key: missing] } ?? [:]
    }

    /// Whether a key can be written in a dotenv file.
    private static func isName(_ key: String) -> Bool {
        let line = DotenvDocument(parsing: Array((key + "=x").utf8))
        return line.entries.count == 1 && line.entries.first?.key == key
    }

    /// A value that was found somewhere, or looks like one that works somewhere.
    private static func isReal(_ key: [UInt8], _ value: ArraySlice<UInt8>, _ leaked: LeakedBytes) -> Bool {
        let bytes = Array(value)
        if StandaloneValue.isPlaceholder(bytes.span) { return false }
        if leaked.isIn(bytes) { return true }
        guard !key.isEmpty else { return false }
        let judged = ValueJudge.judge(key: key.span, value: bytes.span, in: .dotenv).valueClass
        return judged == .secret || judged == .connectionString
    }
}
