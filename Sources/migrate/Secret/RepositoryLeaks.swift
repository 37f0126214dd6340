// What the repository around us is known to have leaked.

import Detection
import Files
import Git
import Scanning
import Secrets

enum RepositoryLeaks {
    /// Nil outside of a repository.
    static func leakedValues() async throws -> LeakedValues? {
        guard let (report, scanner) = try await scan() else { return nil }
        return LeakedValues(report, scanner: scanner)
    }

    /// The value of one finding, lent by the repository.
    /// - Throws: `NoSuchFinding`.
    static func value(of text: String) async throws -> SharedSecret {
        guard let fingerprint = Fingerprint(text) else { throw NoSuchFinding(fingerprint: nil) }
        guard let (report, _) = try await scan() else { throw NoSuchFinding(fingerprint: text) }
        let lender = ValueLender(path: ".")
        for finding in report.findings where finding.fingerprint == fingerprint {
            for occurrence in finding.occurrences {
                if let value = lender.value(at: occurrence) { return SharedSecret(value) }
            }
        }
        throw NoSuchFinding(fingerprint: text)
    }

    private static func scan() async throws -> (ScanReport, Scanner)? {
        guard (try? Repository(discovering: ".")) != nil else { return nil }
        var request = ScanRequest(path: ".", jobs: Processors.count)
        request.isWholeRepository = true
        request.cacheFolder = CacheFolder.ready()
        let scanner = Scanner(compiled: try CompiledRules(cacheFolder: request.cacheFolder))
        let display = ProgressDisplay.start(scanner.progress)
        defer { display?.stop() }
        return (try await scanner.scan(request), scanner)
    }
}

/// No finding of the repository has that fingerprint.
struct NoSuchFinding: Error {
    /// Nil when it is none at all: what was typed may be a value.
    let fingerprint: String?
}
