// New values: their shape, their strength, their source.

import Foundation
import Secrets
import Stores
import Synchronization
import Testing
import World

@Suite("A generated value")
struct ValueGeneratorTests {
    @Test("Spells the bytes it was given, as an independent encoder does", arguments: [16, 17, 18, 32, 33, 64, 1_024])
    func encodings(count: Int) throws {
        var random = SeededRandom(UInt64(count))
        let bytes = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        let world = world { _ in bytes }
        let base64 = Data(bytes).base64EncodedString()
        #expect(try text(.hex, count, world) == bytes.map { String(format: "%02x", $0) }.joined())
        #expect(try text(.base64, count, world) == base64)
        #expect(
            try text(.base64url, count, world)
                == base64.replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
                .replacingOccurrences(of: "=", with: ""))
    }

    @Test("A UUID is of version 4 and takes all other bits from the generator")
    func uuid() throws {
        #expect(
            try text(.uuid, 0, world { [UInt8](repeating: 0xFF, count: $0) }) == "ffffffff-ffff-4fff-bfff-ffffffffffff")
        #expect(
            try text(.uuid, 0, world { [UInt8](repeating: 0, count: $0) }) == "00000000-0000-4000-8000-000000000000")
        #expect(try text(.uuid, 0, world { (0..<UInt8($0)).map { $0 } }) == "00010203-0405-4607-8809-0a0b0c0d0e0f")
    }

    @Test(
        "Letters and digits are as hard to guess as the bytes that were asked for",
        arguments: [
            (16, 22), (32, 43), (64, 86), (1_024, 1_376),
        ])
    func strength(count: Int, length: Int) throws {
        let value = try text(.alnum, count, StillWorld().world)
        #expect(value.count == length)
        #expect(Double(length) * log2(62) >= Double(count * 8))
        #expect(Double(length - 1) * log2(62) < Double(count * 8))
        #expect(
            value.utf8.allSatisfy { Character(UnicodeScalar($0)).isLetter || Character(UnicodeScalar($0)).isNumber })
    }

    @Test("Every letter and digit is equally likely: each comes from four values of a byte, the rest is thrown away")
    func unbiased() throws {
        let given = Mutex(0)
        let world = world { count in
            given.withLock { next in
                defer { next += count }
                return (next..<next + count).map { UInt8($0 % 256) }
            }
        }
        // All 256 bytes once: 248 characters, of 62 kinds.
        let value = try text(.alnum, 184, world).prefix(247)
        var counts: [Character: Int] = [:]
        for character in value { counts[character, default: 0] += 1 }
        #expect(counts.count == 62)
        #expect(counts.values.allSatisfy { (3...4).contains($0) })
    }

    @Test("Goes on asking when the generator gives bytes that favour some letters")
    func rejected() throws {
        let calls = Mutex(0)
        let world = world { count in
            let call = calls.withLock { calls in
                calls += 1
                return calls
            }
            return [UInt8](repeating: call < 3 ? 248 : 0, count: count)
        }
        #expect(try text(.alnum, 16, world) == String(repeating: "A", count: 22))
        #expect(calls.withLock { $0 } == 3)
    }

    @Test(
        "Too few bytes and too many are refused; a UUID has its own number", arguments: ValueGenerator.Format.allCases)
    func bounds(format: ValueGenerator.Format) throws {
        for count in [Int.min, -1, 0, 15, 1_025, .max] where format != .uuid {
            #expect(throws: StoreError.self) { try text(format, count, StillWorld().world) }
        }
        #expect(try !text(format, 16, StillWorld().world).isEmpty)
        #expect(try !text(format, 1_024, StillWorld().world).isEmpty)
    }

    @Test("The system's generator never gives the same twice", arguments: ValueGenerator.Format.allCases)
    func real(format: ValueGenerator.Format) throws {
        let world = World.real()
        #expect(try Set((0..<50).map { _ in try text(format, 16, world) }).count == 50)
    }

    private func text(_ format: ValueGenerator.Format, _ count: Int, _ world: World) throws -> String {
        Reveal.text(SharedSecret(try ValueGenerator.generate(format, bytes: count, world: world)))
    }

    private func world(_ bytes: @escaping @Sendable (Int) -> [UInt8]) -> World {
        var world = StillWorld().world
        world.randomBytes = bytes
        return world
    }
}
