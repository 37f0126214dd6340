// The findings of the whole repository, from the cache where nothing has changed.

import Checklist
import Detection
import Scanning
import Settings
import Steps

struct FindingsOpening {
    let place: RepositoryPlace
    /// Whether the cache is read and not written.
    let keepsNothing: Bool

    func findings() async throws -> RepositoryFindings {
        var request = ScanRequest(path: place.root, jobs: Processors.count)
        request.isWholeRepository = true
        request.cacheFolder = CacheFolder.ready()
        let compiled = try CompiledRules(cacheFolder: request.cacheFolder)
        let scanner = Scanner(compiled: compiled)
        let display = ProgressDisplay.start(scanner.progress)
        defer { display?.stop() }
        let cache = ScanCache(folder: place.root + "/" + LocalFolder.path + "/cache")
        var report: ScanReport
        if keepsNothing {
            let kept = ScanKey(of: request, rules: compiled.ruleSet).flatMap { cache.load($0) }
            if var kept {
                kept.target.path = request.path
                report = kept
            } else {
                report = try await scanner.scan(request)
            }
        } else {
            report = try await scanner.scan(request, cache: cache)
        }
        // What a team does not want reported has leaked all the same.
        let leaked = LeakedValues(report, scanner: scanner)
        report.exclude(place.settings.configuration.excludedPaths)
        return RepositoryFindings(report: report, leaked: leaked, lender: ValueLender(path: place.root))
    }
}
