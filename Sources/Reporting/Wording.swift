// Numbers, sizes and lists in English.

/// Numbers, sizes and lists as a report words them.
package enum Wording {
    /// `1 secret`, `7 secrets`, `200,000 commits`.
    package static func count(_ number: Int, _ noun: String, plural: String? = nil) -> String {
        grouped(number) + " " + (number == 1 ? noun : plural ?? noun + "s")
    }

    /// `262,343`
    package static func grouped(_ number: Int) -> String {
        let digits = String(number.magnitude)
        var result = number < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { result += "," }
            result.append(digit)
        }
        return result
    }

    /// `a`, `a and b`, `a, b and c`; beyond `limit` entries `a, b and 7 more`.
    package static func list(_ entries: [String], limit: Int = .max, more: String = "more") -> String {
        var shown = entries
        if entries.count > limit {
            shown = entries.prefix(limit) + [grouped(entries.count - limit) + " " + more]
        }
        guard shown.count > 1, let last = shown.popLast() else { return shown.first ?? "" }
        return shown.joined(separator: ", ") + " and " + last
    }

    /// `812 bytes`, `4.1 kB`, `8.1 GB`: powers of ten, as disks are sold.
    package static func bytes(_ number: Int) -> String {
        guard number >= 1_000 else { return count(number, "byte") }
        var unit = 1_000.0
        for name in ["kB", "MB", "GB"] {
            if Double(number) < unit * 999.5 { return decimal(Double(number) / unit) + " " + name }
            unit *= 1_000
        }
        return decimal(Double(number) / unit) + " TB"
    }

    /// `0.05 s`, `8.1 s`, `42 s`, `3 min 5 s`.
    package static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "unknown time" }
        if seconds < 0.995 {
            let hundredths = max(1, Int((seconds * 100).rounded()))
            return "0." + (hundredths < 10 ? "0" : "") + String(hundredths) + " s"
        }
        if seconds < 59.5 { return decimal(seconds) + " s" }
        let whole = Int(seconds.rounded())
        return "\(whole / 60) min \(whole % 60) s"
    }

    package static func hexadecimal(_ number: UInt32, width: Int) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }

    /// One digit after the point below ten, none above.
    private static func decimal(_ number: Double) -> String {
        let tenths = Int((number * 10).rounded())
        return tenths < 100 ? "\(tenths / 10).\(tenths % 10)" : grouped(Int(number.rounded()))
    }
}
