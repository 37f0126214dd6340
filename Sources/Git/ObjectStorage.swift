// Where a repository keeps its objects, and a list of them all.

import CLibgit2
import Files

/// The object folders of a repository: its own, and those it borrows from.
package struct ObjectStorage: Sendable {
    /// Each `objects` folder, without a final `/`; the repository's own first.
    package let folders: [String]

    /// Git's own bound on alternates of alternates.
    private static let deepestAlternate = 5

    /// - Parameter commonFolder: `Repository.commonFolder`.
    package init(commonFolder: String) {
        var found: [String] = []
        func add(_ folder: String, depth: Int) {
            guard !found.contains(folder), depth <= Self.deepestAlternate else { return }
            found.append(folder)
            let list = (try? FileContent.read(folder + "/info/alternates", limit: 1 << 20)) ?? nil
            for line in (list ?? []).split(separator: UInt8(ascii: "\n")) where line.first != UInt8(ascii: "#") {
                let path = String(decoding: line, as: UTF8.self)
                add(path.hasPrefix("/") ? path : folder + "/" + path, depth: depth + 1)
            }
        }
        add(commonFolder + "objects", depth: 0)
        folders = found
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
    /// - Parameter problem: called for each pack or folder that cannot be listed.
    package func objects(problem: (Problem) -> Void) -> ObjectTable {
        _ = Library.ready
        var table = ObjectTable()
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

    private func listLoose(in folder: String, into table: inout ObjectTable, _ problem: (Problem) -> Void) {
        let folders: [Folder.Entry]
        do { folders = try Folder.entries(at: folder) } catch {
            problem(Problem(isPack: false, path: folder, reason: error.reason))
            return
        }
        for first in folders where first.bytes.count == 2 {
            do {
                for rest in try Folder.entries(at: folder + "/" + first.name) where rest.bytes.count == 38 {
                    if let id = ObjectID(hexadecimal: first.name + rest.name) { table.insert(id) }
                }
            } catch {
                problem(Problem(isPack: false, path: folder + "/" + first.name, reason: error.reason))
            }
        }
    }
}
