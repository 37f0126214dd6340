// Random JSON values, for the tests to write, read and compare.

import Foundation
import JSON

/// A JSON value as a test builds it.
indirect enum Sample {
    case object([(String, Sample)])
    case array([Sample])
    case string(String)
    case number(Int)
    case boolean(Bool)
    case null

    static func random(depth: Int, using generator: inout SplitMix64) -> Sample {
        switch Int.random(in: depth > 0 ? 0..<8 : 3..<8, using: &generator) {
        case 0, 1:
            var names: Set<String> = []
            let members = (0..<Int.random(in: 0...5, using: &generator)).compactMap { _ -> (String, Sample)? in
                let name = text(using: &generator)
                return names.insert(name).inserted ? (name, random(depth: depth - 1, using: &generator)) : nil
            }
            return .object(members)
        case 2:
            return .array(
                (0..<Int.random(in: 0...5, using: &generator)).map { _ in random(depth: depth - 1, using: &generator) })
        case 3, 4: return .string(text(using: &generator))
        case 5: return .number(Int.random(in: -1_000_000...1_000_000, using: &generator))
        case 6: return .boolean(Bool.random(using: &generator))
        default: return .null
        }
    }

    private static func text(using generator: inout SplitMix64) -> String {
        let scalars: [Unicode.Scalar] = [
            "a", "b", "Z", "0", "_", "\"", "\\", "/", "\n", "\t", "\u{0}", "\u{1F}", "\u{7F}", "é", "€", "😀", " ", "$",
        ]
        var result = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...6, using: &generator) {
            result.append(scalars.randomElement(using: &generator) ?? "a")
        }
        return String(result)
    }

    func write(to writer: inout JSONWriter) {
        switch self {
        case .object(let members):
            writer.beginObject()
            for (name, value) in members {
                writer.key(name)
                value.write(to: &writer)
            }
            writer.endObject()
        case .array(let elements):
            writer.beginArray()
            for element in elements { element.write(to: &writer) }
            writer.endArray()
        case .string(let text): writer.string(text)
        case .number(let number): writer.number(number)
        case .boolean(let value): writer.boolean(value)
        case .null: writer.null()
        }
    }

    func isSame(as value: JSONValue) -> Bool {
        switch self {
        case .object(let members):
            value.kind == .object && members.count == value.members.count
                && zip(members, value.members).allSatisfy { $0.0 == $1.key && $0.1.isSame(as: $1.value) }
        case .array(let elements):
            value.kind == .array && elements.count == value.elements.count
                && zip(elements, value.elements).allSatisfy { $0.isSame(as: $1) }
        case .string(let text): value.string == text
        case .number(let number): value.int == number
        case .boolean(let flag): value.bool == flag
        case .null: value.isNull
        }
    }

    /// Whether both readers understood the same.
    static func isSame(_ value: JSONValue, _ other: Any) -> Bool {
        switch value.kind {
        case .object:
            guard let other = other as? [String: Any], other.count == value.count else { return false }
            return value.members.allSatisfy { name, member in other[name].map { isSame(member, $0) } ?? false }
        case .array:
            guard let other = other as? [Any], other.count == value.count else { return false }
            return zip(value.elements, other).allSatisfy { isSame($0, $1) }
        case .string: return (other as? String).map { value.string == $0 } ?? false
        case .number:
            guard let other = (other as? NSNumber)?.doubleValue else { return false }
            // Foundation has its own reading of the last digits of long fractions.
            return value.double.map { abs($0 - other) <= abs(other) * 1e-12 } ?? true
        case .boolean: return (other as? Bool).map { value.bool == $0 } ?? false
        case .null: return other is NSNull
        }
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
