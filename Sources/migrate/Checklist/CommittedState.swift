// Whether others can see what the state file remembers: only what is committed has a history.

import Checklist
import Files
import Git

enum CommittedState {
    private static let largest = 64 << 20

    /// Whether the last commit has the state file byte by byte; nil where there is no such file, or where that cannot
    /// be known.
    static func isCurrent(in root: String) -> Bool? {
        guard let bytes = try? FileContent.read(root + "/" + StateFile.path, limit: largest),
            let repository = try? Repository(discovering: root), let head = try? repository.head()
        else { return nil }
        let commit: ObjectID
        switch head {
        case .branch(_, let id), .detached(let id): commit = id
        case .unborn: return false
        }
        let name = Array(StateFile.path.utf8.drop { $0 != UInt8(ascii: "/") }.dropFirst())
        guard let files = try? repository.files(in: [commit], named: { $0.elementsEqual(name) }) else { return nil }
        guard let file = files[commit]?.first(where: { $0.path.elementsEqual(StateFile.path.utf8) }) else {
            return false
        }
        return try? repository.withObject(file.id) { _, committed in committed.elementsEqual(bytes) }
    }
}
