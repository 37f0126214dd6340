// One content at a time, for whoever decides about what is not in the history yet.

package import Detection
package import Dotenv
import Git

/// What one content holds.
package struct ContentReport: Sendable {
    /// Each value once, with its places in the content.
    package var findings: [Finding] = []
    /// Of a dotenv file: its keys whose values are secrets, in order, with their lines.
    package var secretKeys: [(key: String, line: Int)] = []
    /// Of a dotenv file: how many keys it has.
    package var keyCount = 0

    package init() {}
}

/// Searches contents as a scan would. It belongs to one thread.
package final class ContentReader {
    private let reader: ValueReader
    private let rules: [Rule]
    private var request = ScanRequest(path: ".", jobs: 1)

    package init(_ compiled: CompiledRules) throws {
        reader = try ValueReader(compiled)
        rules = compiled.ruleSet.rules
    }

    /// Bytes seen so far.
    package var byteCount: Int { reader.byteCount }

    /// What a scan would report of these bytes at `path`, which says how they are read.
    ///
    /// - Parameter isDotenvRead: whether a file that is called like a dotenv file is parsed as one.
    package func read(_ bytes: UnsafeRawBufferPointer, path: String, isDotenvRead: Bool = true) throws -> ContentReport
    {
        var report = ContentReport()
        var hits: [Hit]
        if isDotenvRead, bytes.count <= FileScan.largestDotenv, DotenvFileKind(path: path) != nil {
            let sighting = try reader.readDotenv(bytes)
            hits = sighting.hits
            report.keyCount = sighting.entries.count
            for entry in sighting.entries {
                guard let secret = entry.secret, entry.valueClass == .secret || entry.valueClass == .connectionString
                else { continue }
                let line = hits.first { $0.secret == secret && reader.secrets[secret] != nil }?.line ?? 1
                report.secretKeys.append((entry.key, line))
            }
        } else {
            hits = try reader.hits(in: bytes)
        }
        guard !hits.isEmpty else { return report }
        var assembly = FindingAssembly(rules: rules, request: request)
        var known: [SecretKey: SecretSummary] = [:]
        for hit in hits where known[hit.secret] == nil { known[hit.secret] = reader.secrets[hit.secret] }
        assembly.absorb(known)
        assembly.add(hits, in: .file(path: path), reach: [.index])
        report.findings = assembly.findings().findings
        return report
    }
}
