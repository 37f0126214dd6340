// A secret value with several owners.

/// A secret value for collections and closures, which hold no noncopyable types. It can be printed or compared with
/// `==` as little as the value itself: its description is fixed, and it has no equality and no coding.
package final class SharedSecret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let value: SecretValue

    package init(_ value: consuming SecretValue) { self.value = value }

    package convenience init(copying bytes: some Collection<UInt8>) {
        self.init(SecretValue(copying: bytes))
    }

    /// Lends the bytes for the length of `body`.
    package func withBytes<Result: ~Copyable, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result { try value.withBytes(body) }

    /// Lends the value for the length of `body`.
    package func withValue<Result: ~Copyable, Failure: Error>(
        _ body: (borrowing SecretValue) throws(Failure) -> Result
    ) throws(Failure) -> Result { try body(value) }

    /// In bytes.
    package var count: Int { value.count }
    package var isEmpty: Bool { value.count == 0 }

    /// Whether both hold the same bytes, in time that depends on their lengths only.
    package func isSame(as other: SharedSecret) -> Bool { value.isSame(as: other.value) }

    package var description: String { "********" }
    package var debugDescription: String { "********" }
    package var customMirror: Mirror { Mirror(self, children: [Mirror.Child]()) }
}
