// Dates and ages on the command line, in seconds since 1970.

import World

enum PointInTime {
    static func now() -> Int64 { Instant.systemNow().wholeSeconds }

    /// `2025-01-31`, `2025-01-31T12:00:00Z` (UTC both), or an age: `90d`, `12w`, `6m`, `1y`.
    static func parse(_ text: String, now: Int64) -> Int64? {
        if let unit = text.last, let count = Int64(text.dropLast()), count >= 0, count < 100_000 {
            let days: Int64? =
                switch unit {
                case "d": 1
                case "w": 7
                case "m": 30
                case "y": 365
                default: nil
                }
            return days.map { now - count * $0 * 86_400 }
        }
        let parts = text.split(whereSeparator: { "T ".contains($0) })
        guard parts.count == 1 || parts.count == 2 else { return nil }
        let date = parts[0].split(separator: "-", omittingEmptySubsequences: false).map { Int64($0) }
        guard date.count == 3, let year = date[0], let month = date[1], let day = date[2], year >= 1970 else {
            return nil
        }
        var clock: [Int64?] = [0, 0]
        if parts.count == 2 {
            let text = parts[1].hasSuffix("Z") ? parts[1].dropLast() : parts[1]
            clock = text.split(separator: ":", omittingEmptySubsequences: false).map { Int64($0) }
        }
        guard (2...3).contains(clock.count), let hour = clock[0], let minute = clock[1],
            let second = clock.count == 3 ? clock[2] : 0
        else { return nil }
        return Instant(year: year, month: month, day: day, hour: hour, minute: minute, second: second)?.wholeSeconds
    }
}
