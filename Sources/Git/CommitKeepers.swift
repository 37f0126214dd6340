// What keeps commits alive besides references: reflogs, other worktrees, half-done merges.

import Files

extension Repository {
    /// Files of a git folder that may name commits.
    package static let pseudoReferenceNames = [
        "HEAD", "ORIG_HEAD", "FETCH_HEAD", "MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "REBASE_HEAD",
        "AUTO_MERGE",
    ]

    /// Commits that are named by files of the git folders rather than by references: heads of linked worktrees and
    /// what a merge, rebase, fetch or reset in progress remembers.
    package borrowing func pseudoReferences() -> [Reference] {
        var found: [Reference] = []
        func add(_ folder: String, as prefix: String) {
            for name in Self.pseudoReferenceNames {
                guard let bytes = (try? FileContent.read(folder + name, limit: 1 << 20)) ?? nil else { continue }
                for line in bytes.split(separator: UInt8(ascii: "\n")) {
                    // A symbolic HEAD names a reference, which is listed as such.
                    if let id = ObjectID(hexadecimal: String(decoding: line.prefix(40), as: UTF8.self)) {
                        found.append(Reference(name: prefix + name, target: id))
                    }
                }
            }
        }
        add(gitFolder, as: "")
        for worktree in (try? Folder.entries(at: commonFolder + "worktrees")) ?? [] where worktree.kind == .folder {
            add(commonFolder + "worktrees/\(worktree.name)/", as: "worktrees/\(worktree.name)/")
        }
        return found
    }

    /// Every commit that a reflog remembers, with the log's name (`HEAD`, `refs/stash`), old and new values alike.
    ///
    /// - Parameter unreadable: called with the path and the reason for each log that cannot be read.
    package borrowing func reflogEntries(unreadable: (String, String) -> Void) -> [Reference] {
        var found: Set<Reference> = []
        func read(_ path: String, as name: String) {
            let bytes: [UInt8]
            do { bytes = try FileContent.read(path, limit: 1 << 30) ?? [] } catch {
                unreadable(path, error.reason)
                return
            }
            for line in bytes.split(separator: UInt8(ascii: "\n")) {
                for digits in [line.prefix(40), line.dropFirst(41).prefix(40)] {
                    guard let id = ObjectID(hexadecimal: String(decoding: digits, as: UTF8.self)), id != .zero else {
                        continue
                    }
                    found.insert(Reference(name: name, target: id))
                }
            }
        }
        func walk(_ folder: String, as prefix: String) {
            let entries: [Folder.Entry]
            do { entries = try Folder.entries(at: folder) } catch {
                unreadable(folder, error.reason)
                return
            }
            for entry in entries {
                switch entry.kind {
                case .folder: walk(folder + "/" + entry.name, as: prefix + entry.name + "/")
                case .file: read(folder + "/" + entry.name, as: prefix + entry.name)
                case .symbolicLink, .other: break
                }
            }
        }
        walk(commonFolder + "logs", as: "")
        if gitFolder != commonFolder { walk(gitFolder + "logs", as: "") }
        for worktree in (try? Folder.entries(at: commonFolder + "worktrees")) ?? [] where worktree.kind == .folder {
            let folder = commonFolder + "worktrees/\(worktree.name)/"
            if folder != gitFolder { walk(folder + "logs", as: "worktrees/\(worktree.name)/") }
        }
        return found.sorted { ($0.name, $0.target) < ($1.name, $1.target) }
    }

    /// Commits whose parents are left out on purpose.
    package borrowing func shallowCommits() -> Set<ObjectID> {
        let bytes = (try? FileContent.read(commonFolder + "shallow", limit: 1 << 26)) ?? nil
        return Set(
            (bytes ?? []).split(separator: UInt8(ascii: "\n")).compactMap {
                ObjectID(hexadecimal: String(decoding: $0, as: UTF8.self))
            })
    }
}
