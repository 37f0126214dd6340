// The repository whose findings are accepted, and its file.

import Detection
import Files
import Git
import Scanning
import Settings
import World

struct IgnorePlace {
    /// Absolute, without a `/` at its end.
    let root: String
    let configuration: Configuration

    var path: String { root + "/" + Acceptances.path }

    /// As `scan` looks for it, from the working folder.
    /// - Throws: `NotAWorktree`, `ConfigurationError`.
    static func find() throws -> IgnorePlace {
        let folder = WorkingFolder.path
        if let repository = try? Repository(discovering: folder), repository.worktree == nil {
            throw NotAWorktree.bare(folder)
        }
        let found = ScanRequest(path: folder, jobs: 1).configurationRoot
        let root = FilePaths.resolved(found) ?? found
        return IgnorePlace(root: root, configuration: try Configuration.load(root: root))
    }

    /// Who answers for what is accepted here, when nobody is named: as git would sign a commit.
    /// - Throws: `NoIdentity`.
    func identity(_ world: World) throws -> String {
        guard let repository = try? Repository(discovering: root),
            let (name, email) = repository.identity(environment: world.environment)
        else { throw NoIdentity() }
        return "\(name) <\(email)>"
    }

    func acceptances() throws -> Acceptances { try Acceptances.load(root: root) }

    /// Changes the file as a whole, under a lock; where the change leaves all as it is, nothing is written.
    /// - Returns: whether it was written.
    /// - Throws: `IgnoreRefusal`, `FileError`, `ConfigurationError`, and what `change` throws.
    @discardableResult
    func update(_ change: ([UInt8]?) throws -> [UInt8]?) throws -> Bool {
        let folder = root + "/.migrate"
        try refuseLinks(out: folder)
        try Folder.make(at: folder)
        try refuseLinks(out: path)
        do {
            return try LockedFile.update(path, limit: Acceptances.largest) { bytes in
                let changed = try change(bytes)
                return changed == bytes ? nil : changed
            }
        } catch let held as LockedFile.Held {
            throw IgnoreRefusal.locked(held.lock)
        }
    }

    /// A repository that somebody has just cloned must not have us write elsewhere.
    private func refuseLinks(out path: String) throws {
        guard let status = FileStatus(at: path), status.kind == .symbolicLink else { return }
        guard let target = FilePaths.resolved(path), target.hasPrefix(root + "/") else {
            throw IgnoreRefusal.elsewhere(path)
        }
    }
}

/// Scans for `migrate ignore`.
struct IgnoreScan {
    let place: IgnorePlace
    private let scanner: Scanner

    init(_ place: IgnorePlace) throws {
        self.place = place
        scanner = Scanner(compiled: try CompiledRules(cacheFolder: CacheFolder.ready()))
    }

    /// - Parameter scope: `.index` costs next to nothing.
    func report(_ scope: ScanRequest.Scope = .all) async throws -> ScanReport {
        var request = ScanRequest(path: place.root, jobs: Processors.count)
        request.isWholeRepository = true
        request.scope = scope
        request.cacheFolder = CacheFolder.ready()
        let display = scope == .all ? ProgressDisplay.start(scanner.progress) : nil
        defer { display?.stop() }
        var report = try await scanner.scan(request)
        report.exclude(place.configuration.excludedPaths)
        return report
    }

    /// The file is committed: a credential in a reason would be the next leak.
    /// - Throws: `AnswerRefusal`.
    func refuseCredential(in text: String, of option: String) throws {
        let report = try scanner.scan(bytes: Array(text.utf8), request: ScanRequest(path: "-", jobs: 1))
        if !report.findings.isEmpty { throw AnswerRefusal.credential(question: option) }
    }
}

/// Fingerprints on the command line.
enum FingerprintArgument {
    /// Fewer digits than this are too easily those of another finding.
    static let fewest = 8

    /// - Throws: `IgnoreRefusal`.
    static func check(_ text: String) throws {
        guard (fewest...16).contains(text.utf8.count),
            text.utf8.allSatisfy({
                (0x30...0x39).contains($0) || (0x61...0x66).contains($0) || (0x41...0x46).contains($0)
            })
        else { throw IgnoreRefusal.noFingerprint }
    }

    /// The one of the known fingerprints that begins like that; nil for none.
    /// - Throws: `IgnoreRefusal` for several.
    static func only(_ text: String, among known: some Sequence<String>) throws -> String? {
        let beginning = text.lowercased()
        let found = Set(known.filter { $0.hasPrefix(beginning) }).sorted()
        guard found.count < 2 else { throw IgnoreRefusal.ambiguous(text, found) }
        return found.first
    }
}
