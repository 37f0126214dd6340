// What each platform's variables say, as its documentation has them.

import Testing

@testable import Gate

@Suite("Reading a pipeline's variables")
struct PipelineReadingTests {
    private static let zeros = String(repeating: "0", count: 40)
    private static let (old, new, base, merge) = (digits("1"), digits("2"), digits("3"), digits("4"))

    private static func digits(_ digit: Character) -> String { String(repeating: digit, count: 40) }

    private func read(
        _ environment: [String: String], base: String? = nil, event: String? = nil
    ) -> Pipeline {
        Pipeline.reading(environment, base: base) { path in
            path == "/event.json" ? event.map { Array($0.utf8) } : nil
        }
    }

    private func gitHub(_ name: String, _ more: [String: String], event: String?) -> Pipeline {
        var environment = [
            "CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": name, "GITHUB_EVENT_PATH": "/event.json",
            "GITHUB_SHA": Self.new, "GITHUB_REF": "refs/heads/feature", "RUNNER_OS": "Linux",
        ]
        environment.merge(more) { $1 }
        return read(environment, event: event)
    }

    @Test("Without any variables there is no pipeline")
    func nowhere() {
        let pipeline = read(["HOME": "/home/ada", "CI": "true"])
        #expect(pipeline == Pipeline(platform: nil, event: .other("no pipeline")))
    }

    @Test("GitHub: a push has a commit before it, a new branch zeros, and an event that cannot be read is told")
    func gitHubPush() {
        let text = #"{"before":"\#(Self.old)","after":"\#(Self.new)","repository":{"default_branch":"trunk"}}"#
        var pipeline = gitHub("push", [:], event: text)
        #expect(pipeline.event == .push(branch: "feature", before: .commit(Self.old)))
        #expect(pipeline.tips.first == Self.new)
        #expect(pipeline.defaultBranch == "trunk")
        pipeline = gitHub("push", [:], event: text.replacing(Self.old, with: Self.zeros))
        #expect(pipeline.event == .push(branch: "feature", before: .newBranch))
        for broken in [nil, "", "[]", "{\"before\":", String(repeating: "[", count: 100_000)] {
            pipeline = gitHub("push", [:], event: broken)
            #expect(pipeline.event == .push(branch: "feature", before: .unknown))
            #expect(pipeline.notes.count == 1)
        }
        pipeline = gitHub("push", [:], event: #"{"deleted":true,"after":"\#(Self.zeros)"}"#)
        #expect(pipeline.event == .other("a branch that was deleted"))
        // A type that nobody expects is as good as nothing.
        pipeline = gitHub("push", [:], event: #"{"before":12,"after":["x"],"repository":"x"}"#)
        #expect(pipeline.event == .push(branch: "feature", before: .newBranch))
    }

    @Test("GitHub: a pull request's merge is what is new, and with pull_request_target only its head")
    func gitHubPullRequest() {
        let event = """
            {"number":12,"pull_request":{"number":12,"base":{"ref":"main","sha":"\(Self.base)"},
            "head":{"ref":"feature","sha":"\(Self.new)"}},"repository":{"default_branch":"main"}}
            """
        let variables = ["GITHUB_REF": "refs/pull/12/merge", "GITHUB_BASE_REF": "main", "GITHUB_SHA": Self.merge]
        let request = Pipeline.PullRequest(
            label: "pull request 12", target: "main", bases: [Self.base], head: Self.new)
        let pipeline = gitHub("pull_request", variables, event: event)
        #expect(pipeline.event == .pullRequest(request))
        #expect(pipeline.tips == [Self.merge, Self.new])
        let target = gitHub("pull_request_target", variables, event: event)
        #expect(target.event == .pullRequest(request))
        #expect(target.tips == [Self.new])
        let group = gitHub(
            "merge_group", ["GITHUB_REF": "refs/heads/gh-readonly-queue/main/pr-12"],
            event:
                #"{"merge_group":{"base_sha":"\#(Self.base)","base_ref":"refs/heads/main","head_sha":"\#(Self.merge)"}}"#
        )
        #expect(
            group.event
                == .pullRequest(Pipeline.PullRequest(label: "a merge group", target: "main", bases: [Self.base])))
        #expect(group.tips.contains(Self.merge))
    }

    @Test("GitHub: tags and releases are about a tag, schedules about everything")
    func gitHubOthers() {
        #expect(gitHub("push", ["GITHUB_REF": "refs/tags/v1"], event: "{}").event == .tag("v1"))
        #expect(gitHub("release", ["GITHUB_REF": "refs/tags/v1"], event: "{}").event == .tag("v1"))
        #expect(gitHub("schedule", [:], event: "{}").event == .other("schedule"))
        #expect(gitHub("workflow_dispatch", [:], event: "{}").event == .other("workflow_dispatch"))
    }

    @Test("GitLab: branches, merge requests with and without merged results, tags, schedules")
    func gitLab() {
        func read(_ more: [String: String]) -> Pipeline {
            var environment = [
                "GITLAB_CI": "true", "CI_COMMIT_SHA": Self.new, "CI_DEFAULT_BRANCH": "main",
                "CI_PIPELINE_SOURCE": "push", "CI_COMMIT_BEFORE_SHA": Self.zeros,
            ]
            environment.merge(more) { $1 }
            return self.read(environment)
        }
        let push = read(["CI_COMMIT_BRANCH": "feature", "CI_COMMIT_BEFORE_SHA": Self.old])
        #expect(push.event == .push(branch: "feature", before: .commit(Self.old)))
        #expect(push.defaultBranch == "main")
        #expect(read(["CI_COMMIT_BRANCH": "feature"]).event == .push(branch: "feature", before: .newBranch))
        var request = [
            "CI_PIPELINE_SOURCE": "merge_request_event", "CI_MERGE_REQUEST_IID": "7",
            "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main", "CI_MERGE_REQUEST_DIFF_BASE_SHA": Self.base,
        ]
        #expect(
            read(request).event
                == .pullRequest(Pipeline.PullRequest(label: "merge request 7", target: "main", bases: [Self.base])))
        request["CI_MERGE_REQUEST_TARGET_BRANCH_SHA"] = Self.old
        request["CI_MERGE_REQUEST_SOURCE_BRANCH_SHA"] = Self.new
        #expect(
            read(request).event
                == .pullRequest(
                    Pipeline.PullRequest(
                        label: "merge request 7", target: "main", bases: [Self.old, Self.base], head: Self.new)))
        #expect(read(["CI_COMMIT_TAG": "v1"]).event == .tag("v1"))
        #expect(
            read(["CI_PIPELINE_SOURCE": "schedule", "CI_COMMIT_BRANCH": "main"]).event == .other("a schedule"))
    }

    @Test("Jenkins: since the last build that was green, and the primary branch is the default one")
    func jenkins() {
        func read(_ more: [String: String]) -> Pipeline {
            var environment = ["JENKINS_URL": "https://ci.example/", "GIT_COMMIT": Self.new, "BRANCH_NAME": "feature"]
            environment.merge(more) { $1 }
            return self.read(environment)
        }
        #expect(
            read(["GIT_PREVIOUS_COMMIT": Self.old, "GIT_PREVIOUS_SUCCESSFUL_COMMIT": Self.base]).event
                == .push(branch: "feature", before: .commit(Self.base)))
        // A red build in between must not make the next one green.
        #expect(read(["GIT_PREVIOUS_COMMIT": Self.old]).event == .push(branch: "feature", before: .unknown))
        #expect(read(["BRANCH_IS_PRIMARY": "true", "BRANCH_NAME": "trunk"]).defaultBranch == "trunk")
        let request = read(["CHANGE_ID": "5", "CHANGE_TARGET": "main", "BRANCH_NAME": "PR-5"])
        #expect(request.event == .pullRequest(Pipeline.PullRequest(label: "pull request 5", target: "main")))
        #expect(request.includesHead)
        #expect(read(["TAG_NAME": "v1"]).event == .tag("v1"))
        #expect(
            self.read(["JENKINS_URL": "x", "GIT_BRANCH": "origin/feature/x"]).event
                == .push(branch: "feature/x", before: .unknown))
    }

    @Test("Buildkite: pull requests, merge queues, and a commit that may be the word HEAD")
    func buildkite() {
        func read(_ more: [String: String]) -> Pipeline {
            var environment = [
                "BUILDKITE": "true", "BUILDKITE_COMMIT": Self.new, "BUILDKITE_BRANCH": "feature",
                "BUILDKITE_PULL_REQUEST": "false", "BUILDKITE_PULL_REQUEST_BASE_BRANCH": "", "BUILDKITE_TAG": "",
                "BUILDKITE_PIPELINE_DEFAULT_BRANCH": "main", "BUILDKITE_SOURCE": "webhook",
            ]
            environment.merge(more) { $1 }
            return self.read(environment)
        }
        #expect(read([:]).event == .push(branch: "feature", before: .unknown))
        #expect(read([:]).defaultBranch == "main")
        #expect(read(["BUILDKITE_COMMIT": "HEAD"]).tips.isEmpty)
        #expect(
            read(["BUILDKITE_PULL_REQUEST": "9", "BUILDKITE_PULL_REQUEST_BASE_BRANCH": "main"]).event
                == .pullRequest(Pipeline.PullRequest(label: "pull request 9", target: "main")))
        #expect(
            read(["BUILDKITE_MERGE_QUEUE_BASE_COMMIT": Self.base, "BUILDKITE_MERGE_QUEUE_BASE_BRANCH": "main"]).event
                == .pullRequest(Pipeline.PullRequest(label: "a merge queue", target: "main", bases: [Self.base])))
        #expect(read(["BUILDKITE_TAG": "v1"]).event == .tag("v1"))
        #expect(read(["BUILDKITE_SOURCE": "schedule"]).event == .other("a schedule"))
    }

    @Test("CircleCI: the base is handed over, and may be empty")
    func circleCI() {
        let environment = ["CIRCLECI": "true", "CIRCLE_SHA1": Self.new, "CIRCLE_BRANCH": "feature"]
        #expect(read(environment).event == .push(branch: "feature", before: .unknown))
        #expect(read(environment, base: Self.old).event == .push(branch: "feature", before: .commit(Self.old)))
        #expect(read(environment, base: "").event == .push(branch: "feature", before: .newBranch))
        #expect(read(environment, base: "<< pipeline >>").event == .push(branch: "feature", before: .newBranch))
        #expect(read(["CIRCLECI": "true", "CIRCLE_TAG": "v1"]).event == .tag("v1"))
    }

    @Test("A platform's own word goes before what was handed over")
    func ownWord() {
        let environment = [
            "GITLAB_CI": "true", "CI_COMMIT_BRANCH": "main", "CI_COMMIT_BEFORE_SHA": Self.old,
            "CI_COMMIT_SHA": Self.new,
        ]
        #expect(read(environment, base: Self.new).event == .push(branch: "main", before: .commit(Self.old)))
    }

    @Test("Azure: branches in full or short, pull requests with their merge")
    func azure() {
        func read(_ more: [String: String]) -> Pipeline {
            var environment = [
                "TF_BUILD": "True", "BUILD_SOURCEVERSION": Self.merge, "BUILD_SOURCEBRANCH": "refs/heads/feature",
                "BUILD_REASON": "IndividualCI",
            ]
            environment.merge(more) { $1 }
            return self.read(environment)
        }
        #expect(read([:]).event == .push(branch: "feature", before: .unknown))
        for target in ["refs/heads/main", "main"] {
            let request = read([
                "BUILD_REASON": "PullRequest", "BUILD_SOURCEBRANCH": "refs/pull/3/merge",
                "SYSTEM_PULLREQUEST_PULLREQUESTID": "17", "SYSTEM_PULLREQUEST_PULLREQUESTNUMBER": "3",
                "SYSTEM_PULLREQUEST_TARGETBRANCH": target, "SYSTEM_PULLREQUEST_SOURCECOMMITID": Self.new,
            ])
            #expect(
                request.event
                    == .pullRequest(Pipeline.PullRequest(label: "pull request 3", target: "main", head: Self.new)))
            #expect(request.tips == [Self.merge, Self.new])
        }
        #expect(read(["BUILD_SOURCEBRANCH": "refs/tags/v1"]).event == .tag("v1"))
        #expect(read(["BUILD_REASON": "Schedule"]).event == .other("a schedule"))
    }

    @Test("Bitbucket: pull requests with a short commit, branches, tags")
    func bitbucket() {
        func read(_ more: [String: String]) -> Pipeline {
            var environment = ["BITBUCKET_BUILD_NUMBER": "4", "BITBUCKET_COMMIT": Self.new]
            environment.merge(more) { $1 }
            return self.read(environment)
        }
        #expect(read(["BITBUCKET_BRANCH": "feature"]).event == .push(branch: "feature", before: .unknown))
        let request = read([
            "BITBUCKET_PR_ID": "2", "BITBUCKET_BRANCH": "feature", "BITBUCKET_PR_DESTINATION_BRANCH": "main",
            "BITBUCKET_PR_DESTINATION_COMMIT": "0123456789ab",
        ])
        #expect(
            request.event
                == .pullRequest(
                    Pipeline.PullRequest(label: "pull request 2", target: "main", bases: ["0123456789ab"])))
        #expect(request.includesHead)
        #expect(read(["BITBUCKET_TAG": "v1"]).event == .tag("v1"))
        #expect(read([:]).event == .other("somebody's wish"))
    }

    @Test("What is no commit's name is none: no revision, no path, no option gets through")
    func names() {
        for text in ["HEAD", "main", "--upload-pack=x", "abc", "g123456", Self.zeros, "0000000", "HEAD~1", "@{u}", " "]
        {
            #expect(Variables.digits(text) == nil)
        }
        #expect(Variables.digits("ABCDEF1") == "abcdef1")
    }
}
