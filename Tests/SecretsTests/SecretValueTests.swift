// The bytes of a secret: lent, compared, and gone afterwards.

import Testing

@testable import Secrets

@Suite("Secret values")
struct SecretValueTests {
    private func secret(_ bytes: [UInt8]) -> SecretValue { SecretValue(copying: bytes.span) }

    @Test("A value lends the bytes that it was made of", arguments: [0, 1, 69, 4_096, 100_000])
    func lendsBytes(count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        let value = secret(bytes)
        let lent = value.withBytes { span in span.indices.map { span[$0] } }
        #expect(lent == bytes)
    }

    @Test("A value has bytes of its own: a change of the source does not reach it")
    func copiesBytes() {
        var bytes: [UInt8] = [1, 2, 3]
        let value = secret(bytes)
        bytes[0] = 9
        #expect(bytes[0] == 9)
        let first = value.withBytes { $0[0] }
        #expect(first == 1)
    }

    @Test("What the borrower throws comes through, with its type")
    func passesErrors() {
        struct Stop: Error {}
        let value = secret([1])
        func borrow() throws(Stop) { try value.withBytes { _ throws(Stop) in throw Stop() } }
        #expect(throws: Stop.self) { try borrow() }
    }

    @Test("Two values are the same when all their bytes are")
    func sameness() {
        let value = secret([1, 2, 3])
        let isSameAsItsLike = value.isSame(as: secret([1, 2, 3]))
        #expect(isSameAsItsLike)
        for other: [UInt8] in [[], [1, 2], [1, 2, 3, 4], [0, 2, 3], [1, 0, 3], [1, 2, 0], [1, 2, 0x83]] {
            let isSame = value.isSame(as: secret(other))
            #expect(!isSame, "\(other)")
        }
        let areEmptySame = secret([]).isSame(as: secret([]))
        #expect(areEmptySame)
    }

    @Test("The memory holds none of the bytes once the value is gone")
    func wipes() async {
        // It looks at memory after its release, which a checker of memory would stop: in a process of its own.
        await #expect(processExitsWith: .success) {
            let length = 1_024
            func makeAndDrop() -> UnsafePointer<UInt8>? {
                let value = SecretValue(copying: [UInt8](repeating: 0xA7, count: length).span)
                return value.withBytes { span in
                    span.withUnsafeBufferPointer { $0.baseAddress }
                }
            }
            let start = try #require(makeAndDrop())
            // The allocator uses the first bytes for itself.
            let left = (64..<length).count { start[$0] == 0xA7 }
            try #require(left == 0)
        }
    }
}
