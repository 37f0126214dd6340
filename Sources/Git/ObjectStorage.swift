// Where a repository keeps its objects, and a list of them all.

import CLibgit2
import Files

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The object folders of a repository: its own, and those it borrows from.
package struct ObjectStorage: Sendable {
    /// Each `objects` folder, without a final `/`; the repository's own first.
    package let folders: [String]

    /// Those that are named by a path in quotes, which libgit2 does not read.
    let quotedFolders: [String]
    /// Lists of alternates that cannot be read, and folders in them that are not there.
    private let problems: [Problem]

    /// Git's own bound on alternates of alternates.
    private static let deepestAlternate = 5

    /// - Parameter commonFolder: `Repository.commonFolder`.
    package init(commonFolder: String) {
        var found: [String] = []
        var quoted: [String] = []
        var problems: [Problem] = []
        func add(_ folder: String, depth: Int) {
            guard !found.contains(folder), depth <= Self.deepestAlternate else { return }
            guard depth == 0 || access(folder, F_OK) == 0 else {
                problems.append(Problem(isPack: false, path: folder, reason: "an alternate object folder is missing"))
                return
            }
            found.append(folder)
            let list: [UInt8]
            do { list = try FileContent.read(folder + "/info/alternates", limit: 1 << 20) ?? [] } catch {
                problems.append(Problem(isPack: false, path: folder + "/info/alternates", reason: error.reason))
                return
            }
            for line in list.split(separator: UInt8(ascii: "\n")) where line.first != UInt8(ascii: "#") {
                let unquoted = Self.unquoted(line)
                let path = String(decoding: unquoted ?? Array(line), as: UTF8.self)
                let full = path.hasPrefix("/") ? path : folder + "/" + path
                if unquoted != nil { quoted.append(full) }
                add(full, depth: depth + 1)
            }
        }
        add(commonFolder + "objects", depth: 0)
        folders = found
        quotedFolders = quoted.filter { found.contains($0) }
        self.problems = problems
    }

    /// What stands in quotes in git's form: C's escapes, and bytes in octal. Nil when it is not quoted, or wrongly.
    static func unquoted(_ line: ArraySlice<UInt8>) -> [UInt8]? {
        guard line.first == UInt8(ascii: "\"") else { return nil }
        let escapes: [UInt8: UInt8] = [
            UInt8(ascii: "a"): 7, UInt8(ascii: "b"): 8, UInt8(ascii: "t"): 9, UInt8(ascii: "n"): 10,
            UInt8(ascii: "v"): 11, UInt8(ascii: "f"): 12, UInt8(ascii: "r"): 13,
            UInt8(ascii: "\""): UInt8(ascii: "\""), UInt8(ascii: "\\"): UInt8(ascii: "\\"),
        ]
        var result: [UInt8] = []
        var rest = line.dropFirst()
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\"") { return rest.isEmpty ? result : nil }
            guard byte == UInt8(ascii: "\\") else {
                result.append(byte)
                continue
            }
            if let escaped = rest.first.flatMap({ escapes[$0] }) {
                result.append(escaped)
                rest.removeFirst()
            } else {
                guard rest.count >= 3, let byte = UInt8(String(decoding: rest.prefix(3), as: UTF8.self), radix: 8)
                else {
                    return nil
                }
                result.append(byte)
                rest.removeFirst(3)
            }
        }
        return nil
    }

    /// What bears the name of a pack, or of an index of packs, and is no regular file.
    var specialFiles: [String] {
        folders.flatMap { folder in
            ((try? Folder.entries(at: folder + "/pack")) ?? []).filter { entry in
                let name = entry.name
                return name.hasSuffix(".idx") || name.hasSuffix(".pack") || name == "multi-pack-index"
            }.filter { !Self.isRegular($0, in: folder + "/pack") }.map { folder + "/pack/" + $0.name }
        }
    }

    /// Whether an entry is a regular file, or a link to one.
    private static func isRegular(_ entry: Folder.Entry, in folder: String) -> Bool {
        switch entry.kind {
        case .file: return true
        case .folder, .other: return false
        case .symbolicLink:
            var status = stat()
            // One that leads nowhere keeps nobody waiting.
            return stat(folder + "/" + entry.name, &status) != 0 || status.st_mode & S_IFMT == S_IFREG
        }
    }

    /// Something that could not be listed.
    package struct Problem: Sendable {
        package let isPack: Bool
        package let path: String
        package let reason: String
    }

    /// All objects, each once, packed ones first, in the order of their packs, in which reading them is cheap.
    ///
    /// Every pack is listed on its own, so that a damaged one does not hide the others.
    /// - Parameter problem: called for each pack, folder or loose object that cannot be listed.
    package func objects(problem: (Problem) -> Void) -> ObjectTable {
        _ = Library.ready
        var table = ObjectTable()
        problems.forEach(problem)
        for folder in folders {
            for pack in packs(in: folder, problem) {
                do { try list(pack, into: &table) } catch {
                    problem(Problem(isPack: true, path: pack, reason: error.message))
                }
            }
        }
        for folder in folders { listLoose(in: folder, into: &table, problem) }
        return table
    }

    /// Whether any pack came from a remote that may hold objects back.
    package var hasPromisorPacks: Bool {
        folders.contains { folder in
            ((try? Folder.entries(at: folder + "/pack")) ?? []).contains { $0.name.hasSuffix(".promisor") }
        }
    }

    private func packs(in folder: String, _ problem: (Problem) -> Void) -> [String] {
        let names: [String]
        do { names = try Folder.entries(at: folder + "/pack").map(\.name) } catch {
            problem(Problem(isPack: false, path: folder + "/pack", reason: error.reason))
            return []
        }
        let present = Set(names)
        for name in names where name.hasSuffix(".pack") && !present.contains(name.dropLast(5) + ".idx") {
            problem(Problem(isPack: true, path: folder + "/pack/" + name, reason: "it has no index (.idx)"))
        }
        return names.filter { $0.hasSuffix(".idx") }.map { folder + "/pack/" + $0 }
    }

    private func list(_ index: String, into table: inout ObjectTable) throws(GitError) {
        var database: OpaquePointer?
        try git("list \(index)") { git_odb_new(&database) }
        defer { git_odb_free(database) }
        var backend: UnsafeMutablePointer<git_odb_backend>?
        try git("open \(index)") { git_odb_backend_one_pack(&backend, index) }
        guard let backend else { throw GitError(operation: "open \(index)", code: .other(-1), message: "no memory") }
        do { try git("open \(index)") { git_odb_add_backend(database, backend, 1) } } catch {
            backend.pointee.free?(backend)
            throw error
        }
        try git("list \(index)") {
            withUnsafeMutablePointer(to: &table) { table in
                git_odb_foreach(
                    database,
                    { id, context in
                        if let id {
                            context?.assumingMemoryBound(to: ObjectTable.self).pointee.insert(ObjectID(id.pointee))
                        }
                        return 0
                    }, table)
            }
        }
    }

    /// Whether every list of alternates could be read, and every folder in them is there.
    var isOrdinary: Bool { problems.isEmpty }

    func listLoose(in folder: String, into table: inout ObjectTable, _ problem: (Problem) -> Void) {
        let folders: [Folder.Entry]
        do { folders = try Folder.entries(at: folder) } catch {
            problem(Problem(isPack: false, path: folder, reason: error.reason))
            return
        }
        for first in folders where first.bytes.count == 2 {
            do {
                for rest in try Folder.entries(at: folder + "/" + first.name) where rest.bytes.count == 38 {
                    guard let id = ObjectID(hexadecimal: first.name + rest.name) else { continue }
                    guard Self.isRegular(rest, in: folder + "/" + first.name) else {
                        problem(
                            Problem(
                                isPack: false, path: "\(folder)/\(first.name)/\(rest.name)",
                                reason: "a loose object that is no regular file"))
                        continue
                    }
                    table.insert(id)
                }
            } catch {
                problem(Problem(isPack: false, path: folder + "/" + first.name, reason: error.reason))
            }
        }
    }
}
