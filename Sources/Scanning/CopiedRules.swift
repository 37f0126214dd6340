// Ignore files in a folder of their own, to ask what they would do.

import Files
import Git

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Copies of a worktree's `.gitignore` files, with lines added at the end of the root's.
final class CopiedRules {
    private let copy: TemporaryFolder
    private let rules: SharedIgnoreRules

    /// Nil when there is no place for copies.
    init?(of worktree: String, folders: [String], appending lines: [String]) {
        guard let copy = TemporaryFolder() else { return nil }
        var copied: Set<String> = []
        for folder in folders {
            // The ignore file of every folder on the way down counts.
            var prefix = ""
            for part in [""] + folder.split(separator: "/").map({ $0 + "/" }) {
                prefix += part
                guard copied.insert(prefix).inserted else { continue }
                copy.createFolder(prefix)
                let bytes = (try? FileContent.read(worktree + "/" + prefix + ".gitignore", limit: 1 << 20)) ?? nil
                guard bytes != nil || prefix.isEmpty else { continue }
                let addition = prefix.isEmpty ? ("\n" + lines.joined(separator: "\n") + "\n") : ""
                copy.write(Self.spelledOut((bytes ?? []) + Array(addition.utf8)), to: prefix + ".gitignore")
            }
        }
        guard let rules = try? SharedIgnoreRules(worktree: copy.path) else { return nil }
        self.copy = copy
        self.rules = rules
    }

    /// Ignore files that need not be in any worktree, by folder, as far as they count for `folders`. Nil when there is
    /// no place for copies.
    init?(contents: [String: [UInt8]], folders: [String]) {
        guard let copy = TemporaryFolder() else { return nil }
        var copied: Set<String> = []
        for folder in folders {
            var prefix = ""
            for part in [""] + folder.split(separator: "/").map({ $0 + "/" }) {
                prefix += part
                guard copied.insert(prefix).inserted else { continue }
                copy.createFolder(prefix)
                if let bytes = contents[prefix] { copy.write(Self.spelledOut(bytes), to: prefix + ".gitignore") }
            }
        }
        guard let rules = try? SharedIgnoreRules(worktree: copy.path) else { return nil }
        self.copy = copy
        self.rules = rules
    }

    func isIgnored(_ path: String) -> Bool { (try? rules.isIgnored(path)) ?? false }

    /// Puts `pattern` before each `!pattern`. To git that changes nothing, since the later line wins; libgit2 drops a
    /// `!` line that has nothing to overrule in its own file, though it may well overrule a file further up.
    private static func spelledOut(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        for line in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            if line.first == UInt8(ascii: "!") { result += line.dropFirst() + [UInt8(ascii: "\n")] }
            result += line + [UInt8(ascii: "\n")]
        }
        return result
    }
}

/// A folder that goes away with its owner. It only ever holds copies of ignore files.
final class TemporaryFolder {
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
