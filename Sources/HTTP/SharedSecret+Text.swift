// A secret on its way into a header.

package import Secrets

extension SharedSecret {
    /// Whether all bytes are ASCII that can be seen: what may stand in a header.
    package var isPrintable: Bool {
        withBytes { bytes in bytes.indices.allSatisfy { (0x21...0x7E).contains(bytes[$0]) } }
    }

    /// The bytes as text that is not wiped. For headers and arguments of the HTTP client, which takes nothing else.
    package var unprotectedText: String {
        withBytes { bytes in bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) } }
    }
}
