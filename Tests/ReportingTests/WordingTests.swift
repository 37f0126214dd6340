// Dates, ages, numbers and widths.

import Testing

@testable import Reporting

@Suite("Wording")
struct WordingTests {
    @Test(
        "writes seconds since 1970 as ISO 8601 in UTC",
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (1_763_974_743, "2025-11-24T08:59:03Z"), (-1, "1969-12-31T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"), (4_107_542_399, "2100-02-28T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"), (-62_167_219_200, "0000-01-01T00:00:00Z"),
            (Int64.max, "9999-12-31T23:59:59Z"), (Int64.min, "0000-01-01T00:00:00Z"),
        ] as [(Int64, String)])
    func iso8601(seconds: Int64, expected: String) {
        #expect(Timestamp(seconds).iso8601 == expected)
    }

    @Test(
        "says how long ago",
        arguments: [
            (0, "just now"), (59, "just now"), (60, "1 minute ago"), (3_600, "1 hour ago"), (86_400, "1 day ago"),
            (13 * 86_400, "13 days ago"), (14 * 86_400, "2 weeks ago"), (104 * 86_400, "3 months ago"),
            (800 * 86_400, "2 years ago"), (-5, nil),
        ] as [(Int64, String?)])
    func age(elapsed: Int64, expected: String?) {
        #expect(Timestamp(2_000_000_000 - elapsed).age(at: Timestamp(2_000_000_000)) == expected)
    }

    @Test("an age between the ends of time does not overflow")
    func extremes() {
        #expect(Timestamp(Int64.min).age(at: Timestamp(Int64.max)) == "9,999 years ago")
    }

    @Test(
        "rounds sizes",
        arguments: [
            (0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1_000, "1.0 kB"), (1_234_567, "1.2 MB"),
            (999_600, "1.0 MB"), (8_110_000_000, "8.1 GB"), (496_000_000, "496 MB"), (3_000_000_000_000, "3.0 TB"),
        ])
    func bytes(number: Int, expected: String) {
        #expect(Wording.bytes(number) == expected)
    }

    @Test(
        "rounds durations",
        arguments: [
            (0, "0.01 s"), (0.052, "0.05 s"), (0.999, "1.0 s"), (8.06, "8.1 s"), (42.2, "42 s"), (185, "3 min 5 s"),
            (.nan, "unknown time"), (.infinity, "unknown time"),
        ] as [(Double, String)])
    func duration(seconds: Double, expected: String) {
        #expect(Wording.duration(seconds) == expected)
    }

    @Test("joins lists and cuts long ones")
    func list() {
        #expect(Wording.list([]) == "")
        #expect(Wording.list(["a"]) == "a")
        #expect(Wording.list(["a", "b"]) == "a and b")
        #expect(Wording.list(["a", "b", "c", "d"], limit: 2) == "a, b and 2 more")
        #expect(Wording.count(262_343, "blob") == "262,343 blobs")
    }

    @Test("counts wide characters twice and marks not at all")
    func width() {
        #expect(TextWidth.of("日本e\u{301}") == 5)
        #expect(TextWidth.cut("日本語", to: 5, mark: "…") == "日本…")
        #expect(TextWidth.cut("abc", to: 3, mark: "…") == "abc")
    }
}
