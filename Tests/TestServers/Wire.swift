// Small encodings that every part of the double needs.

import Foundation

/// A JSON object as Foundation reads it. Lives within one call only: it cannot cross threads.
typealias JSONObject = [String: Any]

func decoded(_ bytes: [UInt8]) throws(ServiceFailure) -> JSONObject {
    guard let object = try? JSONSerialization.jsonObject(with: Data(bytes)) as? JSONObject else {
        throw ServiceFailure("SerializationException", "Unexpected content in the request body")
    }
    return object
}

func encoded(_ object: JSONObject) -> [UInt8] {
    guard let data = try? JSONSerialization.data(withJSONObject: object, options: [.sortedKeys]) else { return [] }
    return Array(data)
}

func escapedForXML(_ text: String) -> String {
    var escaped = ""
    for character in text {
        switch character {
        case "&": escaped += "&amp;"
        case "<": escaped += "&lt;"
        case ">": escaped += "&gt;"
        case "\"": escaped += "&quot;"
        default: escaped.append(character)
        }
    }
    return escaped
}

/// The fields of an `application/x-www-form-urlencoded` body.
func formFields(_ body: [UInt8]) -> [String: String] {
    var fields: [String: String] = [:]
    for pair in String(decoding: body, as: UTF8.self).split(separator: "&") {
        let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        fields[formDecoded(parts[0])] = parts.count > 1 ? formDecoded(parts[1]) : ""
    }
    return fields
}

private func formDecoded(_ text: Substring) -> String {
    text.replacingOccurrences(of: "+", with: " ").removingPercentEncoding ?? String(text)
}

/// `Name.member.1`, `Name.member.2`, … in order.
func members(of name: String, in fields: [String: String]) -> [String] {
    var values: [String] = []
    while let value = fields["\(name).member.\(values.count + 1)"] { values.append(value) }
    return values
}

func newRequestID() -> String { UUID().uuidString.lowercased() }

func randomText(_ count: Int, of alphabet: String) -> String {
    let letters = Array(alphabet)
    return String((0..<count).compactMap { _ in letters.randomElement() })
}

/// Seconds since 1970 in one of strftime's forms, in UTC.
func formatted(_ seconds: Double, _ format: String) -> String {
    var time = time_t(seconds.rounded(.down))
    var parts = tm()
    gmtime_r(&time, &parts)
    var buffer = [CChar](repeating: 0, count: 64)
    let count = strftime(&buffer, buffer.count, format, &parts)
    return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

func basicDate(_ seconds: Double) -> String { formatted(seconds, "%Y%m%dT%H%M%SZ") }

func isoDate(_ seconds: Double) -> String { formatted(seconds, "%Y-%m-%dT%H:%M:%SZ") }

func httpDate(_ seconds: Double) -> String { formatted(seconds, "%a, %d %b %Y %H:%M:%S GMT") }

/// `20260131T235959Z` in seconds since 1970; nil for anything else.
func seconds(fromBasicDate text: String) -> Double? {
    let digits = Array(text.utf8)
    guard digits.count == 16, digits[8] == UInt8(ascii: "T"), digits[15] == UInt8(ascii: "Z") else { return nil }
    func number(_ range: Range<Int>) -> Int32? { Int32(String(decoding: digits[range], as: UTF8.self)) }
    guard let year = number(0..<4), let month = number(4..<6), let day = number(6..<8),
        let hour = number(9..<11), let minute = number(11..<13), let second = number(13..<15)
    else { return nil }
    var parts = tm()
    parts.tm_year = year - 1900
    parts.tm_mon = month - 1
    parts.tm_mday = day
    parts.tm_hour = hour
    parts.tm_min = minute
    parts.tm_sec = second
    return Double(timegm(&parts))
}

/// Seconds since 1970 by the real clock.
func secondsNow() -> Double { Date().timeIntervalSince1970 }
