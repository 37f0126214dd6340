// Secret bytes while they are being put together.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A growing run of secret bytes. What it outgrows is wiped, and so is what it holds when it ends unfinished.
package struct SecretBuffer: ~Copyable {
    private var storage: UnsafeMutableRawBufferPointer
    /// Bytes so far.
    package private(set) var count = 0

    /// - Parameter capacity: bytes that will do without growing.
    package init(capacity: Int = 256) {
        storage = .allocate(byteCount: max(capacity, 16), alignment: 1)
    }

    deinit {
        SecretMemory.wipe(storage)
        storage.deallocate()
    }

    package mutating func append(_ byte: UInt8) {
        reserve(1)
        storage[count] = byte
        count += 1
    }

    package mutating func append(_ bytes: Span<UInt8>) {
        reserve(bytes.count)
        for index in bytes.indices { storage[count + index] = bytes[index] }
        count += bytes.count
    }

    package mutating func append(_ bytes: some Collection<UInt8>) {
        reserve(bytes.count)
        for byte in bytes {
            storage[count] = byte
            count += 1
        }
    }

    package mutating func append(_ text: String) { append(text.utf8) }

    package mutating func append(_ value: borrowing SecretValue) { value.withBytes { append($0) } }

    /// Takes the last bytes away; they are wiped.
    package mutating func removeLast(_ length: Int = 1) {
        let length = min(length, count)
        SecretMemory.wipe(UnsafeMutableRawBufferPointer(rebasing: storage[count - length..<count]))
        count -= length
    }

    /// Lends what is there so far.
    package borrowing func withBytes<Result: ~Copyable, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let filled = UnsafeBufferPointer(
            start: storage.assumingMemoryBound(to: UInt8.self).baseAddress, count: count)
        return try body(Span(_unsafeElements: filled))
    }

    /// The bytes as a value of their own; the buffer is wiped.
    package consuming func finish() -> SecretValue { withBytes { SecretValue(copying: $0) } }

    private mutating func reserve(_ more: Int) {
        guard count + more > storage.count else { return }
        let larger = UnsafeMutableRawBufferPointer.allocate(
            byteCount: max(storage.count * 2, count + more), alignment: 1)
        larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: storage[..<count]))
        SecretMemory.wipe(storage)
        storage.deallocate()
        storage = larger
    }
}

/// Memory that held secrets.
package enum SecretMemory {
    /// Overwrites it, whatever the optimiser thinks of that.
    package static func wipe(_ buffer: UnsafeMutableRawBufferPointer) {
        guard let start = buffer.baseAddress, !buffer.isEmpty else { return }
        // A plain `memset` before `free` may be optimised away.
        #if canImport(Darwin)
            memset_s(start, buffer.count, 0, buffer.count)
        #else
            explicit_bzero(start, buffer.count)
        #endif
    }
}
