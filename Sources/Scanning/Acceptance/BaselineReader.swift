// Reads the reports that may be a baseline. A damaged one accepts nothing: half a baseline would be a riddle.

import Detection
import JSON
import Secrets

struct BaselineReader {
    let path: String

    /// More entries than any report that people look at.
    private static let mostEntries = 1_000_000

    // MARK: migrate

    func migrate(_ root: JSONValue) throws(BaselineError) -> KnownFindings {
        var known = KnownFindings()
        let findings = try list(root, "findings")
        for (index, finding) in findings.enumerated() {
            guard let fingerprint = finding["fingerprint"]?.string.flatMap({ Fingerprint($0) }) else {
                throw wrong("findings", index, "has no fingerprint")
            }
            known.fingerprints.insert(fingerprint.bits)
        }
        // What was accepted then is known as well: whoever scans with --no-ignore means the entries, not the baseline.
        if let accepted = root["accepted"] {
            for (index, finding) in try list(accepted, "findings").enumerated() {
                guard let fingerprint = finding["fingerprint"]?.string.flatMap({ Fingerprint($0) }) else {
                    throw wrong("accepted.findings", index, "has no fingerprint")
                }
                known.fingerprints.insert(fingerprint.bits)
            }
        }
        known.count = known.fingerprints.count
        return known
    }

    // MARK: gitleaks

    func gitleaks(_ root: JSONValue) throws(BaselineError) -> KnownFindings {
        var known = KnownFindings()
        let findings = root.elements
        guard findings.count <= Self.mostEntries else { throw tooMany(findings.count) }
        for (index, finding) in findings.enumerated() {
            guard finding.kind == .object, finding["RuleID"]?.string != nil, let file = finding["File"]?.string else {
                throw wrong("", index, "has no `RuleID` and `File`, as gitleaks writes them")
            }
            guard let line = finding["StartLine"]?.int, line >= 0 else { throw wrong("", index, "has no `StartLine`") }
            let commit = finding["Commit"]?.string ?? ""
            guard commit.isEmpty || Self.isObjectName(commit) else { throw wrong("", index, "has no sound `Commit`") }
            known.count += 1
            if let secret = finding["Secret"]?.secret(), !secret.withBytes({ Self.isRedacted($0) }) {
                secret.withBytes { value in _ = known.values.insert(known.digest.code(value)) }
            } else if line > 0 {
                let place = KnownFindings.Place(path: file, line: line)
                known.places[commit.lowercased(), default: []].insert(place)
            }
        }
        return known
    }

    /// Nothing, `REDACTED`, stars, or the first characters and dots.
    private static func isRedacted(_ value: Span<UInt8>) -> Bool {
        let word = Array("redacted".utf8)
        let isWord = value.count == word.count && value.indices.allSatisfy { value[$0] | 0x20 == word[$0] }
        let endsInDots = value.count > 3 && (1...3).allSatisfy { value[value.count - $0] == UInt8(ascii: ".") }
        return isWord || endsInDots || value.indices.allSatisfy { value[$0] == UInt8(ascii: "*") }
    }

    static func isObjectName(_ text: String) -> Bool {
        (text.utf8.count == 40 || text.utf8.count == 64)
            && text.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x61...0x66).contains($0) || (0x41...0x46).contains($0)
            }
    }

    // MARK: detect-secrets

    func detectSecrets(_ root: JSONValue) throws(BaselineError) -> KnownFindings {
        var known = KnownFindings()
        for (file, entries) in root["results"]?.members ?? [] {
            guard entries.kind == .array else {
                throw BaselineError(path: path, line: 0, reason: "`results` must hold a list for each file")
            }
            for (index, entry) in entries.elements.enumerated() {
                guard let hash = entry["hashed_secret"]?.string, hash.utf8.count == 40, Self.isObjectName(hash) else {
                    throw wrong("results", index, "of a file has no `hashed_secret`, the SHA-1 of a value")
                }
                known.hashes[Self.plain(file), default: []].insert(hash.lowercased())
                known.count += 1
                guard known.count <= Self.mostEntries else { throw tooMany(known.count) }
            }
        }
        return known
    }

    /// A path as git has it: no `./` before it, and `/` where Windows writes `\`.
    static func plain(_ path: String) -> String {
        var path = path.replacing("\\", with: "/")
        while path.hasPrefix("./") { path.removeFirst(2) }
        return path
    }

    // MARK: Parts

    private func list(_ value: JSONValue, _ name: String) throws(BaselineError) -> [JSONValue] {
        guard let list = value[name], list.kind == .array else {
            throw BaselineError(path: path, line: 0, reason: "`\(name)` must be a list")
        }
        guard list.count <= Self.mostEntries else { throw tooMany(list.count) }
        return list.elements
    }

    private func wrong(_ list: String, _ index: Int, _ what: String) -> BaselineError {
        BaselineError(
            path: path, line: 0,
            reason: "entry \(index + 1)" + (list.isEmpty ? "" : " of `\(list)`") + " \(what)")
    }

    private func tooMany(_ count: Int) -> BaselineError {
        BaselineError(
            path: path, line: 0, reason: "it has \(count) entries, and \(Self.mostEntries) are the most")
    }
}
