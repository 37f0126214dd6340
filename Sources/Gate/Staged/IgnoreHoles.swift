// Whether changed ignore files let in what they kept out: asked of what HEAD and the index hold, not of the worktree.

import Detection
import Git
import Scanning

enum IgnoreHoles {
    private static let fileName = Array(".gitignore".utf8)
    /// Folders in which names are tried; beyond, the rules are those of the folders above in nearly every repository.
    private static let mostFolders = 40
    /// Ignore files beyond this are none that a person has written.
    private static let largest = 1 << 20

    /// Adds a problem for each ignore file whose change opens a hole.
    static func check(
        _ changes: StagedChanges, index: StagedIndex, parents: [ObjectID], _ repository: borrowing Repository,
        _ report: inout GateReport
    ) throws {
        guard let head = parents.first else { return }
        let changed = changes.added.filter { $0.path.suffixName == fileName }.map(\.path)
        var lost: [[UInt8]] = []
        for removal in changes.removed {
            let files = removal.isFolder ? try repository.files(in: removal, limit: 10_000) : [removal]
            lost += files.map(\.path).filter { $0.suffixName == fileName }
        }
        guard !changed.isEmpty || !lost.isEmpty else { return }
        let new = IgnoreFiles(try contents(of: index, repository, &report))
        let old = IgnoreFiles(try contents(ofTree: head, repository))
        let touched = (changed + lost).map { String(decoding: $0.dropLast(fileName.count), as: UTF8.self) }
        let probes = IgnoreFiles.probes(folders: folders(below: touched, index), old: old, new: new)
        guard let open = IgnoreFiles.letIn(probes, old: old, new: new) else {
            report.gaps.append(
                Gap(
                    kind: .unreadableFile, subject: ".gitignore",
                    reason: "there is no place for a copy of the ignore rules, to try them: is TMPDIR writable?"))
            return
        }
        guard !open.isEmpty else { return }
        let shown = open.prefix(3).joined(separator: ", ") + (open.count > 3 ? " and \(open.count - 3) more" : "")
        // The nearest changed file above the first of them.
        let blamed =
            touched.filter { open[0].hasPrefix($0) }.max { $0.utf8.count < $1.utf8.count } ?? touched.first ?? ""
        let path = blamed + ".gitignore"
        report.problems.append(
            GateProblem(
                kind: .ignoreHole, path: path, line: 0, column: 0, ruleID: GateProblem.Kind.ignoreHole.rawValue,
                title: "An ignore file lets dotenv files in", mask: "",
                reason: "HEAD's rules keep out \(shown), and the staged ones do not", fingerprint: nil,
                severity: .high))
    }

    /// Folders whose names are tried: those of the changed files, and the nearest ones below them.
    private static func folders(below touched: [String], _ index: StagedIndex) -> [String] {
        var found: [String] = []
        var seen: Set<String> = []
        for folder in touched where seen.insert(folder).inserted { found.append(folder) }
        var below: Set<String> = []
        var last: ArraySlice<UInt8> = []
        for entry in index.entries {
            let name = index.names[entry.name]
            guard let slash = name.lastIndex(of: UInt8(ascii: "/")) else { continue }
            let folder = name[...slash]
            if folder == last { continue }
            last = folder
            let text = String(decoding: folder, as: UTF8.self)
            if touched.contains(where: { text.hasPrefix($0) }) { below.insert(text) }
        }
        let nearest = below.sorted { left, right in
            let depths = (left.utf8.count { $0 == 0x2F }, right.utf8.count { $0 == 0x2F })
            return depths.0 == depths.1 ? left < right : depths.0 < depths.1
        }
        for folder in nearest where found.count < mostFolders && seen.insert(folder).inserted { found.append(folder) }
        return found
    }

    private static func contents(
        of index: StagedIndex, _ repository: borrowing Repository, _ report: inout GateReport
    ) throws -> [String: [UInt8]] {
        var contents: [String: [UInt8]] = [:]
        for entry in index.entries where entry.stage == 0 && !entry.isIntentToAdd {
            let name = index.names[entry.name]
            guard name.hasName(fileName), entry.mode & 0o170000 == 0o100000 else { continue }
            let folder = String(decoding: name.dropLast(fileName.count), as: UTF8.self)
            guard let bytes = try text(entry.id, repository) else {
                report.gaps.append(
                    Gap(kind: .tooLarge, subject: folder + ".gitignore", reason: "it has more than \(largest) bytes"))
                continue
            }
            contents[folder] = bytes
        }
        return contents
    }

    private static func contents(
        ofTree tree: ObjectID, _ repository: borrowing Repository
    ) throws -> [String: [UInt8]] {
        var contents: [String: [UInt8]] = [:]
        for file in try repository.files(ofTree: tree, named: { $0.elementsEqual(fileName) }) {
            guard file.mode & 0o170000 == 0o100000, let bytes = try text(file.id, repository) else { continue }
            contents[String(decoding: file.path.dropLast(fileName.count), as: UTF8.self)] = bytes
        }
        return contents
    }

    private static func text(_ id: ObjectID, _ repository: borrowing Repository) throws -> [UInt8]? {
        guard try repository.header(of: id).size <= largest else { return nil }
        return try repository.withObject(id) { _, bytes in Array(bytes) }
    }
}

extension RandomAccessCollection<UInt8> where Index == Int {
    /// What follows the last `/`.
    fileprivate var suffixName: [UInt8] {
        lastIndex(of: UInt8(ascii: "/")).map { Array(self[($0 + 1)...]) } ?? Array(self)
    }

    fileprivate func hasName(_ name: [UInt8]) -> Bool {
        guard count >= name.count, suffix(name.count).elementsEqual(name) else { return false }
        return count == name.count || self[endIndex - name.count - 1] == UInt8(ascii: "/")
    }
}
