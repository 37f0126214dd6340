// A kept report is used for as long as nothing has changed, and not a moment longer.

import Detection
import Git
import TestRepositories
import Testing
import World

@testable import Scanning

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite struct ScanCacheTests {
    /// A change of a repository, and how it is made.
    struct Change: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var make: @Sendable (TemporaryRepository) throws -> Void

        init(_ description: String, _ make: @escaping @Sendable (TemporaryRepository) throws -> Void) {
            testDescription = description
            self.make = make
        }
    }

    @Test func `a second look at the same repository needs no scan`() async throws {
        let kept = try await Kept()
        let report = try await kept.look()
        #expect(report.isKept)
        #expect(report.findings.map(\.ruleID) == kept.report.findings.map(\.ruleID))
        #expect(report.findings.map(\.ruleID).contains("sendgrid-api-key"))
    }

    @Test(arguments: [
        Change("a commit") { try $0.write("more.txt", "more").commit("More") },
        Change("an empty commit") { try $0.commit("Nothing") },
        Change("a loose object that nothing names") { try $0.git("hash-object", "-w", "--stdin", input: [1, 2, 3]) },
        Change("objects packed anew") { try $0.git("repack", "-adq") },
        Change("a stash") {
            try $0.write("code.py", "changed\n")
            try $0.git("stash")
        },
        Change("a branch") { try $0.git("branch", "other") },
        Change("a branch among packed references") {
            try $0.git("branch", "other")
            try $0.git("pack-refs", "--all")
        },
        Change("a tag") { try $0.git("tag", "-m", "One", "v1") },
        Change("another branch checked out") { try $0.git("checkout", "--quiet", "-b", "other") },
        Change("reflogs expired") { try $0.expireReflogs() },
        Change("a reflog's entry deleted") { try $0.git("reflog", "delete", "HEAD@{0}") },
        Change("a file staged") {
            try $0.write("staged.txt", "staged")
            try $0.git("add", "staged.txt")
        },
        Change("a file untracked") { try $0.git("rm", "--quiet", "--cached", ".env") },
        Change("an edit of the same size") { try $0.write("code.py", "print('hellO')\n") },
        Change("a tracked file deleted") { try $0.remove("code.py") },
        Change("a new file") { try $0.write("new.txt", "new") },
        Change("an edit of an untracked file, of the same size") { try $0.write("untracked.txt", "UNtracked") },
        Change("an edit of an ignored dotenv file") { try $0.write("local/.env", "A=2") },
        Change("the ignore rules") { try $0.write(".gitignore", "*.log\nlocal/\nx\n") },
        Change("ignore rules in a folder") { try $0.write("sub/.gitignore", "*\n") },
        Change("ignore rules that are ignored themselves") { try $0.write("sub2/.gitignore", "!*\n") },
        Change("this machine's own ignore rules") { try $0.write(".git/info/exclude", "untracked.txt\n") },
        Change("a setting of git's") { try $0.git("config", "core.ignorecase", "true") },
        Change("a user's ignore file named") { try $0.git("config", "core.excludesFile", "/nonexistent/rules") },
        Change("history cut short") { try $0.write(".git/shallow", "") },
        Change("a linked worktree") { try $0.git("worktree", "add", "--quiet", "../linked") },
        Change("a borrowed object folder") {
            try $0.write(".git/objects/info/alternates", $0.folder + "/project/.git/objects/pack\n")
        },
        Change("a repository within") { try $0.git("init", "--quiet", "nested") },
        Change("a content of git LFS") { try $0.write(".git/lfs/objects/ab/cd/abcd", "content") },
    ])
    func `every change makes the repository be looked at again`(change: Change) async throws {
        let kept = try await Kept()
        #expect(try await kept.look().isKept)
        try change.make(kept.repository)
        #expect(try await !kept.look().isKept)
    }

    @Test(arguments: [
        Change("the state of the checklist") { try $0.write(".migrate/state.json", "{}") },
        Change("backups and caches of ours") { try $0.write(".migrate/local/backups/.env.1", "A=1") },
        Change("an ignored file that is not searched") { try $0.write("debug.log", "line") },
        Change("a lock of git's") { try $0.write(".git/index.lock.old", "") },
        Change("git's own look at the files") { try $0.git("status") },
    ])
    func `what a scan does not read changes nothing`(change: Change) async throws {
        let kept = try await Kept()
        try change.make(kept.repository)
        #expect(try await kept.look().isKept)
    }

    @Test func `other rules and other requests have entries of their own`() async throws {
        let kept = try await Kept()
        let rules = RuleSet()
        let base = try #require(ScanKey(of: kept.request, rules: rules))
        #expect(ScanKey(of: kept.request, rules: RuleSet(Array(Rule.builtIn.dropFirst()))) != base)
        var other = kept.request
        other.includesPlaceholders = true
        #expect(ScanKey(of: other, rules: rules) != base)
        other = kept.request
        other.largestBlob = 1
        #expect(ScanKey(of: other, rules: rules) != base)
        other = kept.request
        other.jobs = 7
        other.path += "/sub"
        #expect(ScanKey(of: other, rules: rules) == base)
    }

    @Test func `only scans of everything are kept`() async throws {
        let kept = try await Kept()
        let rules = RuleSet()
        for scope in ScanRequest.Scope.allCases where scope != .all {
            var request = kept.request
            request.scope = scope
            #expect(ScanKey(of: request, rules: rules) == nil)
        }
        var request = kept.request
        request.selection = .since(0)
        #expect(ScanKey(of: request, rules: rules) == nil)
        request = kept.request
        request.includesSubmodules = true
        #expect(ScanKey(of: request, rules: rules) == nil)
        request = ScanRequest(path: kept.repository.path + "/sub", jobs: 1)
        #expect(ScanKey(of: request, rules: rules) == nil)
        request = ScanRequest(path: kept.repository.folder, jobs: 1)
        #expect(ScanKey(of: request, rules: rules) == nil)
    }

    @Test func `a report with gaps is not kept`() async throws {
        let story = try Kept.story()
        let blob = try story.id("HEAD:.env")
        try story.delete(story.looseFile(blob))
        let cache = Kept.cache(of: story)
        let report = try await Kept.scanner.value.scan(Kept.request(of: story), cache: cache)
        #expect(!report.isComplete)
        #expect(try Kept.entries(of: story) == [])
    }

    @Test func `a file that was written a moment ago keeps the report from being kept`() async throws {
        let story = try Kept.story()
        // The clock stands a second after the youngest file was written.
        let key = try #require(ScanKey(of: Kept.request(of: story), rules: RuleSet()))
        let cache = ScanCache(folder: Kept.folder(of: story), now: { key.youngest + 1 })
        _ = try await Kept.scanner.value.scan(Kept.request(of: story), cache: cache)
        #expect(try Kept.entries(of: story) == [])
        // Half a minute later it is not.
        _ = try await Kept.scanner.value.scan(Kept.request(of: story), cache: Kept.cache(of: story))
        #expect(try Kept.entries(of: story).count == 1)
    }

    @Test func `a damaged entry is overwritten`() async throws {
        let kept = try await Kept()
        let file = try #require(Kept.entries(of: kept.repository).first)
        let path = Kept.folder(of: kept.repository) + "/" + file
        let whole = try TemporaryRepository.read(path)
        var damaged = whole
        damaged[whole.count / 2] ^= 1
        for bytes in [[], Array("migrate scan 0\n".utf8), Array(whole.dropLast()), whole + [0], damaged] {
            try TemporaryRepository.write(path, bytes)
            #expect(try await !kept.look().isKept)
            // The scan has written it anew, as it was before the mark.
            let key = try #require(ScanKey(of: kept.request, rules: RuleSet()))
            #expect(kept.cache.load(key)?.findings.count == kept.report.findings.count)
        }
    }

    @Test func `two entries are kept, and nobody else can read them`() async throws {
        let kept = try await Kept()
        for number in 0..<4 {
            try kept.repository.write("new.txt", "\(number)")
            _ = try await kept.look()
        }
        let folder = Kept.folder(of: kept.repository)
        #expect(try Kept.entries(of: kept.repository).count == 2)
        for file in try Kept.entries(of: kept.repository) { #expect(try mode(folder + "/" + file) == 0o600) }
        #expect(try mode(folder) == 0o700)
        #expect(try mode(kept.repository.path + "/.migrate/local") == 0o700)
        #expect(try kept.repository.git("status", "--porcelain", "--", ".migrate") == "")
    }

    @Test func `a repository cannot lead the cache elsewhere`() async throws {
        let story = try Kept.story()
        let elsewhere = story.folder + "/elsewhere"
        mkdir(elsewhere, 0o755)
        mkdir(story.path + "/.migrate", 0o755)
        try story.link(".migrate/local", to: elsewhere)
        _ = try await Kept.scanner.value.scan(Kept.request(of: story), cache: Kept.cache(of: story))
        #expect(try TemporaryRepository.names(in: elsewhere) == [])
    }

    @Test func `nothing secret is kept`() async throws {
        let kept = try await Kept()
        let file = try #require(Kept.entries(of: kept.repository).first)
        let bytes = try TemporaryRepository.read(Kept.folder(of: kept.repository) + "/" + file)
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(!text.contains(Kept.secretPart))
        #expect(text.contains("sendgrid-api-key"))
    }

    private func mode(_ path: String) throws -> mode_t {
        var status = stat()
        guard lstat(path, &status) == 0 else { throw TemporaryRepository.Failure(description: "lstat \(path)") }
        return status.st_mode & 0o777
    }
}

/// A repository whose kept report bears a mark, so that a look at the cache can be told from a scan.
private final class Kept {
    static let mark = "This report was kept."
    static let secret = Fake.sendGrid(seed: 3)
    static let secretPart = String(secret.suffix(43))
    static let scanner = Task { Scanner(compiled: try CompiledRules()) }

    let repository: TemporaryRepository
    let report: ScanReport
    let cache: ScanCache
    let request: ScanRequest

    init() async throws {
        repository = try Self.story()
        cache = Self.cache(of: repository)
        request = Self.request(of: repository)
        report = try await Self.scanner.value.scan(request, cache: cache)
        let key = try #require(ScanKey(of: request, rules: RuleSet()))
        var marked = try #require(cache.load(key))
        marked.notes.append(Self.mark)
        try #require(cache.store(marked, key, start: cache.time()))
    }

    func look() async throws -> ScanReport { try await Self.scanner.value.scan(request, cache: cache) }

    static func story() throws -> TemporaryRepository {
        let story = try TemporaryRepository()
        try story.write(".gitignore", "*.log\nlocal/\nsub2/.gitignore\n")
        try story.write("code.py", "print('hello')\n").write("sub/a.txt", "a\n").write("sub2/b.txt", "b\n")
        try story.write(".env", "SENDGRID_API_KEY=\(secret)\n").commit("One")
        try story.write("code.py", "print('hello!')\n").commit("Two")
        try story.write("code.py", "print('hello')\n").commit("Three")
        try story.write("untracked.txt", "untracked").write("local/.env", "A=1").write("debug.log", "l")
        try story.write("sub2/.gitignore", "*.tmp\n")
        try story.age()
        return story
    }

    static func folder(of story: TemporaryRepository) -> String { story.path + "/.migrate/local/cache" }

    /// By a clock that is half a minute ahead, as if that time had passed since the story.
    static func cache(of story: TemporaryRepository) -> ScanCache {
        ScanCache(folder: folder(of: story), now: { Instant.systemNow() + 30 })
    }

    static func request(of story: TemporaryRepository) -> ScanRequest {
        var request = ScanRequest(path: story.path, jobs: 1)
        request.isWholeRepository = true
        return request
    }

    static func entries(of story: TemporaryRepository) throws -> [String] {
        try TemporaryRepository.names(in: folder(of: story)).filter { $0.hasPrefix("scan-") }
    }
}

extension ScanReport {
    fileprivate var isKept: Bool { notes.contains(Kept.mark) }
}
