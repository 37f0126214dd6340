// Points in time and their spellings, against Foundation's calendar.

import Foundation
import Testing

@testable import World

@Suite("Points in time")
struct InstantTests {
    @Test(
        "A time is spelled as ISO 8601",
        arguments: [
            (0.0, "1970-01-01T00:00:00Z"), (-1.0, "1969-12-31T23:59:59Z"), (951_782_400.0, "2000-02-29T00:00:00Z"),
            (1_763_974_743.9, "2025-11-24T08:59:03Z"), (253_402_300_799.0, "9999-12-31T23:59:59Z"),
            (-62_167_219_200.0, "0000-01-01T00:00:00Z"),
        ])
    func spelling(seconds: Double, text: String) {
        #expect(Instant(seconds: seconds).iso8601 == text)
    }

    @Test("The basic spelling of a signature leaves the marks out")
    func basicSpelling() {
        #expect(Instant(seconds: 1_763_974_743).basicISO8601 == "20251124T085903Z")
    }

    @Test(
        "A number that is no time of any year is spelled as the nearest year's end, and stops nothing",
        arguments: [
            (Double.infinity, "9999-12-31T23:59:59Z"), (1e300, "9999-12-31T23:59:59Z"),
            (-Double.infinity, "0000-01-01T00:00:00Z"), (-1e300, "0000-01-01T00:00:00Z"),
            (Double.nan, "1970-01-01T00:00:00Z"),
        ])
    func outOfRange(seconds: Double, text: String) {
        #expect(Instant(seconds: seconds).iso8601 == text)
    }

    @Test("Any second of 8,000 years comes back from its spelling, which is also Foundation's")
    func roundTrip() throws {
        var generator = SplitMix64(state: 20_251_124)
        let formatter = ISO8601DateFormatter()
        for round in 0..<4_000 {
            // From 1970 on also by Foundation, whose calendar is Julian before 1582.
            let range: ClosedRange<Int64> =
                round % 2 == 0 ? 0...253_402_300_799 : -62_167_219_200...253_402_300_799
            let seconds = Int64.random(in: range, using: &generator)
            let instant = Instant(seconds: Double(seconds))
            let text = instant.iso8601
            #expect(Instant(iso8601: text) == instant, "\(text)")
            if seconds >= 0 {
                #expect(text == formatter.string(from: Date(timeIntervalSince1970: Double(seconds))))
            }
        }
    }

    @Test(
        "Fractions, offsets and the spelling of SSO caches are read",
        arguments: [
            ("2025-11-24T08:59:03Z", 1_763_974_743.0), ("2025-11-24T08:59:03z", 1_763_974_743.0),
            ("2025-11-24 08:59:03Z", 1_763_974_743.0), ("2025-11-24T08:59:03UTC", 1_763_974_743.0),
            ("2025-11-24T08:59:03.25Z", 1_763_974_743.25), ("2025-11-24T08:59:03.500000000Z", 1_763_974_743.5),
            ("2025-11-24T09:59:03+01:00", 1_763_974_743.0), ("2025-11-24T03:29:03-05:30", 1_763_974_743.0),
            ("2024-02-29T00:00:00Z", 1_709_164_800.0), ("2016-12-31T23:59:60Z", 1_483_228_800.0),
        ])
    func reading(text: String, seconds: Double) {
        #expect(Instant(iso8601: text)?.seconds == seconds)
    }

    @Test(
        "What is no time is not read",
        arguments: [
            "", "Z", "2025-11-24", "2025-11-24T08:59:03", "2025-13-01T00:00:00Z", "2025-00-01T00:00:00Z",
            "2025-02-29T00:00:00Z", "2025-04-31T00:00:00Z", "2025-11-00T00:00:00Z", "2025-11-24T24:00:00Z",
            "2025-11-24T08:60:03Z", "2025-11-24T08:59:61Z", "2025-11-24T08:59:03.Z", "2025-11-24T08:59:03.1234567890Z",
            "2025-11-24T08:59:03+24:00", "2025-11-24T08:59:03+01:60", "2025-11-24T08:59:03+0100",
            "2025-11-24T08:59:03Z ", "2025-11-24T08:59:03ZZ", "2O25-11-24T08:59:03Z", "+025-11-24T08:59:03Z",
            "2025/11/24T08:59:03Z", "2025-11-24t08:59:03Z", "２０２５-11-24T08:59:03Z",
        ])
    func refusing(text: String) {
        #expect(Instant(iso8601: text) == nil)
    }

    @Test("Cut or changed anywhere, a spelling is read as a time or not at all, and nothing stops")
    func fuzz() {
        var generator = SplitMix64(state: 7)
        let alphabet = Array("0123456789-:.TZ+ UTC,GMonJa\u{0}é".utf8)
        for _ in 0..<20_000 {
            var bytes = Array(
                (Bool.random(using: &generator) ? "2025-11-24T08:59:03.5Z" : "Mon, 24 Nov 2025 08:59:03 GMT").utf8)
            for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
                let place = Int.random(in: bytes.indices, using: &generator)
                if Bool.random(using: &generator) {
                    bytes[place] = alphabet.randomElement(using: &generator) ?? 0
                } else {
                    bytes.remove(at: place)
                }
            }
            let text = String(decoding: bytes, as: UTF8.self)
            for instant in [Instant(iso8601: text), Instant(httpDate: text)].compactMap({ $0 }) {
                #expect(Instant(iso8601: instant.iso8601)?.wholeSeconds == instant.wholeSeconds, "\(text)")
            }
        }
    }

    @Test("The Date header of HTTP is read")
    func httpDate() {
        #expect(Instant(httpDate: "Mon, 24 Nov 2025 08:59:03 GMT")?.seconds == 1_763_974_743)
        #expect(Instant(httpDate: "Thu, 01 Jan 1970 00:00:00 GMT")?.seconds == 0)
    }

    @Test("Any Date header that Foundation writes is read as the same second")
    func httpDateRoundTrip() {
        var generator = SplitMix64(state: 3)
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "GMT")
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        for _ in 0..<500 {
            let seconds = Double(Int64.random(in: 0...253_402_300_799, using: &generator))
            let text = formatter.string(from: Date(timeIntervalSince1970: seconds))
            #expect(Instant(httpDate: text)?.seconds == seconds, "\(text)")
        }
    }

    @Test(
        "What is no Date header is not read",
        arguments: [
            "", "Mon, 24 Nov 2025 08:59:03", "Mon, 24 Nov 2025 08:59:03 CET", "Mon, 31 Nov 2025 08:59:03 GMT",
            "Mon, 24 nov 2025 08:59:03 GMT", "Mon, +4 Nov 2025 08:59:03 GMT", "Mon, 24 Nov 2025 24:00:00 GMT",
            "Mon, 24 Nov 2025 08:59 GMT", "Mon, 24 Nov 2025 08:59:03:1 GMT", "Mon, 24 Nov 2025 8::3 GMT",
            "Mon, 24 Nov 99999999999999999999 08:59:03 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
        ])
    func refusingHTTPDate(text: String) {
        #expect(Instant(httpDate: text) == nil)
    }

    @Test("Times are ordered and counted in seconds")
    func arithmetic() {
        let noon = Instant(seconds: 43_200)
        #expect(noon < noon + 0.5)
        #expect((noon + 90) - noon == 90)
    }
}

/// Numbers that come again with their seed.
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
