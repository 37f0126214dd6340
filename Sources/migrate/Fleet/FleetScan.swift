// A scan of many repositories, one after the other.

import Detection
import Files
import Git
import Reporting
import Scanning
import Settings
import World

/// Why a path of the list is not scanned.
struct NoRepository: Error {
    /// Whether it lies in a repository, which then would be scanned instead; nil when there is nothing at all.
    var isInside: Bool?
}

/// The list that cannot be used.
struct UnusableList: Error {
    var path: String
    var cause: RepositoryList.Unusable
}

struct FleetScan {
    let list: RepositoryList
    /// What the paths are relative to, with a final `/`; "" for the current folder.
    let folder: String
    let shard: Shard
    /// What each repository is asked for, the path aside.
    let request: ScanRequest
    /// Accepts nothing at all, whatever the repositories say.
    let ignoresNothing: Bool
    let severity: Severity?

    /// Reads the list.
    static func list(_ path: String) throws -> (list: RepositoryList, folder: String) {
        let bytes: [UInt8]
        if path == "-" {
            bytes = try StandardInput.readAll()
        } else {
            guard let content = try FileContent.read(path, limit: RepositoryList.largest) else {
                throw NoSuchFile(path: path)
            }
            bytes = content
        }
        let list: RepositoryList
        do { list = try RepositoryList(parsing: bytes) } catch { throw UnusableList(path: path, cause: error) }
        let folder = path == "-" ? "" : path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
        return (list, folder)
    }

    /// Scans them. Each is let go before the next begins.
    ///
    /// - Parameter kept: paths that an earlier run has done.
    func run(
        _ scanner: Scanner, into outputs: inout FleetOutputs, besides kept: Set<String>, _ tell: (String) -> Void
    ) async throws {
        let own = list.entries.filter { shard.holds($0.path) }
        for (number, entry) in own.enumerated() where !kept.contains(entry.path) {
            tell("\(number + 1) of \(own.count): \(entry.path)")
            try outputs.add(try await self.entry(entry, scanner))
        }
    }

    private func entry(_ entry: RepositoryList.Entry, _ scanner: Scanner) async throws -> FleetEntry {
        let path = entry.path.hasPrefix("/") ? entry.path : folder + entry.path
        do {
            return try FleetEntry(entry, try await report(path, scanner), version: Version.current)
        } catch let error as CancellationError {
            throw error
        } catch {
            // One that cannot be scanned stops no other. Where it lies on this machine is not part of the report.
            return try FleetEntry(
                entry,
                failure: Sanitizer().clean(Failure.line(for: error)).replacing(path, with: entry.path))
        }
    }

    private func report(_ path: String, _ scanner: Scanner) async throws -> ScanReport {
        if FileStatus(at: path) == nil { throw NoRepository(isInside: nil) }
        try PathCheck.requireReadable([path])
        try Self.requireRepository(path)
        var request = self.request
        request.path = path
        request.isWholeRepository = true
        let root = request.configurationRoot
        let settings = try Configuration.load(root: root)
        let grounds = ignoresNothing ? AcceptanceGrounds() : try AcceptanceGrounds.load(root: root)
        var report = try await scanner.scan(request)
        report.exclude(settings.excludedPaths)
        grounds.apply(to: &report, lender: ValueLender(path: path), now: .systemNow())
        // Whoever scans a fleet decides what is reported: a repository's own `severity` and `fail-on` do not count.
        report.keep(severity)
        return report
    }

    /// A folder that is no repository would lead to the one around it, or be read as plain files.
    private static func requireRepository(_ path: String) throws {
        let repository: Repository
        do { repository = try Repository(discovering: path) } catch {
            // What cannot be opened is for the scan to tell.
            if error.code == .notFound { throw NoRepository(isInside: false) }
            return
        }
        let full = FilePaths.resolved(path)
        let own = [repository.worktree, repository.gitFolder].compactMap { $0 }
        guard own.contains(where: { FilePaths.resolved($0) == full }) else { throw NoRepository(isInside: true) }
    }
}
