// Seconds since 1970 as dates and ages, without Foundation's calendars (which bring in ICU).

/// A point in time, in seconds since 1970, UTC.
package struct Timestamp: Sendable {
    /// Within the years 0000 to 9999, which is all that ISO 8601 writes without agreement;
    /// a commit may claim any time, and is taken to the nearest.
    private let seconds: Int64

    package init(_ seconds: Int64) {
        self.seconds = min(max(seconds, -62_167_219_200), 253_402_300_799)
    }

    /// `2025-11-24T08:59:03Z`
    package var iso8601: String {
        let time = seconds - days * 86_400
        return day + "T" + Self.digits(time / 3_600, 2) + ":" + Self.digits(time / 60 % 60, 2) + ":"
            + Self.digits(time % 60, 2) + "Z"
    }

    /// `2025-11-24`
    package var day: String {
        // Days to civil date in the proleptic Gregorian calendar, by eras of 400 years that begin in March.
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return Self.digits(year, 4) + "-" + Self.digits(month, 2) + "-" + Self.digits(day, 2)
    }

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

    private var days: Int64 { seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400 }

    private static func digits(_ number: Int64, _ width: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
    }
}
