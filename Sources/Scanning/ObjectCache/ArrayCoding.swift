// Arrays of numbers as bytes, little-endian, each with its count in front.

import Git

/// Puts arrays one behind the other.
struct ArrayWriter {
    private var bytes: [UInt8] = []

    mutating func write(_ bytes: [UInt8]) {
        count(bytes.count)
        self.bytes += bytes
    }

    mutating func write(_ numbers: [Int32]) {
        count(numbers.count)
        append(numbers.map(\.littleEndian))
    }

    mutating func write(_ numbers: [Int64]) {
        count(numbers.count)
        append(numbers.map(\.littleEndian))
    }

    mutating func write(_ lists: NumberLists) {
        write(lists.ends)
        write(lists.numbers)
    }

    mutating func write(_ ids: [ObjectID]) {
        count(ids.count)
        let raw = [UInt8](unsafeUninitializedCapacity: ids.count * 20) { buffer, filled in
            let buffer = UnsafeMutableRawBufferPointer(buffer)
            for (place, id) in ids.enumerated() {
                buffer.storeBytes(of: id.first.bigEndian, toByteOffset: place * 20, as: UInt64.self)
                buffer.storeBytes(of: id.second.bigEndian, toByteOffset: place * 20 + 8, as: UInt64.self)
                buffer.storeBytes(of: id.third.bigEndian, toByteOffset: place * 20 + 16, as: UInt32.self)
            }
            filled = ids.count * 20
        }
        bytes += raw
    }

    mutating func finish() -> [UInt8] { bytes }

    private mutating func count(_ count: Int) {
        withUnsafeBytes(of: UInt32(count).littleEndian) { bytes.append(contentsOf: $0) }
    }

    private mutating func append<Number>(_ numbers: [Number]) {
        numbers.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }
}

/// Takes them apart again. An array's bytes must be there before memory is taken for it.
struct ArrayReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func bytes() throws(ObjectState.Damaged) -> [UInt8] { Array(try take(1).bytes) }

    mutating func numbers() throws(ObjectState.Damaged) -> [Int32] {
        let (bytes, count) = try take(4)
        return bytes.withUnsafeBytes { raw in
            [Int32](unsafeUninitializedCapacity: count) { buffer, filled in
                for place in 0..<count {
                    let number = raw.loadUnaligned(fromByteOffset: place * 4, as: Int32.self)
                    buffer.initializeElement(at: place, to: Int32(littleEndian: number))
                }
                filled = count
            }
        }
    }

    mutating func longNumbers() throws(ObjectState.Damaged) -> [Int64] {
        let (bytes, count) = try take(8)
        return bytes.withUnsafeBytes { raw in
            (0..<count).map { Int64(littleEndian: raw.loadUnaligned(fromByteOffset: $0 * 8, as: Int64.self)) }
        }
    }

    mutating func ids() throws(ObjectState.Damaged) -> [ObjectID] {
        let (bytes, count) = try take(20)
        return bytes.withUnsafeBytes { raw in
            [ObjectID](unsafeUninitializedCapacity: count) { buffer, filled in
                // Without bytes there is no base address, and no id either.
                for place in 0..<count {
                    let start = raw.baseAddress.unsafelyUnwrapped + place * 20
                    buffer.initializeElement(at: place, to: ObjectID(reading: start))
                }
                filled = count
            }
        }
    }

    mutating func lists() throws(ObjectState.Damaged) -> NumberLists {
        let (ends, numbers) = (try numbers(), try numbers())
        var previous: Int32 = 0
        for end in ends {
            guard end >= previous else { throw ObjectState.Damaged() }
            previous = end
        }
        guard Int(previous) == numbers.count else { throw ObjectState.Damaged() }
        return NumberLists(numbers: numbers, ends: ends)
    }

    private mutating func take(_ width: Int) throws(ObjectState.Damaged) -> (bytes: ArraySlice<UInt8>, count: Int) {
        guard rest.count >= 4 else { throw ObjectState.Damaged() }
        let count = rest.withUnsafeBytes { Int(UInt32(littleEndian: $0.loadUnaligned(as: UInt32.self))) }
        rest = rest.dropFirst(4)
        guard count <= rest.count / width else { throw ObjectState.Damaged() }
        let bytes = rest.prefix(count * width)
        rest = rest.dropFirst(count * width)
        return (bytes, count)
    }
}
