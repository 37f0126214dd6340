// What a team has told the scan to leave out is told where a step says that nothing is left.

import Checklist
import Scanning
import Settings

extension Workbench {
    /// For evidence that rests on the findings; empty where nothing is excluded.
    func exclusionWarnings(_ report: ScanReport) -> [String] {
        let paths = settings.excludedPaths
        guard !paths.isEmpty else { return [] }
        return [
            "not looked at: \(PlainText.list(paths)), which `scan.exclude` in "
                + "\(Configuration.path) leaves out; \(PlainText.count(report.excludedCount, "finding")) there"
        ]
    }
}
