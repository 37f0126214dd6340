// What a pipeline's variables say about the commits that it is to check.

/// Why a pipeline runs, and on which commits: facts from outside that nobody has checked yet.
package struct Pipeline: Sendable, Equatable {
    /// What has happened.
    package enum Event: Sendable, Equatable {
        /// Commits came to a branch; nil when its name is not told.
        case push(branch: String?, before: Before)
        /// Commits are to be merged into a branch.
        case pullRequest(PullRequest)
        case tag(String)
        /// Nothing in particular: a schedule, somebody's wish. In words: "a schedule".
        case other(String)
    }

    /// Where a branch stood before the push.
    package enum Before: Sendable, Equatable {
        /// Hexadecimal digits; more than six.
        case commit(String)
        /// Nowhere.
        case newBranch
        /// The platform does not say.
        case unknown
    }

    /// A pull request, a merge request, a merge queue's group.
    package struct PullRequest: Sendable, Equatable {
        /// "pull request 12"
        package var label: String
        /// The name of the branch that it is to go into.
        package var target: String?
        /// Commits of that branch, in hexadecimal digits.
        package var bases: [String]
        /// The last commit of those that are asked to be taken, where the platform tells it.
        package var head: String?

        package init(label: String, target: String?, bases: [String] = [], head: String? = nil) {
            self.label = label
            self.target = target
            self.bases = bases
            self.head = head
        }
    }

    /// Nil for a person's machine.
    package var platform: Platform?
    package var event: Event
    /// The commits that it is about, in hexadecimal digits: those that the clone has count, one at least. Without any,
    /// HEAD.
    package var tips: [String]
    /// Whether what is checked out counts as well, as the platform has merged there.
    package var includesHead = false
    package var defaultBranch: String?
    /// What a person should know, a line each.
    package var notes: [String] = []

    package init(platform: Platform?, event: Event, tips: [String] = [], defaultBranch: String? = nil) {
        self.platform = platform
        self.event = event
        self.tips = tips
        self.defaultBranch = defaultBranch
    }
}

extension Pipeline {
    /// Reads what the platform says.
    ///
    /// - Parameters:
    ///   - base: the commit before the push, where the platform has no variable for it but hands it on otherwise.
    ///   - readFile: the content of a file; nil when it cannot be read.
    package static func reading(
        _ environment: [String: String], base: String? = nil, readFile: (String) -> [UInt8]?
    ) -> Pipeline {
        let variables = Variables(environment)
        var pipeline: Pipeline
        switch Platform.running(in: environment) {
        case .gitHub: pipeline = gitHub(variables, readFile)
        case .gitLab: pipeline = gitLab(variables)
        case .jenkins: pipeline = jenkins(variables)
        case .buildkite: pipeline = buildkite(variables)
        case .circleCI: pipeline = circleCI(variables)
        case .azure: pipeline = azure(variables)
        case .bitbucket: pipeline = bitbucket(variables)
        case nil: pipeline = Pipeline(platform: nil, event: .other("no pipeline"))
        }
        // What somebody says in so many words counts where the platform says nothing.
        if let base, case .push(let branch, let before) = pipeline.event, before == .unknown {
            pipeline.event = .push(branch: branch, before: Before(digits: base))
        }
        return pipeline
    }
}

extension Pipeline.Before {
    /// Zeros, and nothing at all, stand for a branch that was not there.
    init(digits: String?) {
        guard let digits = Variables.digits(digits) else {
            self = .newBranch
            return
        }
        self = .commit(digits)
    }
}

/// Variables that are set and not empty.
struct Variables {
    private let all: [String: String]

    init(_ environment: [String: String]) { all = environment }

    subscript(_ name: String) -> String? {
        guard let value = all[name], !value.isEmpty else { return nil }
        return value
    }

    /// The name of a commit in hexadecimal digits; nil for zeros and for anything else.
    func commit(_ name: String) -> String? { Self.digits(self[name]) }

    static func digits(_ text: String?) -> String? {
        guard let text, (7...40).contains(text.utf8.count), text.utf8.contains(where: { $0 != UInt8(ascii: "0") }),
            text.utf8.allSatisfy({ byte in
                (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte) || (0x41...0x46).contains(byte)
            })
        else { return nil }
        return text.lowercased()
    }

    /// `main` of `refs/heads/main`, and of `main`.
    static func branch(_ name: String?) -> String? { name.map { suffix($0, after: "refs/heads/") ?? $0 } }

    static func suffix(_ text: String, after prefix: String) -> String? {
        text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : nil
    }
}
