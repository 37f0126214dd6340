// The dotenv files that values are taken from: which ones, and which version of each.

import Checklist
import Detection
import Dotenv
import Files
import Git
import Scanning

/// One dotenv file, in the most trusted of its versions.
struct DotenvSource: Sendable {
    /// Most trusted first.
    enum Origin: Int, Sendable, Comparable {
        case worktree, index, history

        static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    /// Relative to the root.
    var path: String
    var origin: Origin
    /// Lower counts first.
    var rank: Int
    var bytes: [UInt8]
    /// Tells this version from others, and nothing of what is in it: a blob's id; time and size of a file.
    var stamp: String

    /// "backend/.env:3", "backend/.env:3 in git history"
    func place(line: Int) -> String {
        let words = "\(PlainText.line(path)):\(line)"
        return switch origin {
        case .worktree: words
        case .index: words + " in the index"
        case .history: words + " in git history"
        }
    }
}

/// What a dotenv file is for, told by its name.
enum DotenvPurpose: Int, Sendable {
    case production, unnamed, staging, other, local, copy, development

    init(path: String) {
        let name = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[path.utf8.index(after: $0)...] } ?? path[...]
        let words = Set(name.lowercased().split { "._-~ ".contains($0) }.map(String.init))
        func has(_ others: Set<String>) -> Bool { !words.isDisjoint(with: others) }
        let folders = Set(path.lowercased().split(separator: "/").dropLast().map(String.init))
        let forTests: Set = [
            "test", "tests", "__tests__", "spec", "fixtures", "testdata", "example", "examples", "e2e",
        ]
        if !folders.isDisjoint(with: forTests) {
            self = .development
        } else if has(["production", "prod", "live"]) {
            self = .production
        } else if has(["development", "dev", "test", "testing", "tests", "ci", "qa", "e2e"]) {
            self = .development
        } else if has(["bak", "backup", "old", "orig", "save"]) {
            self = .copy
        } else if has(["staging", "stage", "uat"]) {
            self = .staging
        } else if words.contains("local") {
            self = .local
        } else {
            self = words.isSubset(of: ["env", "envrc", "flaskenv", "dotenv", "dev", "vars"]) ? .unnamed : .other
        }
    }
}

/// Which dotenv files count.
struct DotenvSelection: Sendable {
    /// By rank.
    var paths: [(path: String, rank: Int)]
    /// Files of development and tests, whose values are not those of production.
    var leftOut: [String]

    /// - Parameter named: what the checklist names; nil for what a scan found.
    /// - Throws: `StepFailure` for a name that can be no file of the repository.
    init(named: [String]?, _ report: ScanReport) throws {
        if let named {
            for path in named where path.isEmpty || path.hasPrefix("/") || path.split(separator: "/").contains("..") {
                throw StepFailure(
                    "`files` names \(PlainText.line(path)), which is no path from the root of the repository on",
                    remedy: "name it as in backend/.env.production", kind: .refused)
            }
            paths = named.enumerated().map { (path: $0.element, rank: $0.offset) }
            leftOut = []
            return
        }
        let found = report.dotenvFiles.filter { !$0.isTemplate }
            .map { (path: $0.path, rank: DotenvPurpose(path: $0.path).rawValue) }
        let development = DotenvPurpose.development.rawValue
        let others = found.filter { $0.rank != development }
        // Where there are no others, these are the ones that are used.
        paths = (others.isEmpty ? found : others).sorted { ($0.rank, $0.path) < ($1.rank, $1.path) }
        leftOut = others.isEmpty ? [] : found.filter { $0.rank == development }.map(\.path)
    }
}

/// Reads the versions of dotenv files.
struct DotenvSourceReader: ~Copyable {
    private let root: String
    private let repository: Repository
    private let index: [String: ObjectID]
    private let report: ScanReport
    private static let largest = 4 << 20

    /// - Parameter root: absolute, without links.
    init(root: String, _ report: ScanReport) throws {
        let repository = try Repository(discovering: root)
        let entries = try repository.indexEntries().filter { $0.stage == 0 && $0.kind == .file }
        self.root = root
        self.report = report
        self.repository = repository
        index = Dictionary(entries.map { ($0.path, $0.id) }) { first, _ in first }
    }

    /// Nil when no version can be found.
    /// - Throws: `StepFailure` for a file that is there and cannot be read.
    borrowing func source(_ path: String, rank: Int) throws -> DotenvSource? {
        if let file = try worktreeFile(path, rank) { return file }
        if let id = index[path], let bytes = blob(id) {
            return DotenvSource(path: path, origin: .index, rank: rank, bytes: bytes, stamp: id.description)
        }
        guard let id = newestBlob(path), let bytes = blob(id) else { return nil }
        return DotenvSource(path: path, origin: .history, rank: rank, bytes: bytes, stamp: id.description)
    }

    private borrowing func worktreeFile(_ path: String, _ rank: Int) throws -> DotenvSource? {
        let full = root + "/" + path
        // A link may lead anywhere on this machine: only one that stays inside is followed.
        guard let resolved = FilePaths.resolved(full), resolved.hasPrefix(root + "/"),
            let status = FileStatus(at: resolved), status.kind == .file
        else { return nil }
        let bytes: [UInt8]
        do {
            guard let content = try FileContent.read(resolved, limit: Self.largest) else { return nil }
            bytes = content
        } catch {
            throw StepFailure(
                "\(PlainText.line(path)) cannot be read: \(error.reason)", remedy: "make it readable, then try again")
        }
        let stamp = "\(status.modified.seconds).\(status.modified.nanoseconds)/\(status.size)/\(status.inode)"
        return DotenvSource(path: path, origin: .worktree, rank: rank, bytes: bytes, stamp: stamp)
    }

    private borrowing func blob(_ id: ObjectID) -> [UInt8]? {
        try? repository.withObject(id) { kind, bytes in
            kind == .blob && bytes.count <= Self.largest ? Array(bytes) : nil
        }
    }

    /// What the file was like before the newest commit that took it out.
    private borrowing func newestBlob(_ path: String) -> ObjectID? {
        let history = report.dotenvFiles.first { $0.path == path }?.history
        if let removed = history?.removed, let parents = parents(of: removed.id) {
            for parent in parents {
                if let id = blob(at: path, in: parent) { return id }
            }
        }
        // It stands in HEAD, or on another branch.
        let places = report.findings.filter { $0.ruleID == Rule.dotenvFile.id }.flatMap(\.occurrences)
        for place in places {
            if case .blob(let id, path) = place.source { return id }
        }
        return nil
    }

    private borrowing func parents(of commit: ObjectID) -> [ObjectID]? {
        try? repository.withObject(commit) { _, bytes in RawCommit(bytes)?.parents }
    }

    private borrowing func blob(at path: String, in commit: ObjectID) -> ObjectID? {
        var next = try? repository.withObject(commit) { _, bytes in RawCommit(bytes)?.tree }
        for name in path.split(separator: "/") {
            guard let tree = next else { return nil }
            let wanted = Array(name.utf8)
            next = try? repository.withObject(tree) { kind, bytes -> ObjectID? in
                guard kind == .tree else { return nil }
                var entries = RawTree(bytes)
                while let entry = entries.next() {
                    if entry.name.elementsEqual(wanted) { return entry.id }
                }
                return nil
            }
        }
        return next
    }
}
