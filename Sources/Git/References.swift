// Everything that keeps a commit alive: references, HEAD, reflogs, other worktrees.

import CLibgit2
import Files

/// A name that leads to an object.
package struct Reference: Sendable, Hashable {
    /// In full: `refs/heads/main`, `HEAD`.
    package let name: String
    package let target: ObjectID

    package init(name: String, target: ObjectID) {
        self.name = name
        self.target = target
    }
}

extension Repository {
    /// All references with their targets, symbolic ones resolved, by name.
    ///
    /// - Parameter unreadable: called with the name of, and the reason for, each that leads nowhere. A symbolic
    ///   reference to a branch that does not exist (yet) is ordinary and left out in silence. When the list of packed
    ///   references is damaged, libgit2 lists none at all: then what can be made out of the files is returned.
    package borrowing func references(unreadable: (String, String) -> Void) throws(GitError) -> [Reference] {
        var iterator: OpaquePointer?
        do { try git("list the references") { git_reference_iterator_new(&iterator, handle) } } catch {
            unreadable("packed-refs", error.message)
            reportDamaged(unreadable)
            return referencesInFiles()
        }
        defer { git_reference_iterator_free(iterator) }
        var found: [Reference] = []
        while true {
            var reference: OpaquePointer?
            let status = git_reference_next(&reference, iterator)
            if status == GIT_ITEROVER.rawValue { break }
            guard status == 0, let reference else {
                unreadable("a reference", lastError(status, "read").message)
                break
            }
            defer { git_reference_free(reference) }
            let name = String(cString: git_reference_name(reference))
            if git_reference_type(reference) == GIT_REFERENCE_SYMBOLIC {
                var id = git_oid()
                if git_reference_name_to_id(&id, handle, name) == 0 {
                    found.append(Reference(name: name, target: ObjectID(id)))
                }
            } else if let target = git_reference_target(reference) {
                found.append(Reference(name: name, target: ObjectID(target.pointee)))
            }
        }
        reportDamaged(unreadable)
        return found.sorted { $0.name < $1.name }
    }

    /// Tells of files that stand for a reference and hold none: libgit2 passes over them.
    private borrowing func reportDamaged(_ unreadable: (String, String) -> Void) {
        var folders = ["refs"]
        while let folder = folders.popLast() {
            for entry in (try? Folder.entries(at: commonFolder + folder)) ?? [] {
                let name = folder + "/" + entry.name
                switch entry.kind {
                case .folder: folders.append(name)
                case .file where !name.hasSuffix(".lock"):
                    do {
                        let text = try FileContent.read(commonFolder + name, limit: 1 << 16) ?? []
                        let isSymbolic = text.starts(with: Array("ref:".utf8))
                        let digits = String(decoding: text.prefix(40), as: UTF8.self)
                        if !isSymbolic && ObjectID(hexadecimal: digits) == nil {
                            unreadable(name, "it holds no object id")
                        }
                    } catch { unreadable(name, error.reason) }
                case .file, .symbolicLink, .other: break
                }
            }
        }
    }

    /// References that name an object, as far as they can be made out without libgit2, by name.
    private borrowing func referencesInFiles() -> [Reference] {
        var found: [String: ObjectID] = [:]
        let packed = (try? FileContent.read(commonFolder + "packed-refs", limit: 1 << 30)) ?? nil
        for line in (packed ?? []).split(separator: UInt8(ascii: "\n")) where line.dropFirst(40).first == 0x20 {
            let name = String(decoding: line.dropFirst(41), as: UTF8.self)
            guard name.hasPrefix("refs/"), let id = Self.id(in: line) else { continue }
            found[name] = id
        }
        // A file of its own counts before the list.
        var folders = ["refs"]
        while let folder = folders.popLast() {
            for entry in (try? Folder.entries(at: commonFolder + folder)) ?? [] {
                let name = folder + "/" + entry.name
                if entry.kind == .folder { folders.append(name) }
                guard entry.kind == .file,
                    let text = (try? FileContent.read(commonFolder + name, limit: 1 << 16)) ?? nil,
                    let id = Self.id(in: text[...])
                else { continue }
                found[name] = id
            }
        }
        return found.map { Reference(name: $0.key, target: $0.value) }.sorted { $0.name < $1.name }
    }

    /// The id that a line begins with.
    private static func id(in line: ArraySlice<UInt8>) -> ObjectID? {
        ObjectID(hexadecimal: String(decoding: line.prefix(40), as: UTF8.self))
    }

    /// What HEAD stands at.
    package enum Head: Sendable, Equatable {
        /// A branch with a commit: its full name.
        case branch(String, ObjectID)
        case detached(ObjectID)
        /// A branch without a commit: nothing has been committed yet.
        case unborn
    }

    /// - Throws: `GitError` when HEAD cannot be read.
    package borrowing func head() throws(GitError) -> Head {
        var reference: OpaquePointer?
        let status = git_repository_head(&reference, handle)
        if status == GIT_EUNBORNBRANCH.rawValue || status == GIT_ENOTFOUND.rawValue { return .unborn }
        guard status == 0, let reference, let target = git_reference_target(reference) else {
            let failure = lastError(status, "read HEAD")
            guard let head = headInFiles() else { throw failure }
            return head
        }
        defer { git_reference_free(reference) }
        let id = ObjectID(target.pointee)
        let name = String(cString: git_reference_name(reference))
        return name == "HEAD" ? .detached(id) : .branch(name, id)
    }

    /// What HEAD stands at, as far as it can be made out where the list of packed references is damaged.
    private borrowing func headInFiles() -> Head? {
        guard let text = (try? FileContent.read(gitFolder + "HEAD", limit: 1 << 16)) ?? nil else { return nil }
        if let id = Self.id(in: text[...]) { return .detached(id) }
        let mark = Array("ref: ".utf8)
        guard text.starts(with: mark) else { return nil }
        let name = String(decoding: text.dropFirst(mark.count).prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        return referencesInFiles().first { $0.name == name }.map { .branch(name, $0.target) }
    }

    /// The commit that a revision expression (`main~2`, `v1.0`, an id) names.
    package borrowing func resolveCommit(_ expression: String) throws(GitError) -> ObjectID {
        var object: OpaquePointer?
        try git("find \(expression)") { git_revparse_single(&object, handle, expression) }
        defer { git_object_free(object) }
        var commit: OpaquePointer?
        try git("find a commit at \(expression)") { git_object_peel(&commit, object, GIT_OBJECT_COMMIT) }
        defer { git_object_free(commit) }
        guard let id = git_object_id(commit) else {
            throw GitError(operation: "find \(expression)", code: .notFound, message: "no commit")
        }
        return ObjectID(id.pointee)
    }
}
