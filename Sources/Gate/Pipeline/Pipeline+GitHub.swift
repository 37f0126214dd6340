// GitHub Actions: variables, and the event's own file.

import JSON

extension Pipeline {
    static func gitHub(_ variables: Variables, _ readFile: (String) -> [UInt8]?) -> Pipeline {
        let name = variables["GITHUB_EVENT_NAME"] ?? "an unknown event"
        let event = GitHubEvent(variables["GITHUB_EVENT_PATH"].flatMap(readFile))
        var pipeline = Pipeline(
            platform: .gitHub, event: .other(name), tips: [variables.commit("GITHUB_SHA")].compactMap(\.self),
            defaultBranch: event.text("repository", "default_branch"))
        if !event.isRead {
            pipeline.notes.append(
                "The event's file (GITHUB_EVENT_PATH) could not be read, so more than the push is looked at.")
        }
        let reference = variables["GITHUB_REF"] ?? ""
        switch name {
        case "push":
            if let tag = Variables.suffix(reference, after: "refs/tags/") {
                pipeline.event = .tag(tag)
            } else if event.flag("deleted") {
                pipeline.event = .other("a branch that was deleted")
            } else {
                pipeline.event = .push(
                    branch: Variables.suffix(reference, after: "refs/heads/"),
                    before: event.isRead ? Before(digits: event.text("before")) : .unknown)
                if let after = Variables.digits(event.text("after")) { pipeline.tips.append(after) }
            }
        case "pull_request", "pull_request_review", "pull_request_review_comment":
            let request = request(event, variables)
            pipeline.event = .pullRequest(request)
            // The merge of both, which GITHUB_SHA names, has all of it; some check out the head alone.
            pipeline.tips += [request.head].compactMap(\.self)
        case "pull_request_target":
            // Here GITHUB_SHA is what is there already.
            let request = request(event, variables)
            pipeline.event = .pullRequest(request)
            pipeline.tips = [request.head].compactMap(\.self)
        case "merge_group":
            let base = Variables.digits(event.text("merge_group", "base_sha"))
            pipeline.event = .pullRequest(
                PullRequest(
                    label: "a merge group", target: Variables.branch(event.text("merge_group", "base_ref")),
                    bases: [base].compactMap(\.self)))
            if let head = Variables.digits(event.text("merge_group", "head_sha")) { pipeline.tips.append(head) }
        default:
            if let tag = Variables.suffix(reference, after: "refs/tags/") { pipeline.event = .tag(tag) }
        }
        return pipeline
    }

    private static func request(_ event: GitHubEvent, _ variables: Variables) -> PullRequest {
        let number = event.number("pull_request", "number") ?? event.number("number")
        return PullRequest(
            label: "pull request" + (number.map { " \($0)" } ?? ""),
            target: variables["GITHUB_BASE_REF"] ?? event.text("pull_request", "base", "ref"),
            bases: [Variables.digits(event.text("pull_request", "base", "sha"))].compactMap(\.self),
            head: Variables.digits(event.text("pull_request", "head", "sha")))
    }
}

/// The file in which GitHub describes an event.
private struct GitHubEvent {
    private let root: JSONValue?

    init(_ bytes: [UInt8]?) {
        root = bytes.flatMap { try? JSONDocument(parsing: $0) }?.root
    }

    var isRead: Bool { root?.kind == .object }

    func text(_ path: String...) -> String? { value(path)?.string }
    func number(_ path: String...) -> Int? { value(path)?.int }
    func flag(_ path: String...) -> Bool { value(path)?.bool ?? false }

    private func value(_ path: [String]) -> JSONValue? {
        var current = root
        for name in path { current = current?[name] }
        return current
    }
}
