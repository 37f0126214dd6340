// What a push or a pull request adds, in real repositories that were really pushed to and cloned.

import Detection
import Git
import Scanning
import TestRepositories
import Testing

@testable import Gate

private enum Key {
    /// One that looks real: no scanner may trip over this file.
    static func sendGrid(_ seed: UInt64 = 1) -> String {
        ["SG", Fake.base64URL(21, seed: seed) + "Q", Fake.base64URL(42, seed: seed + 1_000) + "E"].joined(
            separator: ".")
    }
}

/// A remote, who works on it, and what a runner clones.
private final class Remote {
    let work: TemporaryRepository
    let bare: TemporaryRepository

    init() throws {
        let work = try TemporaryRepository()
        try work.write("README.md", "one\n").commit("One")
        let bare = try TemporaryRepository(beside: work, named: "origin.git") { path in
            ["clone", "--quiet", "--bare", work.path, path]
        }
        try work.git("remote", "add", "origin", bare.path)
        try work.git("push", "--quiet", "origin", "main")
        self.work = work
        self.bare = bare
    }

    func clone(_ name: String, _ options: String...) throws -> TemporaryRepository {
        try TemporaryRepository(beside: work, named: name) { path in
            ["clone", "--quiet", "--no-checkout"] + options + ["file://\(bare.path)", path]
        }
    }

    @discardableResult
    func commit(_ file: String) throws -> String {
        try work.write(file, file + "\n").commit("Add " + file)
        return try work.id()
    }

    func push(_ branches: String...) throws { try work.git(["push", "--quiet", "--force", "origin"] + branches) }
}

@Suite("The commits that a pipeline adds")
struct PipelineRangeTests {
    private func range(_ pipeline: Pipeline, _ clone: TemporaryRepository) throws -> PipelineRange {
        try pipeline.range(in: try Repository(discovering: clone.path))
    }

    private func push(_ branch: String, _ before: Pipeline.Before, _ tip: String) -> Pipeline {
        Pipeline(
            platform: .gitHub, event: .push(branch: branch, before: before), tips: [tip], defaultBranch: "main")
    }

    /// The subjects of the commits of a range, sorted.
    private func commits(_ range: PipelineRange, _ clone: TemporaryRepository) throws -> [String] {
        guard case .added(let addition) = range.selection else { return ["everything"] }
        let repository = try Repository(discovering: clone.path)
        return try repository.commits(reachableFrom: addition.tips, hiding: addition.known)
            .map { try clone.git("log", "-1", "--format=%s", $0.description) }.sorted()
    }

    @Test("A push adds what came since the commit before it")
    func plainPush() throws {
        let remote = try Remote()
        let before = try remote.work.id()
        try remote.commit("a")
        let tip = try remote.commit("b")
        try remote.push("main")
        let clone = try remote.clone("runner")
        let range = try range(push("main", .commit(before), tip), clone)
        #expect(try commits(range, clone) == ["Add a", "Add b"])
        #expect(range.words == "the push to main, 2 commits")
        #expect(range.tip?.description == tip)
    }

    @Test("A new branch adds what the default branch lacks")
    func newBranch() throws {
        let remote = try Remote()
        try remote.work.checkOut("-b", "feature")
        let tip = try remote.commit("a")
        try remote.push("feature")
        let clone = try remote.clone("runner")
        #expect(try commits(try range(push("feature", .newBranch, tip), clone), clone) == ["Add a"])
    }

    @Test("Two branches that come with one push do not hide each other's commits")
    func twins() throws {
        let remote = try Remote()
        try remote.work.checkOut("-b", "left")
        let tip = try remote.commit("leak")
        try remote.work.git("branch", "right")
        try remote.push("left", "right")
        let clone = try remote.clone("runner")
        for branch in ["left", "right"] {
            #expect(try commits(try range(push(branch, .newBranch, tip), clone), clone) == ["Add leak"])
        }
    }

    @Test("The first push of the default branch adds all of it")
    func firstPush() throws {
        let remote = try Remote()
        let tip = try remote.commit("a")
        try remote.push("main")
        let clone = try remote.clone("runner")
        #expect(try commits(try range(push("main", .newBranch, tip), clone), clone) == ["Add a", "One"])
    }

    @Test("After a forced push whose base is gone, all is looked at that the default branch lacks")
    func forcedPush() throws {
        let remote = try Remote()
        try remote.work.checkOut("-b", "feature")
        let before = try remote.commit("a")
        try remote.push("feature")
        try remote.work.git("reset", "--quiet", "--hard", "main")
        try remote.commit("b")
        let tip = try remote.commit("c")
        try remote.push("feature")
        let clone = try remote.clone("runner")
        let gone = try range(push("feature", .commit(before), tip), clone)
        #expect(try commits(gone, clone) == ["Add b", "Add c"])
        #expect(gone.notes.first?.contains("forced push") == true)
        // Where it is still there, it counts, though the new commits do not descend from it.
        #expect(
            try commits(try range(push("feature", .commit(before), tip), remote.work), remote.work)
                == ["Add b", "Add c"])
    }

    @Test("After a forced push to the default branch whose base is gone, all of it is looked at")
    func forcedDefault() throws {
        let remote = try Remote()
        let before = try remote.commit("a")
        try remote.push("main")
        try remote.work.git("reset", "--quiet", "--hard", "HEAD~1")
        let tip = try remote.commit("b")
        try remote.push("main")
        let clone = try remote.clone("runner")
        let range = try range(push("main", .commit(before), tip), clone)
        #expect(try commits(range, clone) == ["Add b", "One"])
    }

    @Test("A pull request's merge adds its own commits and the merge, not what the target has got meanwhile")
    func pullRequest() throws {
        let remote = try Remote()
        let base = try remote.work.id()
        try remote.work.checkOut("-b", "feature")
        let head = try remote.commit("a")
        try remote.work.checkOut("main")
        try remote.commit("later")
        try remote.push("main", "feature")
        try remote.work.checkOut("-b", "merge")
        try remote.work.git("merge", "--quiet", "--no-ff", "-m", "Merge", "feature")
        let merge = try remote.work.id()
        try remote.work.git("push", "--quiet", "origin", "HEAD:refs/pull/12/merge")
        let clone = try remote.clone("runner")
        try clone.git("fetch", "--quiet", "origin", "refs/pull/12/merge")
        let request = Pipeline.PullRequest(label: "pull request 12", target: "main", bases: [base], head: head)
        let pipeline = Pipeline(platform: .gitHub, event: .pullRequest(request), tips: [merge, head])
        let added = try range(pipeline, clone)
        #expect(try commits(added, clone) == ["Add a", "Merge"])
        #expect(added.words == "pull request 12 into main, 2 commits")
        // Without any branch of the remote, the merge itself says where the target stood.
        try clone.git("update-ref", "-d", "refs/remotes/origin/main")
        #expect(try commits(try range(pipeline, clone), clone) == ["Add a", "Merge"])
    }

    @Test("A pull request whose head is not in the clone is refused, whatever is checked out")
    func missingHead() throws {
        let remote = try Remote()
        let clone = try remote.clone("runner")
        let gone = String(repeating: "a", count: 40)
        let request = Pipeline.PullRequest(label: "pull request 1", target: "main", head: gone)
        #expect(throws: PipelineObstacle.missingTip("aaaaaaaaaa", isShallow: false)) {
            try range(Pipeline(platform: .gitHub, event: .pullRequest(request), tips: [gone]), clone)
        }
        #expect(throws: PipelineObstacle.missingTip("", isShallow: false)) {
            try range(Pipeline(platform: .gitHub, event: .pullRequest(request)), clone)
        }
    }

    @Test("A short name of a commit is never taken for a branch or a tag of that name")
    func shortNames() throws {
        let remote = try Remote()
        let base = try remote.work.id()
        try remote.work.checkOut("-b", "feature")
        let head = try remote.commit("leak")
        try remote.push("feature")
        // A tag that looks like the destination's commit, and leads to the head.
        try remote.work.git("tag", String(base.prefix(12)), head)
        try remote.work.git("push", "--quiet", "origin", "--tags")
        let clone = try remote.clone("runner")
        let request = Pipeline.PullRequest(
            label: "pull request 1", target: nil, bases: [String(base.prefix(12))], head: head)
        let range = try range(
            Pipeline(platform: .bitbucket, event: .pullRequest(request), tips: [head], defaultBranch: "none"), clone)
        #expect(try commits(range, clone).contains("Add leak"))
    }

    @Test("A tag adds what the default branch lacks, and its own message")
    func tag() async throws {
        let remote = try Remote()
        let value = Key.sendGrid()
        try remote.work.git("tag", "--annotate", "--message", "Key: \(value)", "v1")
        try remote.work.git("push", "--quiet", "origin", "v1")
        let clone = try remote.clone("runner")
        let pipeline = Pipeline(
            platform: .gitLab, event: .tag("v1"), tips: [try remote.work.id()], defaultBranch: "main")
        let range = try range(pipeline, clone)
        #expect(try commits(range, clone) == [])
        let report = try await scan(range, clone)
        #expect(report.findings.first?.occurrences.first?.reach.contains(.tagMessage) == true)
    }

    @Test("What a merge alone has brought in is found, and so is what was taken out again")
    func evilMerge() async throws {
        let remote = try Remote()
        let before = try remote.work.id()
        try remote.work.checkOut("-b", "side")
        try remote.commit("a")
        try remote.work.checkOut("main")
        try remote.commit("b")
        try remote.work.git("merge", "--quiet", "--no-ff", "--no-commit", "side")
        try remote.work.write("app.py", "key = '\(Key.sendGrid())'\n").commit("Merge side")
        try remote.work.remove("app.py").commit("Tidy up")
        try remote.push("main")
        let clone = try remote.clone("runner")
        let range = try range(push("main", .commit(before), try remote.work.id()), clone)
        let report = try await scan(range, clone)
        #expect(report.isComplete)
        #expect(report.findings.map(\.ruleID).contains { $0.contains("sendgrid") })
    }

    @Test("A shallow clone that hides a part is incomplete; one in which the whole range is visible is not")
    func shallow() async throws {
        let remote = try Remote()
        try remote.commit("a")
        let before = try remote.commit("b")
        try remote.commit("c")
        let tip = try remote.commit("d")
        try remote.push("main")
        let deep = try remote.clone("deep", "--depth", "3")
        let visible = try range(push("main", .commit(before), tip), deep)
        #expect(try commits(visible, deep) == ["Add c", "Add d"])
        #expect(try await scan(visible, deep).gaps == [])
        for depth in ["1", "2"] {
            let cut = try remote.clone("cut" + depth, "--depth", depth)
            let range = try range(push("main", .commit(before), tip), cut)
            #expect(try await scan(range, cut).gaps.map(\.kind) == [.shallowHistory])
        }
    }

    @Test("Without a word about what was before, and without a default branch, all is looked at")
    func unknown() throws {
        let remote = try Remote()
        try remote.work.git("branch", "-m", "main", "development")
        let tip = try remote.commit("a")
        try remote.push("development")
        try remote.bare.git("update-ref", "-d", "refs/heads/main")
        let clone = try remote.clone("runner")
        let pipeline = Pipeline(
            platform: .azure, event: .push(branch: "feature", before: .unknown), tips: [tip])
        #expect(try commits(try range(pipeline, clone), clone) == ["Add a", "One"])
    }

    @Test("Of a named range, a beginning or an end that is not there is told")
    func namedRange() throws {
        let remote = try Remote()
        try remote.commit("a")
        let repository = try Repository(discovering: remote.work.path)
        let found = try Pipeline.range(from: "HEAD~1", to: "HEAD", symmetric: false, in: repository)
        #expect(try commits(found, remote.work) == ["Add a"])
        #expect(throws: PipelineObstacle.missingCommit("gone", isShallow: false)) {
            try Pipeline.range(from: "gone", to: "HEAD", symmetric: false, in: repository)
        }
    }

    @Test("A dotenv file that HEAD tracks is found though it came long before the range")
    func trackedDotenv() async throws {
        let remote = try Remote()
        try remote.work.write("backend/.env", "SENDGRID_API_KEY=\(Key.sendGrid())\n")
            .write("old.py", "key = '\(Key.sendGrid(2))'\n").commit("Long ago")
        let before = try remote.work.id()
        let tip = try remote.commit("a")
        try remote.push("main")
        let clone = try remote.clone("runner")
        let range = try range(push("main", .commit(before), tip), clone)
        var report = try await scan(range, clone)
        #expect(report.dotenvFiles.map(\.path) == ["backend/.env"])
        #expect(report.dotenvFiles.map(\.standing) == [.tracked])
        // The other leak was there before, and is not this push's.
        #expect(report.findings.allSatisfy { $0.occurrences.allSatisfy { $0.path == "backend/.env" } })
        #expect(report.findings.count == 2)
        // Nor is the last commit to blame for it.
        report.forgetWrongBeginnings(try Repository(discovering: clone.path))
        #expect(report.findings.allSatisfy { $0.history.introduced == nil })
        #expect(report.dotenvFiles.allSatisfy { $0.history.introduced == nil })
    }

    private func scan(_ range: PipelineRange, _ clone: TemporaryRepository) async throws -> ScanReport {
        var request = ScanRequest(path: clone.path, jobs: 2)
        request.isWholeRepository = true
        request.scope = .history
        request.selection = range.selection
        return try await Scanner(compiled: try CompiledRules(cacheFolder: nil)).scan(request)
    }
}
