// Whether the ignore rules would stop the next dotenv file, asked of git's own matching.

import Dotenv
import Files
import Git

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

enum IgnoreAuditor {
    /// Names under which frameworks and people keep real values.
    static let realNames = [
        ".env", ".env.local", ".env.development", ".env.development.local", ".env.test", ".env.test.local", ".env.staging",
        ".env.production", ".env.production.local",
    ]
    /// Names that are meant to be committed.
    static let templateNames = [".env.example", ".env.sample", ".env.template", ".env.dist"]
    /// Folders that are probed; further ones follow the same rules in nearly every repository.
    private static let mostFolders = 40
    /// Tracked files that are checked one by one; beyond, only dotenv files are.
    private static let mostTracked = 20_000

    /// Audits the worktree's ignore files.
    ///
    /// Only rules that everybody gets count: those of `.gitignore` files, not of this machine's own.
    /// - Parameters:
    ///   - tracked: paths in the index.
    ///   - known: paths of dotenv files and templates that a scan has seen.
    static func audit(
        worktree: String, repository: borrowing Repository, tracked: [String], known: [String]
    ) -> IgnoreAudit? {
        guard let rules = try? SharedIgnoreRules(worktree: worktree) else { return nil }
        let folders = folders(tracked: tracked, known: known)
        var audit = IgnoreAudit()
        let probes = probes(in: folders, known: known)
        audit.openNames = probes.real.filter { !((try? rules.isIgnored($0)) ?? false) }
        audit.ignoredTemplates = probes.templates.filter { (try? rules.isIgnored($0)) ?? false }
        let candidates = tracked.count <= mostTracked ? tracked : tracked.filter { DotenvFileKind(path: $0) != nil }
        audit.trackedThoughIgnored = candidates.filter {
            DotenvFileKind(path: $0) != .template && ((try? rules.isIgnored($0)) ?? false)
        }
        let privately = audit.openNames.filter { (try? repository.isIgnored($0)) ?? false }
        if let first = privately.first {
            audit.obstacles.append(
                "\(first) is ignored on this machine only (info/exclude or core.excludesFile): others are not protected")
        }
        if !audit.openNames.isEmpty || !audit.ignoredTemplates.isEmpty {
            audit.fix = fix(for: audit)
            audit.obstacles += obstacles(to: audit.fix, worktree: worktree, folders: folders, probes: probes)
        }
        return audit
    }

    /// The root, folders that have or had dotenv files, and the folders at the top.
    private static func folders(tracked: [String], known: [String]) -> [String] {
        func folder(of path: String) -> String { path.lastIndex(of: "/").map { String(path[...$0]) } ?? "" }
        var found: [String] = [""]
        var seen: Set<String> = [""]
        for path in known where seen.insert(folder(of: path)).inserted { found.append(folder(of: path)) }
        for path in tracked {
            guard let slash = path.firstIndex(of: "/") else { continue }
            let top = String(path[...slash])
            if !top.hasPrefix("."), seen.insert(top).inserted { found.append(top) }
        }
        return Array(found.prefix(mostFolders))
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
        guard let copy = TemporaryFolder() else { return [] }
        var copied: Set<String> = []
        for folder in folders {
            // The ignore file of every folder on the way down counts.
            var prefix = ""
            for part in [""] + folder.split(separator: "/").map({ $0 + "/" }) {
                prefix += part
                guard copied.insert(prefix).inserted else { continue }
                copy.createFolder(prefix)
                let bytes = (try? FileContent.read(worktree + "/" + prefix + ".gitignore", limit: 1 << 20)) ?? nil
                let addition = prefix.isEmpty ? ("\n" + lines.joined(separator: "\n") + "\n") : ""
                guard bytes != nil || prefix.isEmpty else { continue }
                copy.write((bytes ?? []) + Array(addition.utf8), to: prefix + ".gitignore")
            }
        }
        guard let rules = try? SharedIgnoreRules(worktree: copy.path) else { return [] }
        let open = probes.real.filter { !((try? rules.isIgnored($0)) ?? false) }
        let hidden = probes.templates.filter { (try? rules.isIgnored($0)) ?? false }
        return open.map { "\($0) would still get through: an ignore file below the root lets it in again" }
            + hidden.map { "\($0) would still be ignored: its folder is ignored, or an ignore file below the root names it" }
    }
}

/// A folder that goes away with its owner. It only ever holds copies of ignore files.
private final class TemporaryFolder {
    let path: String
    private var created: [String] = []

    init?() {
        let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array((base + "/migrate-ignore-XXXXXX").utf8CString)
        guard let made = mkdtemp(&template) else { return nil }
        path = String(cString: made)
    }

    func createFolder(_ relative: String) {
        guard !relative.isEmpty, mkdir(path + "/" + relative, 0o700) == 0 else { return }
        created.append(relative)
    }

    func write(_ bytes: [UInt8], to relative: String) {
        // A copy that is gone in a moment: nothing to sync to a disk.
        guard let file = fopen(path + "/" + relative, "wx") else { return }
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
        created.append(relative)
    }

    deinit {
        for relative in created.reversed() { remove(path + "/" + relative) }
        rmdir(path)
    }
}
