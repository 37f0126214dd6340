// Jenkins, Buildkite, CircleCI, Azure Pipelines and Bitbucket: most do not say where a branch stood before.

extension Pipeline {
    static func jenkins(_ variables: Variables) -> Pipeline {
        let branch = variables["BRANCH_NAME"] ?? variables["GIT_LOCAL_BRANCH"] ?? gitBranch(variables["GIT_BRANCH"])
        var pipeline = Pipeline(
            platform: .jenkins, event: .other(""), tips: [variables.commit("GIT_COMMIT")].compactMap(\.self),
            defaultBranch: variables["BRANCH_IS_PRIMARY"] == "true" ? branch : nil)
        if let number = variables["CHANGE_ID"] {
            pipeline.event = .pullRequest(
                PullRequest(label: "pull request \(number)", target: variables["CHANGE_TARGET"]))
            // Jenkins merges by itself, and names the merge or what went into it.
            pipeline.includesHead = true
        } else if let tag = variables["TAG_NAME"] {
            pipeline.event = .tag(tag)
        } else {
            // Not GIT_PREVIOUS_COMMIT: that build may have failed, and this one would pass over what it found.
            pipeline.event = .push(
                branch: branch,
                before: variables.commit("GIT_PREVIOUS_SUCCESSFUL_COMMIT").map { .commit($0) } ?? .unknown)
        }
        return pipeline
    }

    /// `origin/feature/x` is `feature/x`.
    private static func gitBranch(_ name: String?) -> String? {
        name.map { Variables.suffix($0, after: "origin/") ?? $0 }
    }

    static func buildkite(_ variables: Variables) -> Pipeline {
        // BUILDKITE_COMMIT may be the word HEAD.
        var pipeline = Pipeline(
            platform: .buildkite, event: .other(""), tips: [variables.commit("BUILDKITE_COMMIT")].compactMap(\.self),
            defaultBranch: variables["BUILDKITE_PIPELINE_DEFAULT_BRANCH"])
        if let base = variables.commit("BUILDKITE_MERGE_QUEUE_BASE_COMMIT") {
            pipeline.event = .pullRequest(
                PullRequest(
                    label: "a merge queue", target: variables["BUILDKITE_MERGE_QUEUE_BASE_BRANCH"], bases: [base]))
        } else if let number = variables["BUILDKITE_PULL_REQUEST"], number != "false" {
            pipeline.event = .pullRequest(
                PullRequest(
                    label: "pull request \(number)", target: variables["BUILDKITE_PULL_REQUEST_BASE_BRANCH"]))
        } else if let tag = variables["BUILDKITE_TAG"] {
            pipeline.event = .tag(tag)
        } else if variables["BUILDKITE_SOURCE"] == "schedule" {
            pipeline.event = .other("a schedule")
        } else {
            pipeline.event = .push(branch: variables["BUILDKITE_BRANCH"], before: .unknown)
        }
        return pipeline
    }

    static func circleCI(_ variables: Variables) -> Pipeline {
        Pipeline(
            platform: .circleCI,
            event: variables["CIRCLE_TAG"].map { .tag($0) }
                ?? .push(branch: variables["CIRCLE_BRANCH"], before: .unknown),
            tips: [variables.commit("CIRCLE_SHA1")].compactMap(\.self))
    }

    static func azure(_ variables: Variables) -> Pipeline {
        let reference = variables["BUILD_SOURCEBRANCH"] ?? ""
        let reason = variables["BUILD_REASON"] ?? ""
        var pipeline = Pipeline(
            platform: .azure, event: .other(""), tips: [variables.commit("BUILD_SOURCEVERSION")].compactMap(\.self))
        if reason == "PullRequest" || variables["SYSTEM_PULLREQUEST_PULLREQUESTID"] != nil {
            let number =
                variables["SYSTEM_PULLREQUEST_PULLREQUESTNUMBER"] ?? variables["SYSTEM_PULLREQUEST_PULLREQUESTID"]
            let head = variables.commit("SYSTEM_PULLREQUEST_SOURCECOMMITID")
            pipeline.event = .pullRequest(
                PullRequest(
                    label: "pull request" + (number.map { " \($0)" } ?? ""),
                    // In full or short, whoever asks.
                    target: Variables.branch(variables["SYSTEM_PULLREQUEST_TARGETBRANCH"]), head: head))
            pipeline.tips += [head].compactMap(\.self)
        } else if let tag = Variables.suffix(reference, after: "refs/tags/") {
            pipeline.event = .tag(tag)
        } else if reason == "Schedule" || reason == "Manual" {
            pipeline.event = .other(reason == "Schedule" ? "a schedule" : "somebody's wish")
        } else {
            pipeline.event = .push(branch: Variables.suffix(reference, after: "refs/heads/"), before: .unknown)
        }
        return pipeline
    }

    static func bitbucket(_ variables: Variables) -> Pipeline {
        var pipeline = Pipeline(
            platform: .bitbucket, event: .other("somebody's wish"),
            tips: [variables.commit("BITBUCKET_COMMIT")].compactMap(\.self))
        if let number = variables["BITBUCKET_PR_ID"] {
            pipeline.event = .pullRequest(
                PullRequest(
                    label: "pull request \(number)", target: variables["BITBUCKET_PR_DESTINATION_BRANCH"],
                    bases: [variables.commit("BITBUCKET_PR_DESTINATION_COMMIT")].compactMap(\.self)))
            // The destination was merged in before the first command of the job.
            pipeline.includesHead = true
        } else if let tag = variables["BITBUCKET_TAG"] {
            pipeline.event = .tag(tag)
        } else if let branch = variables["BITBUCKET_BRANCH"] {
            pipeline.event = .push(branch: branch, before: .unknown)
        }
        return pipeline
    }
}
