// The trees of selected commits, as the later passes see them: what each holds of what the selection brought in.

import Dotenv
import Git

extension SelectedObjects {
    /// The trees of the selected commits and of HEAD, with the paths at which a selected commit or the index has
    /// something of interest.
    ///
    /// A commit holds what its first parent holds, but for its own changes: a later commit that leaves a file alone
    /// still has it.
    /// - Parameter wanted: by place, whether a blob has hits or is otherwise to be named.
    func treePass(
        wanted: [Bool], index: [IndexEntry], head: ObjectID?, _ repository: borrowing Repository
    ) -> TreePass {
        var names = PathNames()
        for step in steps {
            for change in step.changes {
                guard let blob = change.blob.flatMap({ table.place(of: $0) }) else { continue }
                let dotenv =
                    change.isSymbolicLink ? nil : DotenvFileKind(path: String(decoding: change.path, as: UTF8.self))
                if wanted[blob] || dotenv != nil { names.add(change.path, dotenv) }
            }
        }
        for entry in index where entry.kind == .file {
            guard let blob = table.place(of: entry.id) else { continue }
            let dotenv = DotenvFileKind(path: entry.path)
            if wanted[blob] || dotenv != nil { names.add(entry.pathBytes, dotenv) }
        }

        for file in tracked { names.add(file.path, file.kind) }

        var pass = TreePass()
        pass.names = names.all.map(\.path)
        var held: [ObjectID: [Int32: Int]] = [:]
        for step in steps {
            var content = step.firstParent.flatMap { held[$0] } ?? [:]
            for change in step.changes { names.apply(change, table, to: &content) }
            held[step.commit] = content
            for (name, blob) in content { pass.add(name, blob, names.all[Int(name)].dotenv, toTreeAt: step.tree) }
        }
        guard let head, let headTree, let tree = table.place(of: headTree) else { return pass }
        for (name, (path, dotenv)) in names.all.enumerated() {
            let path = String(decoding: path, as: UTF8.self)
            do {
                guard let id = try repository.blob(at: path, in: head), let blob = table.place(of: id) else { continue }
                pass.add(Int32(name), blob, dotenv, toTreeAt: tree)
            } catch {
                // Once is enough: most paths would run into the same damage.
                let reason = (error as? GitError)?.message ?? "\(error)"
                pass.gaps.append(
                    Gap(kind: .unreadableObject, subject: headTree.description, reason: "HEAD's \(path): \(reason)"))
                break
            }
        }
        return pass
    }
}

/// The paths of interest, numbered.
private struct PathNames {
    private(set) var all: [(path: [UInt8], dotenv: DotenvFileKind?)] = []
    private var numbers: [[UInt8]: Int32] = [:]

    mutating func add(_ path: [UInt8], _ dotenv: DotenvFileKind?) {
        if numbers[path] != nil { return }
        numbers[path] = Int32(all.count)
        all.append((path, dotenv))
    }

    /// Applies a change to what a commit holds: blobs by the numbers of their paths.
    func apply(_ change: TreeChange, _ table: ObjectTable, to content: inout [Int32: Int]) {
        if let blob = change.blob {
            if let name = numbers[change.path] { content[name] = table.place(of: blob) }
            return
        }
        let folder = change.path + [UInt8(ascii: "/")]
        for name in content.keys {
            let path = all[Int(name)].path
            if path == change.path || path.starts(with: folder) { content[name] = nil }
        }
    }
}

extension TreePass {
    fileprivate mutating func add(_ name: Int32, _ blob: Int, _ dotenv: DotenvFileKind?, toTreeAt tree: Int) {
        if let dotenv, dotenvBlobs[blob] != .dotenv { dotenvBlobs[blob] = dotenv }
        leaves[tree, default: []].append(Leaf(name: name, blob: Int32(blob), dotenv: dotenv))
    }
}
