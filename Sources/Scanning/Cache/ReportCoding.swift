// The form in which reports are kept: numbers of variable length, texts with their length in front.

/// Puts a report's parts one behind the other.
struct ReportWriter {
    private(set) var bytes: [UInt8] = []

    /// Seven bits a byte, the lowest first, the highest bit for "more follow".
    mutating func write(bits: UInt64) {
        var rest = bits
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    mutating func write(_ number: Int) {
        // Small negative numbers are short as well.
        write(bits: UInt64(bitPattern: Int64(number << 1) ^ Int64(number >> 63)))
    }

    mutating func write(_ number: Double) { write(bits: number.bitPattern) }
    mutating func write(_ flag: Bool) { bytes.append(flag ? 1 : 0) }

    mutating func write(_ text: String) {
        write(bits: UInt64(text.utf8.count))
        bytes += text.utf8
    }

    /// Of a fixed set, by its name.
    mutating func write<Value: RawRepresentable<String>>(_ value: Value) { write(value.rawValue) }

    mutating func write<Value>(_ value: Value?, _ body: (inout ReportWriter, Value) -> Void) {
        write(value != nil)
        if let value { body(&self, value) }
    }

    mutating func write<Values: Collection>(_ values: Values, _ body: (inout ReportWriter, Values.Element) -> Void) {
        write(bits: UInt64(values.count))
        for value in values { body(&self, value) }
    }

    mutating func write(_ texts: [String]) { write(texts) { $0.write($1) } }
}

/// Takes them apart again. Nothing in the bytes is trusted: what does not fit is `Damaged`.
struct ReportReader {
    struct Damaged: Error {}

    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func bits() throws(Damaged) -> UInt64 {
        var result: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard let byte = rest.popFirst() else { throw Damaged() }
            let part = UInt64(byte & 0x7F)
            // The tenth byte has room for one bit.
            guard shift < 63 || part <= 1 else { throw Damaged() }
            result |= part << shift
            if byte & 0x80 == 0 { return result }
        }
        throw Damaged()
    }

    mutating func number() throws(Damaged) -> Int {
        let bits = try bits()
        return Int(Int64(bitPattern: bits >> 1) ^ -Int64(bitPattern: bits & 1))
    }

    mutating func double() throws(Damaged) -> Double { Double(bitPattern: try bits()) }

    mutating func flag() throws(Damaged) -> Bool {
        switch rest.popFirst() {
        case 0: false
        case 1: true
        default: throw Damaged()
        }
    }

    mutating func text() throws(Damaged) -> String {
        let count = try count()
        guard let text = String(validating: rest.prefix(count), as: UTF8.self) else { throw Damaged() }
        rest = rest.dropFirst(count)
        return text
    }

    mutating func value<Value: RawRepresentable<String>>() throws(Damaged) -> Value {
        guard let value = Value(rawValue: try text()) else { throw Damaged() }
        return value
    }

    mutating func optional<Value>(
        _ body: (inout ReportReader) throws(Damaged) -> Value
    ) throws(Damaged) -> Value? {
        try flag() ? try body(&self) : nil
    }

    mutating func list<Value>(_ body: (inout ReportReader) throws(Damaged) -> Value) throws(Damaged) -> [Value] {
        var values: [Value] = []
        for _ in 0..<(try count()) { values.append(try body(&self)) }
        return values
    }

    mutating func texts() throws(Damaged) -> [String] {
        try list { reader throws(Damaged) in try reader.text() }
    }

    /// How many follow: each has a byte at least.
    private mutating func count() throws(Damaged) -> Int {
        guard let count = Int(exactly: try bits()), count <= rest.count else { throw Damaged() }
        return count
    }
}
