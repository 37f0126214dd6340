// A file of certificates to trust instead of the system's.

import Files
import NIOSSL

/// A file of PEM certificates, and what names it: "AWS_CA_BUNDLE".
package struct CertificateFile: Sendable {
    package var path: String
    package var origin: String

    package init(path: String, origin: String) {
        self.path = path
        self.origin = origin
    }
}

struct CertificateBundle: Sendable {
    /// The largest that systems have are below a quarter of this.
    private static let longest = 4 << 20

    private let name: CertificateFile
    private let text: [UInt8]

    /// Reads the file, and makes sure that it is one of certificates. They are taken apart when they are needed.
    /// - Throws: `TransportError` of kind `tls`.
    init(_ name: CertificateFile) throws(TransportError) {
        self.name = name
        guard let text = (try? FileContent.read(name.path, limit: Self.longest)) ?? nil,
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

    private static func failure(_ name: CertificateFile) -> TransportError {
        TransportError(
            kind: .tls, reason: "the certificates in \(OneLine.of(name.path)), from \(name.origin), cannot be read",
            mayHaveArrived: false)
    }
}
