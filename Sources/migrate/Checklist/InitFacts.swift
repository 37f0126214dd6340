// What `migrate init` finds out before it proposes anything.

import Delivery
import Detection
import Dotenv
import Files
import Git
import Scanning
import Settings

/// A repository without settings.
struct InitFacts {
    /// Absolute, without links, no `/` at the end.
    let root: String
    let survey: RepositorySurvey
    let scan: ScanReport
    /// From the remote, else the folder.
    let name: String

    /// - Throws: `InitRefusal`, `ScanError`, `GitError`.
    static func find() async throws -> InitFacts {
        let (root, name, survey) = try look()
        var request = ScanRequest(path: root, jobs: Processors.count)
        request.isWholeRepository = true
        request.cacheFolder = CacheFolder.ready()
        let scanner = Scanner(compiled: try CompiledRules(cacheFolder: request.cacheFolder))
        let display = ProgressDisplay.start(scanner.progress)
        defer { display?.stop() }
        return InitFacts(root: root, survey: survey, scan: try await scanner.scan(request), name: name)
    }

    private static func look() throws -> (root: String, name: String, survey: RepositorySurvey) {
        let folder = WorkingFolder.path
        do {
            let repository = try Repository(discovering: folder)
            guard let root = repository.worktree.flatMap({ FilePaths.resolved($0) }) else {
                throw InitRefusal.bare(folder)
            }
            for place in [root, ConfigurationRoot.containing(folder)]
            where FileStatus(at: place + "/" + Configuration.path) != nil {
                throw InitRefusal.exists(place + "/" + Configuration.path, isSettings: true)
            }
            let remote = repository.configuration("remote.origin.url")
            return (root, Self.name(remote: remote, root: root), try Surveyor().survey(repository, root: root))
        } catch let error as GitError {
            switch error.code {
            case .notFound: throw InitRefusal.noRepository(folder)
            case .notOwner: throw ScanError.notOwner(path: folder)
            default: throw error
            }
        }
    }

    /// The last part of a remote's address or of a folder, with the characters that a secret's name may have.
    private static func name(remote: String?, root: String) -> String {
        func last(_ text: String) -> String {
            let part = text.split { $0 == "/" || $0 == ":" || $0 == "\\" }.last.map(String.init) ?? ""
            let name = part.hasSuffix(".git") ? String(part.dropLast(4)) : part
            let plain = name.unicodeScalars.prefix(100).map { scalar -> Character in
                scalar.isASCII && (scalar.properties.isAlphabetic || "0123456789_+=.-".unicodeScalars.contains(scalar))
                    ? Character(scalar) : "-"
            }
            return String(plain).trimmingDashes()
        }
        return [remote.map(last) ?? "", last(root)].first { !$0.isEmpty } ?? "app"
    }

    /// How the dotenv files are read, by what lies beside them; nil where that is open.
    var dialect: InitialConfiguration.Choice<String>? {
        let files = scan.dotenvFiles.filter { $0.standing != .history }
        var found: Set<Dialect> = []
        for file in files {
            let folder = file.path.lastIndex(of: "/").map { root + "/" + file.path[..<$0] } ?? root
            let beside = Self.dialects(in: folder)
            found.formUnion(beside.isEmpty ? Self.dialects(in: root) : beside)
        }
        guard found.count == 1, let dialect = found.first else { return nil }
        return .init(dialect.rawValue, "what lies beside them tells")
    }

    private static func dialects(in folder: String) -> [Dialect] {
        Dialect.detected(beside: ((try? Folder.entries(at: folder)) ?? []).map(\.name))
    }
}

extension String {
    fileprivate func trimmingDashes() -> String {
        var text = self[...]
        while text.first == "-" || text.first == "." { text.removeFirst() }
        while text.last == "-" { text.removeLast() }
        return String(text)
    }
}
