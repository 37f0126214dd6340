// Reading and writing one file of a vault.

import Files
import SystemPackage

enum VaultFile {
    /// A hundred versions of 65,536 bytes each, every one of them escaped, and room to spare.
    static let limit = 64 << 20

    /// The bytes of the file; nil when there is none.
    /// - Throws: `StoreError.damaged` when something else than a file has its place, `.file` when it cannot be read.
    static func read(_ path: String) throws(StoreError) -> [UInt8]? {
        do {
            guard let status = try FileStatus.lookUp(Array(path.utf8)) else { return nil }
            switch status.kind {
            case .file: break
            case .symbolicLink: throw StoreError.damaged(path: path, reason: "a symbolic link stands in its place")
            case .folder: throw StoreError.damaged(path: path, reason: "a folder stands in its place")
            case .other: throw StoreError.damaged(path: path, reason: "something else than a file stands in its place")
            }
            return try FileContent.read(path, limit: limit)
        } catch let error as FileError {
            if error.isTooLarge { throw .damaged(path: path, reason: "it is larger than any secret can be") }
            throw .file(error)
        } catch let error as StoreError {
            throw error
        } catch {
            throw .file(path: path, reason: "it cannot be read")
        }
    }

    /// Whole or not at all, for the user alone.
    /// - Throws: `StoreError.file`.
    static func write(_ bytes: [UInt8], to path: String) throws(StoreError) {
        do { try AtomicFile.write(bytes, to: path, permissions: .ownerReadWrite) } catch {
            guard let error = error as? FileError else { throw .file(path: path, reason: "it cannot be written") }
            throw .file(error)
        }
    }

    static func exists(_ path: String) -> Bool { FileStatus(at: path) != nil }
}
