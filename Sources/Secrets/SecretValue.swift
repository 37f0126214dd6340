// A secret's bytes, owned once and wiped at the end of their life.

/// The bytes of a secret.
///
/// The type is noncopyable and has no description, no equality and no coding:
/// interpolating, copying, comparing with `==` or encoding one does not compile.
/// Whoever needs the bytes borrows them for the length of a closure. The memory is
/// overwritten before it is freed.
package struct SecretValue: ~Copyable, @unchecked Sendable {
    // Sound to send: the buffer has one owner and is never written after `init`.
    private let buffer: UnsafeMutableRawBufferPointer

    /// Copies `bytes`; the caller stays responsible for the source.
    package init(copying bytes: Span<UInt8>) {
        buffer = .allocate(byteCount: bytes.count, alignment: 1)
        for index in bytes.indices {
            buffer[index] = bytes[index]
        }
    }

    /// Copies `bytes`; the caller stays responsible for the source.
    package init(copying bytes: some Collection<UInt8>) {
        buffer = .allocate(byteCount: bytes.count, alignment: 1)
        for (index, byte) in bytes.enumerated() { buffer[index] = byte }
    }

    /// In bytes.
    package var count: Int { buffer.count }

    deinit {
        SecretMemory.wipe(buffer)
        buffer.deallocate()
    }

    /// Lends the bytes for the length of `body`.
    package borrowing func withBytes<Result: ~Copyable, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(Span(_unsafeElements: UnsafeBufferPointer(buffer.assumingMemoryBound(to: UInt8.self))))
    }

    /// Whether both hold the same bytes, in time that depends on their lengths only.
    package borrowing func isSame(as other: borrowing SecretValue) -> Bool {
        guard buffer.count == other.buffer.count else { return false }
        var difference: UInt8 = 0
        for index in buffer.indices {
            difference |= buffer[index] ^ other.buffer[index]
        }
        return difference == 0
    }
}
