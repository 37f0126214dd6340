// GitLab CI: everything is in variables.

extension Pipeline {
    static func gitLab(_ variables: Variables) -> Pipeline {
        var pipeline = Pipeline(
            platform: .gitLab, event: .other(""), tips: [variables.commit("CI_COMMIT_SHA")].compactMap(\.self),
            defaultBranch: variables["CI_DEFAULT_BRANCH"])
        pipeline.event = gitLabEvent(variables)
        return pipeline
    }

    private static func gitLabEvent(_ variables: Variables) -> Event {
        for (kind, label) in [("CI_MERGE_REQUEST", "merge request"), ("CI_EXTERNAL_PULL_REQUEST", "pull request")] {
            guard let number = variables[kind + "_IID"] else { continue }
            // With merged results, the commit is a merge with what the target branch is then; CI_COMMIT_BEFORE_SHA is
            // zeros for all merge requests.
            return .pullRequest(
                PullRequest(
                    label: "\(label) \(number)", target: variables[kind + "_TARGET_BRANCH_NAME"],
                    bases: [
                        variables.commit(kind + "_TARGET_BRANCH_SHA"), variables.commit(kind + "_DIFF_BASE_SHA"),
                    ].compactMap(\.self),
                    head: variables.commit(kind + "_SOURCE_BRANCH_SHA")))
        }
        if let tag = variables["CI_COMMIT_TAG"] { return .tag(tag) }
        switch variables["CI_PIPELINE_SOURCE"] {
        case "schedule": return .other("a schedule")
        case "web", "api", "trigger", "chat", "ondemand_dast_scan": return .other("somebody's wish")
        default: break
        }
        // Zeros for the first pipeline of a branch.
        return .push(
            branch: variables["CI_COMMIT_BRANCH"] ?? variables["CI_COMMIT_REF_NAME"],
            before: Before(digits: variables["CI_COMMIT_BEFORE_SHA"]))
    }
}
