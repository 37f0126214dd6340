// Ignore rules that are not in the worktree: whether new ones let in what old ones kept out.

import Dotenv
import Git

/// The ignore files of one state of a repository: of a commit, or of the index.
package struct IgnoreFiles: Sendable {
    /// By folder, from the root on, with a final `/`; "" for the root.
    package var contents: [String: [UInt8]]

    package init(_ contents: [String: [UInt8]] = [:]) { self.contents = contents }

    /// Names that a dotenv file could have in `folders`, and those that the lines which differ are about.
    package static func probes(folders: [String], old: IgnoreFiles, new: IgnoreFiles) -> [String] {
        var probes = folders.flatMap { folder in IgnoreAuditor.realNames.map { folder + $0 } }
        for (folder, text) in old.contents {
            for line in changedLines(text, new.contents[folder] ?? []) { add(line, in: folder, to: &probes) }
        }
        for (folder, text) in new.contents {
            for line in changedLines(text, old.contents[folder] ?? []) { add(line, in: folder, to: &probes) }
        }
        var seen: Set<String> = []
        return probes.filter { seen.insert($0).inserted }
    }

    /// Those of `names` that `old` keeps out and `new` lets in; nil when it cannot be tried out.
    package static func letIn(_ names: [String], old: IgnoreFiles, new: IgnoreFiles) -> [String]? {
        // Copies are made of the folders: none may lead out of the place that they are made in.
        let names = names.filter { name in
            name.utf8.count < 1_024
                && name.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
                    !["", ".", "..", ".git", ".gitignore"].contains(part)
                }
        }
        let folders = Set(names.map { name in name.lastIndex(of: "/").map { String(name[...$0]) } ?? "" }).sorted()
        guard let before = CopiedRules(contents: old.contents, folders: folders) else { return nil }
        let kept = names.filter(before.isIgnored)
        guard !kept.isEmpty else { return [] }
        guard let after = CopiedRules(contents: new.contents, folders: folders) else { return nil }
        return kept.filter { !after.isIgnored($0) }
    }

    private static func changedLines(_ text: [UInt8], _ other: [UInt8]) -> [ArraySlice<UInt8>] {
        let others = Set(other.split(separator: UInt8(ascii: "\n")))
        return text.split(separator: UInt8(ascii: "\n")).filter { !others.contains($0) }
    }

    /// A line that names a dotenv file, or a folder, without wildcards.
    private static func add(_ line: ArraySlice<UInt8>, in folder: String, to probes: inout [String]) {
        var text = Substring(String(decoding: line, as: UTF8.self))
        while let last = text.last, last == " " || last == "\r" || last == "\t" { text.removeLast() }
        guard let first = text.first, first != "#", !text.contains(where: { "*?[\\".contains($0) }) else { return }
        if first == "!" { text.removeFirst() }
        if text.first == "/" { text.removeFirst() }
        if text.last == "/" { text.removeLast() }
        guard !text.isEmpty, probes.count < mostProbes else { return }
        let name = text.split(separator: "/").last ?? text
        if DotenvFileKind(path: String(name)) == .dotenv {
            probes.append(folder + text)
            return
        }
        // A folder that was kept out as a whole kept its dotenv files out with it.
        probes += IgnoreAuditor.realNames.map { folder + text + "/" + $0 }
    }

    private static let mostProbes = 5_000
}
