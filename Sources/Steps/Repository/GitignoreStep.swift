// The ignore rules keep every dotenv file out of git, and let templates in.

package import Checklist
import Files
import Git
import Scanning

/// `gitignore`: the lines that the audit asks for, at the end of the root's `.gitignore`.
struct GitignoreStep: StepKind {
    static let description = KindDescription(
        name: "gitignore",
        about: "Adds the lines to .gitignore that keep every .env file out of git, and its templates in.")

    static let path = ".gitignore"
    let workbench: Workbench

    func observe(_ record: StepRecord) async throws -> Observation {
        let audit: IgnoreAudit?
        do { audit = try await self.audit() } catch let failure as StepFailure {
            return .unknowable(reason: failure.reason, remedy: failure.remedy)
        }
        guard let audit else {
            return .unknowable(reason: "the ignore rules cannot be read", remedy: "make the .gitignore files readable")
        }
        if let reason = Self.reason(audit) { return .unsatisfied(reason: reason) }
        let repository = try StepRepository.open(workbench)
        var warnings = StepRepository.uncommitted([Self.path], repository, in: workbench)
        let pointers = PointerFiles(workbench).paths
        let still = audit.trackedThoughIgnored.filter { !pointers.contains($0) }
        if !still.isEmpty {
            let names = still.map { PlainText.line($0) }
            warnings.append("tracked all the same, since ignored is not untracked: \(PlainText.few(names))")
        }
        return .satisfied(
            Evidence("every .env file would be ignored, and its templates would not", warnings: warnings))
    }

    func preview(_ record: StepRecord, answers: Answers) async throws -> Preview {
        try refuse()
        guard let audit = try await audit() else {
            throw StepFailure("the ignore rules cannot be read", remedy: "make the .gitignore files readable")
        }
        let change = try change(for: audit)
        return Preview(
            changes: change.isNeeded ? [change.preview] : [], byHand: audit.obstacles.map { PlainText.line($0) },
            basis: change.basis)
    }

    func apply(_ run: StepRun) async throws {
        try refuse()
        guard let audit = try await audit() else {
            throw StepFailure("the ignore rules cannot be read", remedy: "make the .gitignore files readable")
        }
        let change = try change(for: audit)
        guard change.basis == run.basis else { throw StepChanged(Self.path) }
        try await FileChange.settle(run, on: workbench, planned: [change])
        try await change.apply(run, on: workbench)
    }

    func undoPreview(_ record: StepRecord) async throws -> UndoPreview {
        try FileChange.undoPreview(record, on: workbench)
    }

    func undo(_ run: StepRun) async throws { try await FileChange.undo(run, on: workbench) }

    // MARK: What is asked for

    /// Fresh from the files; which names to try, a scan knows.
    private func audit() async throws -> IgnoreAudit? {
        // A bare repository is told before anything is scanned.
        _ = try StepRepository.open(workbench)
        let pointers = PointerFiles(workbench).paths
        let known = try await workbench.findings().report.dotenvFiles.map(\.path).filter {
            !workbench.excludes($0) && !pointers.contains($0)
        }
        let repository = try StepRepository.open(workbench)
        do throws(GitError) {
            return try IgnoreAudit.now(worktree: workbench.root, repository: repository, known: known)
        } catch { throw StepRepository.failure(error) }
    }

    private func refuse() throws {
        let repository = try StepRepository.open(workbench)
        try StepRepository.refuseHalfDone(repository) { $0 == Self.path }
        if FileStatus(at: workbench.root + "/" + Self.path)?.kind == .symbolicLink {
            throw StepFailure(
                ".gitignore is a symbolic link, which git does not read",
                remedy: "replace it by the file that it leads to", kind: .refused)
        }
    }

    /// What is wrong, in one line; nil for nothing.
    private static func reason(_ audit: IgnoreAudit) -> String? {
        func rest(_ count: Int) -> String {
            count == 1 ? "" : ", and so would \(count - 1) more name\(count == 2 ? "" : "s")"
        }
        if let name = audit.openNames.first {
            return "\(PlainText.line(name)) would get into git" + rest(audit.openNames.count)
        }
        if let name = audit.ignoredTemplates.first {
            return "\(PlainText.line(name)), which is to be committed, would be ignored"
                + rest(audit.ignoredTemplates.count)
        }
        return nil
    }

    private func change(for audit: IgnoreAudit) throws -> FileChange {
        // Where the lines would mend nothing, adding them once more helps nobody.
        let isMendable = audit.openNames.count + audit.ignoredTemplates.count > audit.obstacles.count
        return try FileChange(of: Self.path, in: workbench.root) { before in
            isMendable ? Self.adding(audit.fix, to: before ?? []) : before ?? []
        }
    }

    /// The lines at the end, with the line ends of the file; a last line without an end keeps none.
    static func adding(_ lines: [String], to text: [UInt8]) -> [UInt8] {
        guard !lines.isEmpty else { return text }
        let firstEnd = text.firstIndex(of: UInt8(ascii: "\n"))
        let isWindows = firstEnd.map { $0 > 0 && text[$0 - 1] == UInt8(ascii: "\r") } ?? false
        let end = Array((isWindows ? "\r\n" : "\n").utf8)
        let isCut = !text.isEmpty && text.last != UInt8(ascii: "\n")
        var result = text
        if isCut { result += end }
        result += Array(lines.map { Array($0.utf8) }.joined(separator: end))
        return isCut ? result : result + end
    }
}
