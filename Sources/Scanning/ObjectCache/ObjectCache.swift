// The file that known objects are kept in: where it lies, and whether it may be believed.

import Crypto
import Detection
import Files

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Where a scan keeps what it knows of a repository's objects.
package enum ObjectCaching: Sendable, Equatable {
    /// Nowhere: every object is read.
    case none
    /// In the user's own folder for caches, a folder in it for each repository. It is made if need be.
    case user(folder: String)
    /// In this folder, which is for this repository alone: a pipeline keeps it and brings it back, perhaps elsewhere.
    case folder(String)
}

/// The file with what is known of one repository's objects.
///
/// It never stands in the way: what cannot be believed is not used and replaced, what cannot be written is not kept.
struct ObjectCache: Sendable {
    /// Absolute.
    let path: String
    /// What decides over the content besides the objects: rules, program and limits.
    private let subject: [UInt8]

    private static let magic = Array("migrate objects 1\n".utf8)
    private static let digestLength = 32
    private static let largest = 1 << 30
    /// Repositories that are remembered in the user's folder.
    private static let mostRepositories = 64

    /// What reading the file came to.
    enum Loaded: Sendable {
        case state(ObjectState)
        /// There is none, or one of another program or other rules.
        case nothing
        /// It is no cache, or was changed after it was written.
        case damaged
    }

    init(path: String, rules: RuleSet, largestBlob: Int) {
        self.path = path
        var hash = SHA256()
        hash.update(data: ToolIdentity.digest(rules))
        hash.update(data: Array("\(largestBlob)".utf8))
        subject = Array(hash.finalize())
    }

    func load() -> Loaded {
        let bytes: [UInt8]
        do {
            guard let read = try FileContent.read(path, limit: Self.largest) else { return .nothing }
            bytes = read
        } catch { return .damaged }
        return decode(bytes)
    }

    /// - Returns: whether it is kept.
    @discardableResult
    func store(_ state: ObjectState) -> Bool {
        guard PrivateFolder.make(folder) else { return false }
        // Into a pipe somebody would have to read first.
        if let status = FileStatus(at: path), status.kind != .file { return false }
        let bytes = encode(state)
        guard bytes.count <= Self.largest, (try? AtomicFile.write(bytes, to: path, isPrivate: true)) != nil else {
            return false
        }
        return true
    }

    private var folder: String { path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "/" }
}

// MARK: - Place

extension ObjectCache {
    static let fileName = "objects.bin"

    /// The file for a repository; nil where nothing is to be kept.
    ///
    /// - Parameter commonFolder: of the repository: linked worktrees share their objects.
    static func path(_ caching: ObjectCaching, commonFolder: String) -> String? {
        switch caching {
        case .none: nil
        case .folder(let folder): FilePaths.resolved(folder).map { $0 + "/" + fileName } ?? folder + "/" + fileName
        case .user(let folder): folder + "/" + name(of: commonFolder) + "/" + fileName
        }
    }

    /// The same for a repository that lies within another one.
    static func caching(_ caching: ObjectCaching, ofNested path: String) -> ObjectCaching {
        guard case .folder(let folder) = caching else { return caching }
        return .folder(folder + "/" + name(of: path))
    }

    /// A name for a folder that tells two of them apart.
    static func name(of path: String) -> String {
        "repository-"
            + SHA256.hash(data: Array(path.utf8)).prefix(8).map { byte in
                (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }.joined()
    }

    /// Forgets the repositories in the user's folder that were not scanned for the longest time.
    static func tidy(_ caching: ObjectCaching) {
        guard case .user(let folder) = caching else { return }
        let found = ((try? Folder.entries(at: folder)) ?? []).filter {
            $0.kind == .folder && $0.name.hasPrefix("repository-")
        }.map { folder + "/" + $0.name }
        guard found.count > mostRepositories else { return }
        let byAge = found.map { ($0, FileStatus(at: $0 + "/" + fileName)?.modified) }.sorted { left, right in
            guard let first = left.1, let second = right.1 else { return left.1 != nil }
            return first > second
        }
        for (folder, _) in byAge.dropFirst(mostRepositories) {
            for entry in (try? Folder.entries(at: folder)) ?? [] where entry.kind == .file {
                unlink(folder + "/" + entry.name)
            }
            rmdir(folder)
        }
    }
}

// MARK: - Form

extension ObjectCache {
    /// Magic, subject, state, and SHA-256 over all that.
    func encode(_ state: ObjectState) -> [UInt8] {
        var bytes = Self.magic + subject
        bytes += state.encoded()
        var hash = SHA256()
        bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
        bytes += hash.finalize()
        return bytes
    }

    func decode(_ bytes: [UInt8]) -> Loaded {
        let head = Self.magic.count + subject.count
        guard bytes.count >= head + Self.digestLength, bytes.starts(with: Self.magic) else { return .damaged }
        let body = bytes.dropLast(Self.digestLength)
        var hash = SHA256()
        body.withUnsafeBytes { hash.update(bufferPointer: $0) }
        guard hash.finalize() == Array(bytes.suffix(Self.digestLength)) else { return .damaged }
        guard bytes[Self.magic.count..<head].elementsEqual(subject) else { return .nothing }
        guard let state = try? ObjectState(decoding: body.dropFirst(head)) else { return .damaged }
        return .state(state)
    }
}
