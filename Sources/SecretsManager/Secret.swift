// One secret value as an application holds it.

import Secrets

/// A secret value: an API key, a password, a token.
///
/// It cannot be printed by accident: interpolated, dumped or reflected it gives `********`, whatever its length. It has
/// no `==`, no hash and no encoding. Its memory is shared between copies and overwritten when the last of them goes.
///
/// ```swift
/// let key = try await secrets.requiredValue("SENDGRID_API_KEY", in: "shop/production")
/// request.headers.add(name: "Authorization", value: "Bearer \(key.reveal())")
/// ```
public struct Secret: Sendable {
    private let bytes: SharedSecret

    init(_ bytes: SharedSecret) { self.bytes = bytes }

    /// A secret from text that the application has at hand already, in a test or as a default.
    public init(_ text: String) { self.init(SharedSecret(copying: text.utf8)) }

    /// The value as text.
    ///
    /// The one door through which it becomes an ordinary `String`, which is neither wiped nor kept from a log: call it
    /// where the value is used, and keep the `Secret` rather than the text. Bytes that are no UTF-8 become U+FFFD.
    public func reveal() -> String {
        bytes.withBytes { bytes in
            bytes.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
        }
    }

    /// Lends the bytes for the length of `body`, without a copy.
    public func withBytes<Result: ~Copyable, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result { try bytes.withBytes(body) }

    /// Whether there is a value, and it has no bytes. This is not the same as a key that is absent.
    public var isEmpty: Bool { bytes.isEmpty }

    /// Whether the value only holds the place of one: `changeme`, `<your key>`, `SG.your-actual-key-here`, a mask.
    public var isPlaceholder: Bool { bytes.withBytes { PlaceholderText.matches($0) } }

    /// Whether both hold the same bytes, in time that depends on their lengths only.
    public func isSame(as other: Secret) -> Bool { bytes.isSame(as: other.bytes) }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Always `********`.
    public var description: String { "********" }
    /// Always `********`.
    public var debugDescription: String { "********" }
    /// A mirror without children.
    public var customMirror: Mirror { Mirror(self, children: [Mirror.Child]()) }
}

extension Secret: Decodable {
    /// Reads a string.
    ///
    /// ``SecretsManager/SecretsManager/decode(_:from:)`` does not come through here: there the bytes go from the store's
    /// answer into the value without a `String` in between.
    public init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(String.self))
    }
}
