// The repository in which git runs a hook, as the variables say that git sets for it.

import CLibgit2
import Files

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What git tells a hook of the commit that is about to be made.
package struct HookSurroundings: Sendable {
    /// Variables of git's: `GIT_DIR`, `GIT_INDEX_FILE` and the like. A list, since there are few.
    package var variables: [(name: String, value: String)]
    /// The folder that the process stands in: the worktree's root, when git runs it.
    package var folder: String
    /// Whether git asks in the middle of a merge, before it has written down what is merged: `pre-merge-commit`.
    package var isMerge = false

    package init(environment: [String: String], folder: String = ".") {
        variables = environment.map { ($0.key, $0.value) }
        self.folder = folder
    }

    /// Those of this process.
    package init() {
        variables = []
        folder = "."
        var next = environ
        while let entry = next.pointee {
            next += 1
            guard strncmp(entry, "GIT", 3) == 0, let equals = strchr(entry, Int32(UInt8(ascii: "="))) else { continue }
            let name = UnsafeRawBufferPointer(start: entry, count: equals - entry)
            variables.append((String(decoding: name, as: UTF8.self), String(cString: equals + 1)))
        }
    }

    /// The value of a variable that is there and not empty.
    package func variable(_ name: String) -> String? {
        variables.first { $0.name == name && !$0.value.isEmpty }?.value
    }

    fileprivate func path(_ text: String) -> String { text.hasPrefix("/") ? text : folder + "/" + text }
}

extension Repository {
    /// Opens the repository of a hook: the one that `GIT_DIR` names, else the one that holds the folder, with the
    /// object folders that git's variables add.
    ///
    /// - Throws: `GitError`.
    package static func open(for surroundings: HookSurroundings) throws(GitError) -> Repository {
        guard let folder = surroundings.variable("GIT_DIR") else {
            let repository = try Repository(discovering: surroundings.folder)
            try repository.addObjects(of: surroundings)
            return repository
        }
        let repository = try Repository(gitFolder: surroundings.path(folder))
        try repository.addObjects(of: surroundings)
        return repository
    }

    private borrowing func addObjects(of surroundings: HookSurroundings) throws(GitError) {
        let further =
            [surroundings.variable("GIT_OBJECT_DIRECTORY")].compactMap { $0 }
            + ObjectStorage.listedFolders(surroundings.variable("GIT_ALTERNATE_OBJECT_DIRECTORIES") ?? "")
        guard !further.isEmpty else { return }
        var database: OpaquePointer?
        try git("open the object database") { git_repository_odb(&database, handle) }
        defer { git_odb_free(database) }
        for folder in further.map(surroundings.path) where FileStatus(at: folder + "/.") != nil {
            try git("open the objects in \(folder)") { git_odb_add_disk_alternate(database, folder) }
        }
    }

    /// The index that the commit is made from: the file that `GIT_INDEX_FILE` names, whatever it is called, else the
    /// worktree's own.
    ///
    /// - Throws: `IndexFormatError`, `FileError`.
    package borrowing func stagedIndex(_ surroundings: HookSurroundings) throws -> StagedIndex {
        let path = surroundings.variable("GIT_INDEX_FILE").map(surroundings.path) ?? gitFolder + "index"
        return try StagedIndex(path: path, sharedFolder: gitFolder)
    }

    /// The root of the worktree that the hook is about, without a final `/`.
    package borrowing func root(_ surroundings: HookSurroundings) -> String {
        var root = surroundings.variable("GIT_WORK_TREE").map(surroundings.path) ?? worktree ?? surroundings.folder
        while root.count > 1, root.hasSuffix("/") { root.removeLast() }
        return root
    }

    /// The trees of the parents that the next commit will have: of HEAD, and of what is being merged into it.
    ///
    /// - Throws: `GitError` when one cannot be read.
    package borrowing func parentTrees(_ surroundings: HookSurroundings) throws -> [ObjectID] {
        var commits: [ObjectID] = []
        switch try head() {
        case .unborn: break
        case .branch(_, let id), .detached(let id): commits.append(id)
        }
        commits += try mergedCommits(surroundings)
        return try commits.map { id in
            guard let tree = try withObject(id, { _, bytes in RawCommit(bytes)?.tree }) else {
                throw GitError(operation: "read commit \(id)", code: .other(-1), message: "it is no commit")
            }
            return tree
        }
    }

    /// While a merge is not committed, `MERGE_HEAD` lists what is merged. Where git asks before it writes that file
    /// (`pre-merge-commit`), it names each in a variable of its own.
    private borrowing func mergedCommits(_ surroundings: HookSurroundings) throws -> [ObjectID] {
        let path = gitFolder + "MERGE_HEAD"
        if let list = try FileContent.read(path, limit: 1 << 20) {
            return try list.split(separator: UInt8(ascii: "\n")).map { line in
                guard let id = ObjectID(hexadecimal: String(decoding: line, as: UTF8.self)) else {
                    throw GitError(operation: "read \(path)", code: .other(-1), message: "a line is no object id")
                }
                return id
            }
        }
        guard surroundings.isMerge else { return [] }
        return surroundings.variables.map(\.name).filter { $0.hasPrefix("GITHEAD_") }.sorted()
            .compactMap { ObjectID(hexadecimal: $0.dropFirst("GITHEAD_".count)) }
            .filter { (try? header(of: $0))?.kind == .commit }
    }
}

extension ObjectStorage {
    /// The folders of a list as `GIT_ALTERNATE_OBJECT_DIRECTORIES` has it: with colons between, quoted where need be.
    static func listedFolders(_ list: String) -> [String] {
        var found: [String] = []
        var rest = Array(list.utf8)[...]
        while !rest.isEmpty {
            var end = rest.firstIndex(of: UInt8(ascii: ":")) ?? rest.endIndex
            if rest.first == UInt8(ascii: "\"") {
                var place = rest.startIndex + 1
                while place < rest.endIndex, rest[place] != UInt8(ascii: "\"") {
                    place += rest[place] == UInt8(ascii: "\\") ? 2 : 1
                }
                if place < rest.endIndex { end = place + 1 }
            }
            let item = rest[rest.startIndex..<end]
            let name = unquoted(item) ?? Array(item)
            if !name.isEmpty { found.append(String(decoding: name, as: UTF8.self)) }
            rest = rest[end...].drop { $0 == UInt8(ascii: ":") }
        }
        return found
    }
}
