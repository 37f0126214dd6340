// From what a platform says to what a repository has: the commits that are new, and those that were there before.

import Files
package import Git
package import Scanning

/// Why the commits of a pipeline cannot be told apart from what was there before: the answer is not known.
package enum PipelineObstacle: Error, Sendable, Equatable {
    /// None of the commits that it is about is in the clone.
    case missingTip(String, isShallow: Bool)
    /// A commit that was named on the command line is not in the clone.
    case missingCommit(String, isShallow: Bool)
    /// Nothing was committed yet.
    case noCommits
    case unreadable(reason: String)
}

/// The part of a repository that a pipeline is about.
package struct PipelineRange: Sendable, Equatable {
    package var selection: ScanRequest.Selection
    /// Whose ignore files are audited; nil where nothing was committed.
    package var tip: ObjectID?
    /// What is looked at, in words: "pull request 12 into main, 3 commits".
    package var words: String
    /// What a person should know, a line each.
    package var notes: [String]

    package init(selection: ScanRequest.Selection, tip: ObjectID?, words: String, notes: [String] = []) {
        self.selection = selection
        self.tip = tip
        self.words = words
        self.notes = notes
    }
}

extension Pipeline {
    /// The commits that this pipeline adds to `repository`.
    ///
    /// Where a base is not known, or is gone, more is looked at, never less: what the default branch lacks, or all that
    /// the commit has. Other branches hide nothing: two that came with one push would each take the other for the older
    /// one.
    /// - Throws: `PipelineObstacle`.
    package func range(in repository: borrowing Repository) throws(PipelineObstacle) -> PipelineRange {
        let branches = RemoteBranches(repository, named: defaultBranch)
        var notes = notes
        if case .other(let what) = event {
            return PipelineRange(
                selection: .everything, tip: Self.head(repository),
                words: platform == nil ? "the whole history" : "the whole history, for \(what)", notes: notes)
        }
        let tips = try presentTips(repository)
        var known: [ObjectID] = []
        var words: String
        switch event {
        case .other: words = ""
        case .push(let branch, let before):
            words = "the push to " + (branch ?? "a branch")
            let isDefault = branch != nil && branch == branches.defaultName
            switch before {
            case .commit(let digits):
                if let id = Self.commit(digits, repository) {
                    known.append(id)
                } else {
                    notes.append(
                        "The commit before the push (\(digits.prefix(10))) is not here, after a forced push perhaps: "
                            + fallback(branch, isDefault, branches))
                }
            case .newBranch: words = "the new branch " + (branch ?? "")
            case .unknown:
                notes.append(
                    "\(platform?.name ?? "Nobody") does not say what was there before: "
                        + fallback(branch, isDefault, branches))
            }
            // What the default branch has came through a pipeline of its own.
            if branch != nil, !isDefault { known += branches.defaultTip.map { [$0] } ?? [] }
        case .pullRequest(let request):
            words = request.label + (request.target.map { " into \($0)" } ?? "")
            known = request.bases.compactMap { Self.commit($0, repository) }
            if let target = request.target, let tip = branches.tip(of: target) { known.append(tip) }
            for tip in tips { known += Self.mergedInto(tip, request.head, repository) }
            if known.isEmpty, request.target != branches.defaultName { known += branches.defaultTip.map { [$0] } ?? [] }
        case .tag(let name):
            words = "the tag \(name)"
            known += branches.defaultTip.map { [$0] } ?? []
        }
        return try Self.range(tips: tips, known: known, words: words, notes: notes, repository)
    }

    /// What `to` has and `from` lacks, as somebody asks for it.
    ///
    /// - Parameters:
    ///   - from: a revision; nil for all that `to` has.
    ///   - symmetric: whether the point counts where the two parted.
    /// - Throws: `PipelineObstacle`.
    package static func range(
        from: String?, to: String, symmetric: Bool, in repository: borrowing Repository
    ) throws(PipelineObstacle) -> PipelineRange {
        let tip = try resolve(to, repository)
        var known: [ObjectID] = []
        if let from {
            let start = try resolve(from, repository)
            do { known = symmetric ? [try repository.mergeBase(start, tip)].compactMap(\.self) : [start] } catch {
                throw .unreadable(reason: error.message)
            }
        }
        let words = "the commits of " + (from.map { $0 + (symmetric ? "..." : "..") } ?? "") + to
        return try range(tips: [tip], known: known, words: words, notes: [], repository)
    }

    private static func range(
        tips: [ObjectID], known: [ObjectID], words: String, notes: [String], _ repository: borrowing Repository
    ) throws(PipelineObstacle) -> PipelineRange {
        let count: Int
        do { count = try repository.commits(reachableFrom: tips, hiding: known).count } catch {
            throw .unreadable(reason: error.message)
        }
        let whole = words + (count == 1 ? ", 1 commit" : ", \(count) commits")
        return PipelineRange(
            selection: .added(ScanRequest.Addition(tips: tips, known: known, words: whole)),
            tip: tips.first.flatMap { peeled($0, repository) }, words: whole, notes: notes)
    }

    private func fallback(_ branch: String?, _ isDefault: Bool, _ branches: RemoteBranches) -> String {
        if branch != nil, !isDefault, branches.defaultTip != nil, let name = branches.defaultName {
            return "all that \(name) lacks is looked at."
        }
        return "all that the branch has is looked at."
    }

    // MARK: Commits

    private func presentTips(_ repository: borrowing Repository) throws(PipelineObstacle) -> [ObjectID] {
        var found: [ObjectID] = []
        // A tag's own object has its message; the variables name the commit.
        if case .tag(let name) = event, let tag = RemoteBranches.reference("refs/tags/" + name, repository) {
            found.append(tag)
        }
        for digits in tips {
            if let id = Self.commit(digits, repository), !found.contains(id) { found.append(id) }
        }
        let isHeadMeant =
            tips.isEmpty && { if case .pullRequest = event, platform == .gitHub { false } else { true } }()
        if includesHead || (found.isEmpty && isHeadMeant), let head = Self.head(repository), !found.contains(head) {
            found.append(head)
        }
        if found.isEmpty {
            throw .missingTip(tips.first.map { String($0.prefix(10)) } ?? "", isShallow: repository.isShallow)
        }
        return found
    }

    private static func head(_ repository: borrowing Repository) -> ObjectID? {
        switch try? repository.head() {
        case .branch(_, let id), .detached(let id): id
        case .unborn, nil: nil
        }
    }

    /// A commit by its digits, never by a name that somebody gave to a branch; nil when it is not here.
    private static func commit(_ digits: String, _ repository: borrowing Repository) -> ObjectID? {
        if let id = ObjectID(hexadecimal: digits) {
            return ((try? repository.header(of: id)) ?? nil)?.kind == .commit ? id : nil
        }
        guard let id = try? repository.resolveCommit(digits), id.description.hasPrefix(digits) else { return nil }
        return id
    }

    private static func resolve(_ name: String, _ repository: borrowing Repository) throws(PipelineObstacle) -> ObjectID
    {
        if let id = try? repository.resolveCommit(name) { return id }
        throw .missingCommit(name, isShallow: repository.isShallow)
    }

    private static func peeled(_ id: ObjectID, _ repository: borrowing Repository) -> ObjectID? {
        var current = id
        // Tags of tags are rare, and none is this deep.
        for _ in 0..<50 {
            let target = try? repository.withObject(current) { kind, bytes in
                kind == .tag ? RawTag(bytes)?.target : nil
            }
            guard let target = target ?? nil else { break }
            current = target
        }
        return ((try? repository.header(of: current)) ?? nil)?.kind == .commit ? current : nil
    }

    /// The other parents of a merge that the platform has made of `head`: where the target branch stood then.
    private static func mergedInto(
        _ tip: ObjectID, _ head: String?, _ repository: borrowing Repository
    ) -> [ObjectID] {
        guard let head = head.flatMap({ ObjectID(hexadecimal: $0) }) else { return [] }
        let parents = (try? repository.withObject(tip) { _, bytes in RawCommit(bytes)?.parents }) ?? nil
        guard let parents, parents.count == 2, parents[1] == head,
            ((try? repository.header(of: parents[0])) ?? nil) != nil
        else { return [] }
        return [parents[0]]
    }
}

/// The branches of the remote, as the clone knows them.
struct RemoteBranches {
    private let all: [Reference]
    let defaultName: String?

    init(_ repository: borrowing Repository, named name: String?) {
        let all = ((try? repository.references { _, _ in }) ?? []).filter { $0.name.hasPrefix("refs/remotes/") }
        self.all = all
        // Some platforms do not say; a branch of that name has pipelines of its own in any case.
        defaultName =
            name ?? Self.headName(repository) ?? ["main", "master"].first { Self.tip(of: $0, all) != nil }
    }

    var defaultTip: ObjectID? { defaultName.flatMap(tip) }

    func tip(of branch: String) -> ObjectID? { Self.tip(of: branch, all) }

    /// The commit of a branch; of `origin` where several remotes have one of that name.
    private static func tip(of branch: String, _ all: [Reference]) -> ObjectID? {
        if let own = all.first(where: { $0.name == "refs/remotes/origin/" + branch }) { return own.target }
        let others = all.filter { reference in
            let rest = reference.name.dropFirst("refs/remotes/".count)
            guard let slash = rest.firstIndex(of: "/") else { return false }
            return rest[rest.index(after: slash)...] == branch
        }
        return others.count == 1 ? others[0].target : nil
    }

    /// What a reference names, a tag's own object included; nil when there is none.
    static func reference(_ name: String, _ repository: borrowing Repository) -> ObjectID? {
        ((try? repository.references { _, _ in }) ?? []).first { $0.name == name }?.target
    }

    /// Which branch the remote's HEAD was when it was cloned.
    private static func headName(_ repository: borrowing Repository) -> String? {
        let path = repository.commonFolder + "refs/remotes/origin/HEAD"
        guard let bytes = (try? FileContent.read(path, limit: 4_096)) ?? nil else { return nil }
        let text = String(decoding: bytes, as: UTF8.self).prefix { !$0.isNewline }
        return Variables.suffix(String(text), after: "ref: refs/remotes/origin/")
    }
}
