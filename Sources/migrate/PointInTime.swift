// Dates and ages on the command line, in seconds since 1970.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

enum PointInTime {
    static func now() -> Int64 { Int64(time(nil)) }

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
        guard date.count == 3, let year = date[0], let month = date[1], let day = date[2], (1970...9999).contains(year),
            (1...12).contains(month), (1...length(ofMonth: month, year)).contains(day)
        else { return nil }
        var seconds = daysSince1970(year, month, day) * 86_400
        if parts.count == 2 {
            let clock = parts[1].hasSuffix("Z") ? parts[1].dropLast() : parts[1]
            let numbers = clock.split(separator: ":", omittingEmptySubsequences: false).map { Int64($0) }
            guard (2...3).contains(numbers.count), let hours = numbers[0], let minutes = numbers[1],
                let rest = numbers.count == 3 ? numbers[2] : 0, (0..<24).contains(hours), (0..<60).contains(minutes),
                (0..<60).contains(rest)
            else { return nil }
            seconds += hours * 3_600 + minutes * 60 + rest
        }
        return seconds
    }

    private static func length(ofMonth month: Int64, _ year: Int64) -> Int64 {
        daysSince1970(month == 12 ? year + 1 : year, month % 12 + 1, 1) - daysSince1970(year, month, 1)
    }

    /// Days of the Gregorian calendar, counted in eras of 400 years that begin on 1 March.
    private static func daysSince1970(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month > 2 ? year : year - 1
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}
