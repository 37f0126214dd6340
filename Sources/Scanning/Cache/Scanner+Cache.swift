// A scan that is left out where nothing has changed since the last one.

import Detection

extension Scanner {
    /// The kept report of the repository as it is now; without one, scans and keeps the report.
    ///
    /// - Parameter cache: nil to scan in any case.
    /// - Throws: `ScanError`, as `scan` does.
    package func scan(_ request: ScanRequest, cache: ScanCache?) async throws -> ScanReport {
        let clock = ContinuousClock.now
        guard let cache else { return try await scan(request) }
        let start = cache.time()
        guard let key = ScanKey(of: request, rules: compiled.ruleSet) else { return try await scan(request) }
        if var report = cache.load(key) {
            // One and the same repository has many names.
            report.target.path = request.path
            report.statistics.seconds = (ContinuousClock.now - clock).seconds
            progress.enter(.done)
            return report
        }
        let report = try await scan(request)
        // What changed while the scan ran may have been read before or after.
        if report.isComplete, ScanKey(of: request, rules: compiled.ruleSet) == key {
            cache.store(report, key, start: start)
        }
        return report
    }
}
