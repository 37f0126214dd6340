// Why `migrate init` writes nothing.

import Checklist
import Settings

/// What stands against a first settings file.
enum InitRefusal: Error {
    case noRepository(String)
    case bare(String)
    /// There is a file already, which is somebody's work. `isSettings` for `.migrate/config.yml`.
    case exists(String, isSettings: Bool)
    case unknownChecklist(String, meant: String?, known: [String])
    /// A link or a file where the folder `.migrate` belongs.
    case notAFolder(String)

    /// - Parameter name: of a built-in checklist, or a file's, which is looked for later.
    static func requireKnown(checklist name: String) throws {
        guard !ChecklistReference.isFile(name), BuiltInChecklists[name] == nil else { return }
        let known = BuiltInChecklists.all.map(\.id)
        throw InitRefusal.unknownChecklist(name, meant: NearestName.of(name, among: known), known: known)
    }

    var words: Failure.Words {
        switch self {
        case .noRepository(let folder):
            (
                .failed, "\(Failure.quoted(folder)) is in no git repository.",
                "go to the repository with the .env files, or make one with: git init"
            )
        case .bare(let folder):
            (
                .failed, "\(Failure.quoted(folder)) is a bare repository: there are no files to settle anything for.",
                "run it in a clone: git clone \(Failure.quoted(folder))"
            )
        case .exists(let path, true):
            (
                .failed, "there is \(Failure.quoted(path)) already; it was left as it is.",
                "see what is next with: migrate plan; to begin anew, move the file away first"
            )
        case .exists(let path, false):
            (
                .failed, "there is \(Failure.quoted(path)) already; nothing was written.",
                "use it with: --checklist \(Failure.quoted(path)), or move it away first"
            )
        case .unknownChecklist(let name, let meant, let known):
            (
                .usage, "there is no checklist \(Failure.quoted(name)).",
                meant.map { "did you mean: --checklist \($0)" } ?? "built in are \(known.joined(separator: ", "))"
            )
        case .notAFolder(let path):
            (.failed, "\(Failure.quoted(path)) is no folder; nothing was written.", "move it away first")
        }
    }
}
