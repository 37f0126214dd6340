// What the tests of scans share: fake values, the scan itself, and questions to a report.

import Git
import TestRepositories
import Testing

@testable import Detection
@testable import Scanning

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Values that no provider ever issued, made at run time.
enum Value {
    static func sendGrid(_ seed: UInt64 = 1) -> String { Fake.sendGrid(seed: seed) }
    /// A line that assigns it, in a file of settings or code.
    static func line(_ seed: UInt64 = 1) -> String { "key = \"\(sendGrid(seed))\"\n" }
    /// A value of no known format.
    static func password(_ seed: UInt64 = 1) -> String { Fake.alphanumeric(24, seed: seed) }
}

enum Rules {
    /// Compiled once for all tests: compiling takes longer than most scans.
    static let compiled = Result { try CompiledRules() }
}

extension TemporaryRepository {
    func scan(
        _ below: String = "", jobs: Int = 2, _ change: (inout ScanRequest) -> Void = { _ in }
    ) async throws -> ScanReport {
        var request = ScanRequest(path: below.isEmpty ? path : path + "/" + below, jobs: jobs)
        change(&request)
        return try await Scanner(compiled: Rules.compiled.get()).scan(request)
    }

    /// The scan of the commits that `to` has and `from` lacks.
    func scan(from: String?, to: String, symmetric: Bool = false) async throws -> ScanReport {
        try await scan { $0.selection = .range(from: from, to: to, symmetric: symmetric) }
    }
}

extension ScanReport {
    /// The one finding of the SendGrid rule; a failure when there is another number of them.
    func key(_ location: SourceLocation = #_sourceLocation) throws -> Finding {
        let keys = findings.filter { $0.ruleID == "sendgrid-api-key" }
        try #require(keys.count == 1, "findings: \(findings.map(\.ruleID)), gaps: \(gaps)", sourceLocation: location)
        return keys[0]
    }

    var keys: [Finding] { findings.filter { $0.ruleID == "sendgrid-api-key" } }

    /// The finding of this very value.
    func finding(_ value: String, _ rule: String = "sendgrid-api-key") -> Finding? {
        let name = Fingerprint(rule: rule, value: Array(value.utf8).span)
        return findings.first { $0.fingerprint == name }
    }

    func dotenvFile(_ path: String) -> DotenvFileReport? { dotenvFiles.first { $0.path == path } }

    func gaps(_ kind: Gap.Kind) -> [Gap] { gaps.filter { $0.kind == kind } }
}

extension Finding {
    /// All places, as `path` with reach.
    var reaches: [String: Set<Reach>] {
        occurrences.reduce(into: [:]) { $0[$1.path ?? "", default: []].formUnion($1.reach) }
    }

    /// Reach over all occurrences.
    var reach: Set<Reach> { occurrences.reduce(into: []) { $0.formUnion($1.reach) } }

    var paths: [String] { Set(occurrences.compactMap(\.path)).sorted() }
}

/// Who runs the tests.
enum User {
    static let isRoot = geteuid() == 0
}

/// Git LFS.
enum LFS {
    static let digest = Fake.hex(64, seed: 1)

    /// What git holds in the place of a file that Git LFS keeps.
    static func pointer(_ digest: String, size: Int = 76) -> String {
        "version https://git-lfs.github.com/spec/v1\noid sha256:\(digest)\nsize \(size)\n"
    }

    /// The pointer to `content`.
    static func pointer(to content: String) -> String {
        pointer(LFSPointer.digest(of: Array(content.utf8)), size: content.utf8.count)
    }

    /// Where the content of a pointer is kept, below the worktree.
    static func file(_ digest: String) -> String {
        ".git/lfs/objects/\(digest.prefix(2))/\(digest.dropFirst(2).prefix(2))/\(digest)"
    }

    /// The same by the content that belongs there.
    static func file(of content: String) -> String { file(LFSPointer.digest(of: Array(content.utf8))) }
}
