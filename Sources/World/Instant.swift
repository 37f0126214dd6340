// Points in time, in the two spellings that AWS uses, without Foundation's calendars (which bring in ICU).

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A point in time, UTC.
package struct Instant: Sendable, Hashable, Comparable {
    /// Since 1970-01-01T00:00:00Z, leap seconds not counted.
    package var seconds: Double

    package init(seconds: Double) { self.seconds = seconds }

    package static func systemNow() -> Instant {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(seconds: Double(time.tv_sec) + Double(time.tv_nsec) / 1e9)
    }

    package static func < (left: Instant, right: Instant) -> Bool { left.seconds < right.seconds }
    package static func + (instant: Instant, seconds: Double) -> Instant { Instant(seconds: instant.seconds + seconds) }
    package static func - (later: Instant, earlier: Instant) -> Double { later.seconds - earlier.seconds }

    /// Whole seconds, rounded down, held within the years 0 to 9999, which is all that the spellings have room for.
    package var wholeSeconds: Int64 {
        // Times come from outside as numbers of any size, and `Int64` stops the program at what it cannot hold.
        guard !seconds.isNaN else { return 0 }
        return Int64(min(max(seconds.rounded(.down), -62_167_219_200), 253_402_300_799))
    }

    /// `2025-11-24T08:59:03Z`
    package var iso8601: String {
        let (date, time) = parts
        return Self.pad(date.year, 4) + "-" + Self.pad(date.month, 2) + "-" + Self.pad(date.day, 2) + "T"
            + Self.pad(time / 3_600, 2) + ":" + Self.pad(time / 60 % 60, 2) + ":" + Self.pad(time % 60, 2) + "Z"
    }

    /// `2025-11-24`
    package var day: String { String(iso8601.prefix(10)) }

    /// `20251124T085903Z`, as SigV4 has it.
    package var basicISO8601: String { String(iso8601.filter { $0 != "-" && $0 != ":" }) }

    /// Reads `2025-11-24T08:59:03Z`, with a fraction or an offset (`+01:00`) or without; `UTC` for `Z` as SSO caches
    /// write it. Nil for anything else.
    package init?(iso8601 text: String) {
        let bytes = Array(text.utf8)
        func number(_ start: Int, _ count: Int) -> Int64? {
            guard start + count <= bytes.count else { return nil }
            var value: Int64 = 0
            for byte in bytes[start..<start + count] {
                guard (0x30...0x39).contains(byte) else { return nil }
                value = value * 10 + Int64(byte - 0x30)
            }
            return value
        }
        guard bytes.count >= 20, bytes[4] == 0x2D, bytes[7] == 0x2D, bytes[10] == 0x54 || bytes[10] == 0x20,
            bytes[13] == 0x3A, bytes[16] == 0x3A, let year = number(0, 4), let month = number(5, 2),
            let day = number(8, 2), let hour = number(11, 2), let minute = number(14, 2), let second = number(17, 2),
            let time = Instant(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
        else { return nil }
        var rest = bytes[19...]
        var fraction = 0.0
        if rest.first == 0x2E {
            let digits = rest.dropFirst().prefix { (0x30...0x39).contains($0) }
            guard !digits.isEmpty, digits.count <= 9 else { return nil }
            let (whole, unit) = digits.reduce((0.0, 1.0)) { ($0.0 * 10 + Double($1 - 0x30), $0.1 * 10) }
            fraction = whole / unit
            rest = rest[digits.endIndex...]
        }
        var offset: Int64 = 0
        switch String(decoding: rest, as: UTF8.self) {
        case "Z", "z", "UTC": break
        default:
            guard rest.count == 6, let sign = rest.first, sign == 0x2B || sign == 0x2D,
                rest[rest.startIndex + 3] == 0x3A, let hours = number(rest.startIndex + 1, 2),
                let minutes = number(rest.startIndex + 4, 2), hours < 24, minutes < 60
            else { return nil }
            offset = (hours * 3_600 + minutes * 60) * (sign == 0x2B ? 1 : -1)
        }
        seconds = time.seconds - Double(offset) + fraction
    }

    /// Reads the form of HTTP's Date header: `Mon, 24 Nov 2025 08:59:03 GMT`.
    package init?(httpDate text: String) {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        func number(_ text: Substring) -> Int64? {
            // `Int64` would take a sign as well.
            text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int64(text) : nil
        }
        let words = text.split(separator: " ")
        guard words.count == 6, words[5] == "GMT", let day = number(words[1]),
            let month = months.firstIndex(where: { $0 == words[2] }), let year = number(words[3]),
            year >= 1970
        else { return nil }
        let clock = words[4].split(separator: ":", omittingEmptySubsequences: false).map(number)
        guard clock.count == 3, let hour = clock[0], let minute = clock[1], let second = clock[2],
            let time = Instant(
                year: year, month: Int64(month) + 1, day: day, hour: hour, minute: minute, second: second)
        else { return nil }
        self = time
    }

    /// That second of the clock, UTC; nil when no calendar has it.
    package init?(year: Int64, month: Int64, day: Int64, hour: Int64, minute: Int64, second: Int64) {
        // A leap second is the first one of the next minute.
        guard (0...9999).contains(year), (1...12).contains(month),
            (1...Self.days(inMonth: month, of: year)).contains(day), (0..<24).contains(hour),
            (0..<60).contains(minute), (0...60).contains(second)
        else { return nil }
        let days = Self.days(year: year, month: month, day: day)
        seconds = Double(days * 86_400 + hour * 3_600 + minute * 60 + second)
    }

    private static func days(inMonth month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    // Days of the Gregorian calendar, counted in eras of 400 years that begin on 1 March.
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month > 2 ? year : year - 1
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private var parts: (date: (year: Int64, month: Int64, day: Int64), time: Int64) {
        let whole = wholeSeconds
        let day = whole >= 0 ? whole / 86_400 : (whole - 86_399) / 86_400
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let march = (5 * dayOfYear + 2) / 153
        let month = march < 10 ? march + 3 : march - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return ((year, month, dayOfYear - (153 * march + 2) / 5 + 1), whole - day * 86_400)
    }

    private static func pad(_ number: Int64, _ width: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
    }
}
