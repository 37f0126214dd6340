// What seals the files of a vault, and how it is told from another.

import Crypto
import Secrets

/// The key of a vault: 256 bits for AES-GCM. Its memory is wiped by `SymmetricKey`.
struct VaultKey: Sendable, CustomReflectable {
    static let byteCount = 32
    static let idByteCount = 16

    let symmetric: SymmetricKey
    /// Tells keys apart and says nothing of them.
    let id: [UInt8]

    init(_ symmetric: SymmetricKey) {
        self.symmetric = symmetric
        let code = HMAC<SHA256>.authenticationCode(for: Array("migrate vault key 1".utf8), using: symmetric)
        id = Array(code.prefix(Self.idByteCount))
    }

    /// - Parameter bytes: `byteCount` of them.
    init(_ bytes: borrowing SecretValue) {
        self.init(bytes.withBytes { span in span.withUnsafeBytes { SymmetricKey(data: $0) } })
    }

    var customMirror: Mirror { Mirror(self, children: [Mirror.Child]()) }
}
