// Whether the ignore rules would stop the next dotenv file, asked of git's own matching.

import Dotenv
import Files
import Git

enum IgnoreAuditor {
    /// Names under which frameworks and people keep real values.
    static let realNames = [
        ".env", ".env.local", ".env.development", ".env.development.local", ".env.test", ".env.test.local",
        ".env.staging",
        ".env.production", ".env.production.local",
    ]
    /// Names that are meant to be committed.
    static let templateNames = [".env.example", ".env.sample", ".env.template", ".env.dist"]
    /// Folders that are probed; beyond, the rules are those of the root in nearly every repository.
    private static let mostFolders = 40
    /// Tracked files that are checked one by one; beyond, only dotenv files are.
    private static let mostTracked = 20_000

    /// Audits the worktree's ignore files.
    ///
    /// Only rules that everybody gets count: those of `.gitignore` files, not of this machine's own.
    /// - Parameters:
    ///   - tracked: paths in the index.
    ///   - known: paths of dotenv files and templates that a scan has seen.
    ///   - notes: gets a line when not all folders were probed.
    static func audit(
        worktree: String, repository: borrowing Repository, tracked: [String], known: [String], notes: inout [String]
    ) -> IgnoreAudit? {
        guard let rules = try? SharedIgnoreRules(worktree: worktree) else { return nil }
        var folders = folders(tracked: tracked, known: known)
        if folders.count > mostFolders {
            let rest = folders.count - mostFolders
            notes.append(
                "The ignore rules were tried in \(mostFolders) folders; \(rest) further folder\(rest == 1 ? "" : "s") "
                    + "may have others.")
            folders.removeLast(rest)
        }
        // Asked of copies where that is possible: libgit2 reads some files otherwise than git does.
        let copy = CopiedRules(of: worktree, folders: folders, appending: [])
        func isIgnored(_ path: String) -> Bool { copy?.isIgnored(path) ?? ((try? rules.isIgnored(path)) ?? false) }
        var audit = IgnoreAudit()
        let probes = probes(in: folders, known: known)
        audit.openNames = probes.real.filter { !isIgnored($0) }
        audit.ignoredTemplates = probes.templates.filter(isIgnored)
        let candidates = tracked.count <= mostTracked ? tracked : tracked.filter { DotenvFileKind(path: $0) != nil }
        audit.trackedThoughIgnored = candidates.filter {
            DotenvFileKind(path: $0) != .template && ((try? rules.isIgnored($0)) ?? false)
        }
        audit.privatelyIgnored = audit.openNames.filter { (try? repository.isIgnored($0)) ?? false }
        if !audit.openNames.isEmpty || !audit.ignoredTemplates.isEmpty {
            audit.fix = fix(for: audit)
            audit.obstacles += obstacles(to: audit.fix, worktree: worktree, folders: folders, probes: probes)
        }
        return audit
    }

    /// The root, folders that have or had dotenv files, those with an ignore file of their own, and the folders at the
    /// top.
    private static func folders(tracked: [String], known: [String]) -> [String] {
        func folder(of path: String) -> String { path.lastIndex(of: "/").map { String(path[...$0]) } ?? "" }
        var found: [String] = [""]
        var seen: Set<String> = [""]
        for path in known where seen.insert(folder(of: path)).inserted { found.append(folder(of: path)) }
        for path in tracked where path.hasSuffix("/.gitignore") && seen.insert(folder(of: path)).inserted {
            found.append(folder(of: path))
        }
        for path in tracked {
            guard let slash = path.firstIndex(of: "/") else { continue }
            let top = String(path[...slash])
            if !top.hasPrefix("."), seen.insert(top).inserted { found.append(top) }
        }
        return found
    }

    private typealias Probes = (real: [String], templates: [String])

    private static func probes(in folders: [String], known: [String]) -> Probes {
        var real: [String] = []
        var templates: [String] = []
        for folder in folders {
            real += realNames.map { folder + $0 }
            templates.append(folder + templateNames[0])
        }
        for path in known {
            switch DotenvFileKind(path: path) {
            case .dotenv where !real.contains(path): real.append(path)
            case .template where !templates.contains(path): templates.append(path)
            default: break
            }
        }
        return (real, templates)
    }

    /// Lines for the end of the root's `.gitignore`.
    private static func fix(for audit: IgnoreAudit) -> [String] {
        var lines = [".env", ".env.*"]
        // Names of other shapes, `prod.env` and the like, one pattern each.
        for path in audit.openNames {
            let name = path.split(separator: "/").last.map(String.init) ?? path
            if name == ".env" || name.hasPrefix(".env.") { continue }
            let pattern = name.hasSuffix(".env") ? "*.env" : name
            if !lines.contains(pattern) { lines.append(pattern) }
        }
        lines += templateNames.map { "!" + $0 }
        for path in audit.ignoredTemplates {
            let name = path.split(separator: "/").last.map(String.init) ?? path
            if !lines.contains("!" + name) { lines.append("!" + name) }
        }
        return lines
    }

    /// What `lines` would not mend: tried on copies of the ignore files in a folder of their own.
    private static func obstacles(
        to lines: [String], worktree: String, folders: [String], probes: Probes
    ) -> [String] {
        guard let copy = CopiedRules(of: worktree, folders: folders, appending: lines) else { return [] }
        let open = probes.real.filter { !copy.isIgnored($0) }
        let hidden = probes.templates.filter(copy.isIgnored)
        return open.map { "\($0) would still get through: an ignore file below the root lets it in again" }
            + hidden.map {
                "\($0) would still be ignored: its folder is ignored, or an ignore file below the root names it"
            }
    }
}
