// A scan that is left out where nothing has changed since the last one.

import Detection

extension Scanner {
    /// The kept report of the repository as it is now; without one, scans and keeps the report.
    ///
    /// - Parameters:
    ///   - cache: nil to scan in any case.
    ///   - leastObjects: below this many objects a report is not kept.
    /// - Throws: `ScanError`, as `scan` does.
    package func scan(
        _ request: ScanRequest, cache: ScanCache?, leastObjects: Int = 0
    ) async throws -> ScanReport {
        let clock = ContinuousClock.now
        guard let cache else { return try await scan(request) }
        let start = cache.time()
        guard let key = ScanKey(of: request, rules: compiled.ruleSet) else { return try await scan(request) }
        if var report = cache.load(key) {
            // One and the same repository has many names.
            report.target.path = request.path
            report.statistics.knownObjectCount = report.statistics.objectCount
            report.statistics.seconds = (ContinuousClock.now - clock).seconds
            progress.enter(.done)
            return report
        }
        let report = try await scan(request)
        // What changed while the scan ran may have been read before or after.
        if report.isComplete, report.statistics.objectCount >= leastObjects,
            ScanKey(of: request, rules: compiled.ruleSet) == key
        {
            cache.store(report, key, start: start)
        }
        return report
    }

    /// The same, with reports kept where the request has what is known of objects, if that is the user's own folder.
    /// Reports of small repositories are not kept.
    package func scanKeepingReports(_ request: ScanRequest) async throws -> ScanReport {
        guard case .user(let folder) = request.objectCaching, let opened = (try? OpenedRepository(request)) ?? nil
        else {
            return try await scan(request)
        }
        return try await scan(
            request, cache: ScanCache(folder: folder + "/" + ObjectCache.name(of: opened.commonFolder)),
            leastObjects: PreparedObjects.fewObjects)
    }
}
