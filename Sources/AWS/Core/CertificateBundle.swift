// A file of certificates to trust instead of the system's.

import Files
import NIOSSL

struct CertificateBundle: Sendable {
    /// The largest that systems have are below a quarter of this.
    private static let longest = 4 << 20

    private let name: AWSSettings.Origin<String>
    private let text: [UInt8]

    /// Reads the file, and makes sure that it is one of certificates. They are taken apart when they are needed.
    /// - Throws: `TransportError` of kind `tls`.
    init(_ name: AWSSettings.Origin<String>) throws(TransportError) {
        self.name = name
        guard let text = (try? FileContent.read(name.value, limit: Self.longest)) ?? nil,
            text.contains("-----BEGIN ".utf8)
        else { throw Self.failure(name) }
        self.text = text
    }

    /// - Throws: `TransportError` of kind `tls`.
    func trustRoots() throws(TransportError) -> NIOSSLTrustRoots {
        guard let certificates = try? NIOSSLCertificate.fromPEMBytes(text), !certificates.isEmpty else {
            throw Self.failure(name)
        }
        return .certificates(certificates)
    }

    private static func failure(_ name: AWSSettings.Origin<String>) -> TransportError {
        TransportError(
            kind: .tls, reason: "the certificates in \(OneLine.of(name.value)), from \(name.origin), cannot be read",
            mayHaveArrived: false)
    }
}
