// Seconds since 1970 as dates and ages.

import World

/// A point in time, in seconds since 1970, UTC.
package struct Timestamp: Sendable {
    /// Within the years 0000 to 9999, which is all that ISO 8601 writes without agreement;
    /// a commit may claim any time, and is taken to the nearest.
    private let seconds: Int64

    package init(_ seconds: Int64) {
        self.seconds = min(max(seconds, -62_167_219_200), 253_402_300_799)
    }

    /// `2025-11-24T08:59:03Z`
    package var iso8601: String { instant.iso8601 }

    /// `2025-11-24`
    package var day: String { instant.day }

    /// `3 months ago`; nil when it lies after `now`.
    package func age(at now: Timestamp) -> String? {
        let elapsed = now.seconds - seconds
        guard elapsed >= 0 else { return nil }
        let steps: [(limit: Int64, unit: Int64, name: String)] = [
            (3_600, 60, "minute"), (86_400, 3_600, "hour"), (14 * 86_400, 86_400, "day"),
            (60 * 86_400, 7 * 86_400, "week"), (730 * 86_400, 2_629_746, "month"),
        ]
        guard elapsed >= 60 else { return "just now" }
        let step = steps.first { elapsed < $0.limit } ?? (.max, 31_556_952, "year")
        return Wording.count(Int(elapsed / step.unit), step.name) + " ago"
    }

    private var instant: Instant { Instant(seconds: Double(seconds)) }
}
