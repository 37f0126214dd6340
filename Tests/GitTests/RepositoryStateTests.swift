// Who commits, what is in progress, and which files the branches hold.

import Foundation
import Testing

@testable import Git

@Suite("The state of a repository")
struct RepositoryStateTests {
    @Test("The identity is the environment's, then the repository's, and nil when one half is missing")
    func identity() throws {
        let sample = try GitSample()
        let empty = try Repository(discovering: sample.path)
        #expect(empty.identity(environment: [:]) == nil)
        #expect(empty.identity(environment: ["GIT_AUTHOR_NAME": "Ada"]) == nil)
        let given = empty.identity(environment: ["GIT_AUTHOR_NAME": " Ada\n<L> ", "GIT_COMMITTER_EMAIL": "a@b.c"])
        #expect(given?.name == "AdaL")
        #expect(given?.email == "a@b.c")

        try sample.git("config", "user.name", "Grace Hopper Jr.")
        try sample.git("config", "user.email", "grace@example.com")
        let set = try Repository(discovering: sample.path)
        #expect(set.identity(environment: [:])?.name == "Grace Hopper Jr.")
        #expect(set.identity(environment: [:])?.email == "grace@example.com")
        #expect(set.identity(environment: ["GIT_AUTHOR_NAME": "Ada"])?.name == "Ada")
        // Nothing but marks is no name.
        #expect(set.identity(environment: ["GIT_AUTHOR_NAME": " <> "])?.name == "Grace Hopper Jr.")
    }

    @Test(
        "What is in the middle of being done has a name",
        arguments: [("rebase", "rebase"), ("cherry-pick", "cherry-pick"), ("revert", "revert"), ("bisect", "bisect")])
    func inProgress(command: String, name: String) throws {
        let sample = try GitSample()
        try sample.write("a", "1\n")
        try sample.commit()
        #expect(try Repository(discovering: sample.path).operationInProgress() == nil)
        try sample.git("switch", "--quiet", "--create", "other")
        try sample.write("a", "2\n")
        try sample.commit()
        try sample.git("switch", "--quiet", "main")
        try sample.write("a", "3\n")
        try sample.commit()
        let words =
            switch command {
            case "bisect": ["bisect", "start", "main", "other"]
            case "revert": ["revert", "--no-edit", "other"]
            default: [command, "other"]
            }
        _ = try sample.git(in: sample.path, words, mayFail: true)
        #expect(try Repository(discovering: sample.path).operationInProgress() == name)
    }

    @Test("Files of a name are found in the trees of all local branches, and of a detached HEAD")
    func branches() throws {
        let sample = try GitSample()
        try sample.write("backend/.env", "A=1\n")
        try sample.write("backend/main.py", "\n")
        try sample.commit()
        try sample.git("switch", "--quiet", "--create", "clean")
        try sample.git("rm", "--quiet", "--cached", "backend/.env")
        try sample.git("commit", "--quiet", "--message", "Clean")
        try sample.git("checkout", "--quiet", "--force", "--detach", "main")

        let repository = try Repository(discovering: sample.path)
        let tips = try repository.localTips()
        #expect(tips.map(\.name) == ["refs/heads/clean", "refs/heads/main", "HEAD"])
        let files = try repository.files(in: tips.map(\.target)) { $0.elementsEqual(Array(".env".utf8)) }
        #expect(files[tips[0].target]?.map(\.shownPath) == [])
        #expect(files[tips[1].target]?.map(\.shownPath) == ["backend/.env"])
        #expect(files[tips[1].target]?.first?.mode == 0o100644)
        #expect(
            try files[tips[1].target]?.first?.id.description
                == sample.git("rev-parse", "main:backend/.env"))
        #expect(Repository.blobID(of: Array("A=1\n".utf8)) == files[tips[1].target]?.first?.id)
    }
}
