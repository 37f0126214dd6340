// What there is to store: every key that a dotenv file, the code or the secret itself has, with its sources.

import Checklist
import Delivery
import Detection
import Dotenv
import Scanning
import Secrets
import Settings
import Stores

/// The keys and where their values come from. Nothing is decided yet.
struct ValueSurvey: Sendable {
    /// A key, and all that is known of it.
    struct Key: Sendable {
        var name: String
        /// Most trusted first; those that hold a value come before empty ones.
        var candidates: [ValueCandidate] = []
        /// A value that stood under this name in git, and does not stand in any current file.
        var past: Finding?

        var best: ValueCandidate? { candidates.first }

        /// Other values that count as much as the best: which one is meant only a person knows.
        var rivals: [ValueCandidate] {
            guard let best, let value = best.value, best.isWorthStoring else { return [] }
            return candidates.dropFirst().filter { other in
                guard other.source.origin == best.source.origin, other.source.rank == best.source.rank,
                    other.isWorthStoring, let theirs = other.value
                else { return false }
                return !theirs.isSame(as: value)
            }
        }
    }

    /// In the order in which they come up.
    var keys: [Key] = []
    /// What a person should know of the sources, a line each.
    var notes: [String] = []
    /// Changes when a source does. Derived from no secret.
    var stamp: String = ""

    /// The name of the secret tells where the values are, and is none of them.
    static let nameKey = "AWS_SECRET_NAME"

    /// - Parameter named: the dotenv files that the checklist names; nil for those that a scan finds.
    /// - Throws: `StepFailure`, `GitError`.
    init(_ workbench: Workbench, _ findings: RepositoryFindings, named: [String]?) throws {
        let report = findings.report
        let selection = try DotenvSelection(named: named, report)
        let reader = try DotenvSourceReader(root: workbench.root, report)
        var places: [String: Int] = [:]
        for (path, rank) in selection.paths {
            guard let source = try reader.source(path, rank: rank) else {
                guard named == nil else {
                    throw StepFailure(
                        "there is no \(PlainText.line(path)), neither on disk nor in git",
                        remedy: "correct `files` of this step in .migrate/config.yml")
                }
                continue
            }
            stamp += "\(path)=\(source.stamp)\n"
            let known = report.dotenvFiles.first { $0.path == path }.map { Set($0.entries.map(\.key)) }
            let found = DotenvCandidates(
                source, root: workbench.root, dialect: workbench.settings.store.dialect, known: known)
            for candidate in found.items where candidate.key != Self.nameKey {
                if places[candidate.key] == nil {
                    places[candidate.key] = keys.count
                    keys.append(Key(name: candidate.key))
                }
                keys[places[candidate.key] ?? 0].candidates.append(candidate)
            }
            if !found.oddLines.isEmpty {
                notes.append(
                    "\(PlainText.line(path)): left out, as it is no name of a variable: line "
                        + PlainText.list(found.oddLines.map(String.init)))
            }
        }
        if !selection.leftOut.isEmpty {
            notes.append(
                "left out, as they are files of development and tests: \(PlainText.list(selection.leftOut))"
                    + " (`files` of this step takes them)")
        }
        for place in keys.indices {
            // `sort` is not stable: the place in the list decides where nothing else does.
            keys[place].candidates = keys[place].candidates.enumerated().sorted { left, right in
                func weight(_ item: (offset: Int, element: ValueCandidate)) -> (Int, Int, Int, Int) {
                    let hasValue = ![.empty, .placeholder].contains(item.element.valueClass)
                    return (
                        hasValue ? 0 : 1, item.element.source.origin.rawValue, item.element.source.rank, item.offset
                    )
                }
                return weight(left) < weight(right)
            }.map(\.element)
        }
        addPast(report, selection, &places)
    }

    /// Keys whose values git has, though no current file does.
    private mutating func addPast(_ report: ScanReport, _ selection: DotenvSelection, _ places: inout [String: Int]) {
        let byFingerprint = Dictionary(report.findings.map { ($0.fingerprint, $0) }) { first, _ in first }
        let paths = Set(selection.paths.map(\.path))
        for file in report.dotenvFiles where paths.contains(file.path) {
            for entry in file.entries where entry.valueClass == .secret || entry.valueClass == .connectionString {
                note(entry.findings.lazy.compactMap { byFingerprint[$0] }.last, under: entry.key, &places)
            }
        }
        for finding in report.findings where finding.ruleID != Rule.dotenvFile.id {
            guard let name = finding.name, Self.isVariable(name) else { continue }
            // What stands in files of development alone is no value of production.
            let isElsewhere = finding.occurrences.contains { occurrence in
                guard let path = occurrence.path else { return false }
                return DotenvFileKind(path: path) == nil
            }
            if isElsewhere { note(finding, under: name, &places) }
        }
    }

    private mutating func note(_ finding: Finding?, under name: String, _ places: inout [String: Int]) {
        guard let finding, finding.isInGit, name != Self.nameKey, EnvironmentName.isValid(name) else { return }
        guard let place = places[name] else {
            places[name] = keys.count
            keys.append(Key(name: name, past: finding))
            return
        }
        let hasValue = keys[place].candidates.contains { ![.empty, .placeholder].contains($0.valueClass) }
        if !hasValue, keys[place].past == nil { keys[place].past = finding }
    }

    /// `STRIPE_KEY`, and not `stripeKey`: names of variables in code are no names of settings.
    private static func isVariable(_ name: String) -> Bool {
        EnvironmentName.isValid(name)
            && name.utf8.allSatisfy { !(0x61...0x7A).contains($0) } && name.utf8.contains { (0x41...0x5A).contains($0) }
    }
}
