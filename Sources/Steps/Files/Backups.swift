// What files held before a step changed them, kept on this machine alone.

package import Checklist
import Files
package import World

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// `.migrate/local/backups/`: one file a backup, readable by the owner alone, under a name that tells nothing.
package struct Backups: Sendable {
    private let root: String
    private let localFolder: String
    private static let largest = 64 << 20

    package init(_ workbench: Workbench) {
        root = workbench.root
        localFolder = workbench.localFolder
    }

    private var folder: String { localFolder + "/backups" }

    /// A name for a new one.
    package static func newName(in world: World) -> String {
        world.randomBytes(16).map { byte in
            let digits = String(byte, radix: 16)
            return digits.utf8.count == 1 ? "0" + digits : digits
        }.joined()
    }

    /// Where it is, for people: from the root of the repository.
    package func shownPath(_ name: String) -> String { ".migrate/local/backups/" + name }

    /// Writes the bytes, on disk when it returns. The same bytes again are no error.
    ///
    /// - Throws: `StepFailure`.
    package func save(_ bytes: [UInt8], as name: String) throws {
        guard let path = path(of: name) else { throw StepFailure("a backup cannot be named like that") }
        do {
            try makeFolders()
            if try FileContent.read(path, limit: Self.largest) == bytes { return }
            // Of runs that were killed while they wrote one: one run at a time makes backups.
            AtomicFile.removeLeftovers(inFolder: folder)
            try AtomicFile.write(bytes, to: path, isPrivate: true)
        } catch let error as FileError {
            throw StepFailure(
                "the backup in \(PlainText.line(folder)) cannot be written: \(error.reason)",
                remedy: "nothing was changed; make the folder writable")
        }
    }

    /// Nil when it is not here: in another clone, or thrown away.
    package func content(of name: String) -> [UInt8]? {
        path(of: name).flatMap { (try? FileContent.read($0, limit: Self.largest)) ?? nil }
    }

    /// Nil for what `newName` does not make: the name comes from a file that anybody may have written.
    private func path(of name: String) -> String? {
        let isName =
            name.utf8.count == 32
            && name.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        return isName ? folder + "/" + name : nil
    }

    /// The folders are the owner's alone, and git does not see them.
    private func makeFolders() throws {
        try LocalFolder.prepare(root: root)
        guard mkdir(folder, 0o700) != 0 else { return }
        let code = errno
        // Where a link stands, somebody else says where backups go.
        guard code == EEXIST, FileStatus(at: folder)?.kind == .folder else {
            throw FileError(writingTo: folder, errorNumber: code == EEXIST ? ENOTDIR : code)
        }
    }
}
