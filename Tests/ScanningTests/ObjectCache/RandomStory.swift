// Repositories that something happens to, at random but repeatably.

import TestRepositories

/// One thing after the other: edits, merges, amended commits, deleted branches, repacks, prunes.
struct RandomStory {
    let repository: TemporaryRepository
    private var generator: SeededGenerator
    private var branches = ["main"]
    private var count = 0

    private static let names = [
        "app.py", "src/app.py", "src/deep/er/config.yml", "docs/a.md", "docs/b.md", ".env", "backend/.env",
        "backend/.env.example", "lib/x/y/.env.production", "package-lock.json",
    ]

    init(_ repository: TemporaryRepository, seed: UInt64) {
        self.repository = repository
        generator = SeededGenerator(state: seed &* 2_862_933_555_777_941_757 &+ 1)
    }

    mutating func begin() throws {
        for _ in 0..<5 { try edit() }
        try repository.commit("begin")
        for _ in 0..<3 {
            try edit()
            try repository.commit("more \(count)")
        }
    }

    /// - Returns: what happened, in words.
    mutating func step() throws -> String {
        count += 1
        switch pick(0..<14) {
        case 0, 1, 2:
            for _ in 0..<pick(1..<4) { try edit() }
            try repository.commit(pick(0..<5) == 0 ? "use \(Value.sendGrid(UInt64(pick(0..<9))))" : "commit \(count)")
            return "commit"
        case 3:
            try edit()
            try repository.commit("amended \(count)", "--amend")
            return "amend"
        case 4:
            let name = "b\(count)"
            try repository.checkOut("-b", name)
            branches.append(name)
            try edit()
            try repository.commit("on \(name)")
            return "branch"
        case 5:
            let name = branches[pick(0..<branches.count)]
            try putAway()
            try repository.checkOut(name)
            return "check out \(name)"
        case 6:
            let name = branches[pick(0..<branches.count)]
            try putAway()
            do {
                try repository.git("merge", "--quiet", "-X", "ours", "--no-ff", "-m", "merge \(name)", name)
            } catch {
                // One side has changed what the other has removed.
                try repository.commit("merge \(name) as it is")
            }
            return "merge \(name)"
        case 7:
            guard let name = branches.last, branches.count > 1 else { return "nothing" }
            try putAway()
            try repository.checkOut("main")
            try repository.git("branch", "-D", name)
            branches.removeLast()
            return "delete \(name)"
        case 8:
            try repository.git("repack", "-a", "-d", "--quiet")
            return "repack"
        case 9:
            try repository.expireReflogs()
            try repository.git("gc", "--quiet", "--prune=now")
            return "gc"
        case 10:
            try repository.git("tag", "-a", "v\(count)", "-m", "tag \(Value.sendGrid(UInt64(pick(0..<9))))")
            return "tag"
        case 11:
            try repository.expireReflogs()
            try repository.git("prune", "--expire=now")
            return "prune"
        case 12:
            try edit()
            return "an edit that is not committed"
        default:
            try edit()
            try repository.stage()
            try repository.git("stash", "--quiet")
            return "stash"
        }
    }

    private func putAway() throws {
        try repository.stage()
        try repository.git("reset", "--hard", "--quiet")
    }

    private mutating func edit() throws {
        let name = Self.names[pick(0..<Self.names.count)]
        let isDotenv = name.contains(".env")
        var text = "# \(pick(0..<3))\n"
        for _ in 0..<pick(0..<4) {
            let seed = UInt64(pick(0..<9))
            let label = ["TOKEN", "API_KEY", "PASSWORD", "SENDGRID"][pick(0..<4)]
            switch pick(0..<4) {
            case 0: text += "\(label)=\(Value.sendGrid(seed))\n"
            case 1: text += "\(label)_\(seed)=\(Value.password(seed))\n"
            case 2: text += isDotenv ? "\(label)=changeme\n" : "print(\(seed))\n"
            default: text += "MODE\(seed)=fast\n"
            }
        }
        if pick(0..<12) == 0, TemporaryRepository.exists(repository.path + "/" + name) {
            try repository.remove(name)
        } else {
            try repository.write(name, text)
        }
    }

    private mutating func pick(_ range: Range<Int>) -> Int { Int.random(in: range, using: &generator) }
}
