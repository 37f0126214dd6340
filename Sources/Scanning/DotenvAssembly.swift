// The versions of each dotenv file, joined into one report a path.

import Detection
import Dotenv
import Git

/// Gathers the versions of dotenv files by path.
struct DotenvAssembly {
    struct File {
        var isTemplate: Bool
        var standing: DotenvFileReport.Standing?
        /// Blobs in git; a file that was never added has none.
        var versions: Set<Int> = []
        var occurrences: [Occurrence] = []
        var history = History()
        var keys: [String] = []
        var entries: [String: DotenvEntryReport] = [:]
        var secretCount = 0
    }

    private(set) var files: [String: File] = [:]

    /// Notes one version of the file at `path`. Versions that are noted earlier decide the order of keys.
    mutating func add(
        _ sighting: DotenvSighting, path: String, kind: DotenvFileKind, blob: Int?, occurrence: Occurrence,
        standing: DotenvFileReport.Standing
    ) {
        var file = files[path] ?? File(isTemplate: kind == .template)
        if let blob, !file.versions.insert(blob).inserted {
            // The same content once more: the index has what HEAD has.
            if let place = file.occurrences.firstIndex(where: { $0.source == occurrence.source }) {
                file.occurrences[place].reach.formUnion(occurrence.reach)
            }
            file.standing = Self.stronger(file.standing, standing)
            files[path] = file
            return
        }
        file.occurrences.append(occurrence)
        file.standing = Self.stronger(file.standing, standing)
        for entry in sighting.entries {
            var report =
                file.entries[entry.key]
                ?? DotenvEntryReport(
                    key: entry.key, valueClass: entry.valueClass, reason: entry.reason, isAmbiguous: false, findings: []
                )
            if file.entries[entry.key] == nil { file.keys.append(entry.key) }
            if Self.weight(entry.valueClass) > Self.weight(report.valueClass) {
                report.valueClass = entry.valueClass
                report.reason = entry.reason
            }
            report.isAmbiguous = report.isAmbiguous || entry.isAmbiguous
            if let secret = entry.secret, !report.findings.contains(secret.fingerprint) {
                report.findings.append(secret.fingerprint)
            }
            file.entries[entry.key] = report
        }
        files[path] = file
    }

    mutating func set(_ history: History, for path: String) { files[path]?.history = history }

    /// The reports, by path.
    func reports() -> [DotenvFileReport] {
        files.map { path, file in
            DotenvFileReport(
                path: path, isTemplate: file.isTemplate, standing: file.standing ?? .history,
                versionCount: file.versions.count, history: file.history,
                entries: file.keys.compactMap { file.entries[$0] })
        }.sorted { $0.path < $1.path }
    }

    /// One finding for each dotenv file that git has or is about to get. Templates and ignored files are as they should be.
    func findings() -> [Finding] {
        files.compactMap { path, file in
            guard !file.isTemplate, let standing = file.standing, standing != .ignored else { return nil }
            let secrets = file.entries.values.filter { $0.valueClass == .secret || $0.valueClass == .connectionString }
                .count
            let rule = Rule.dotenvFile
            let bytes = Array(path.utf8)
            let reason =
                switch secrets {
                case 0: "its values are settings, but the next one may not be"
                case 1: "one of its keys holds a secret"
                default: "\(secrets) of its keys hold secrets"
                }
            return Finding(
                fingerprint: Fingerprint(rule: rule.id, value: bytes.span), ruleID: rule.id, title: rule.title,
                provider: rule.provider, severity: secrets == 0 ? .low : rule.severity, verdict: .checked, mask: "",
                name: nil, reason: reason, revocation: rule.revocation,
                occurrences: file.occurrences.sorted(by: FindingAssembly.isMorePresent), history: file.history)
        }
    }

    private static func stronger(
        _ left: DotenvFileReport.Standing?, _ right: DotenvFileReport.Standing
    ) -> DotenvFileReport.Standing {
        let order: [DotenvFileReport.Standing] = [.tracked, .history, .untracked, .ignored]
        guard let left, let first = order.firstIndex(of: left), let second = order.firstIndex(of: right) else {
            return right
        }
        // In history and now ignored in the worktree: the leak is what matters.
        return order[min(first, second)]
    }

    /// Of the classes that versions of a key have, the one to tell.
    private static func weight(_ valueClass: ValueClass) -> Int {
        switch valueClass {
        case .secret: 6
        case .connectionString: 5
        case .publicByDesign: 4
        case .configuration: 3
        case .reference: 2
        case .placeholder: 1
        case .empty: 0
        }
    }
}
