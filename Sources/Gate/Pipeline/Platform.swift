// The services that run pipelines.

/// A service that runs pipelines, by the name that `migrate ci init` knows.
package enum Platform: String, Sendable, CaseIterable {
    case gitHub = "github"
    case gitLab = "gitlab"
    case jenkins
    case buildkite
    case circleCI = "circleci"
    case azure
    case bitbucket

    /// As its maker writes it.
    package var name: String {
        switch self {
        case .gitHub: "GitHub Actions"
        case .gitLab: "GitLab CI"
        case .jenkins: "Jenkins"
        case .buildkite: "Buildkite"
        case .circleCI: "CircleCI"
        case .azure: "Azure Pipelines"
        case .bitbucket: "Bitbucket Pipelines"
        }
    }

    /// The service whose job these variables are of; nil for a person's machine, or a service that is not known.
    package static func running(in environment: [String: String]) -> Platform? {
        func isTrue(_ name: String) -> Bool { environment[name]?.lowercased() == "true" }
        func isSet(_ name: String) -> Bool { environment[name]?.isEmpty == false }
        if isTrue("GITHUB_ACTIONS") { return .gitHub }
        if isTrue("GITLAB_CI") { return .gitLab }
        if isTrue("BUILDKITE") { return .buildkite }
        if isTrue("CIRCLECI") { return .circleCI }
        if isTrue("TF_BUILD") { return .azure }
        if isSet("BITBUCKET_BUILD_NUMBER") || isSet("BITBUCKET_PIPELINE_UUID") { return .bitbucket }
        if isSet("JENKINS_URL") || isSet("JENKINS_HOME") { return .jenkins }
        return nil
    }

    /// What to add to the pipeline so that its clone has the whole history, in one line.
    package var wholeClone: String {
        switch self {
        case .gitHub: "give actions/checkout `with: { fetch-depth: 0 }`"
        case .gitLab: "give the job `variables: { GIT_DEPTH: \"0\" }`"
        case .jenkins: "switch off `Shallow clone` (`cloneOption(shallow: false)` among the extensions of checkout)"
        case .buildkite: "take `--depth` out of BUILDKITE_GIT_CLONE_FLAGS and BUILDKITE_GIT_FETCH_FLAGS"
        case .circleCI: "give the checkout step `method: full`"
        case .azure: "make the checkout step `- { checkout: self, fetchDepth: 0 }`"
        case .bitbucket: "add `clone: { depth: full }` to bitbucket-pipelines.yml"
        }
    }

    /// How else the commit that a job is about gets into its clone, where that is not its depth; nil where it is.
    package func checkout(of event: Pipeline.Event) -> String? {
        guard self == .gitHub, case .pullRequest = event else { return nil }
        return "give actions/checkout `with: { ref: \"${{ github.event.pull_request.head.sha }}\", fetch-depth: 0 }`"
    }
}
