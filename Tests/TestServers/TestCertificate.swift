// A self-signed certificate for localhost, made for one run, to test trust in a given bundle and distrust without it.

import Foundation

/// PEM files in a temporary folder; `openssl` makes them.
package struct TestCertificate: Sendable {
    package var certificateFile: String
    package var keyFile: String

    /// For `localhost` and 127.0.0.1, good for one day.
    package static func selfSigned() throws -> TestCertificate {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("test-certificate-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let made = TestCertificate(
            certificateFile: folder.appendingPathComponent("certificate.pem").path,
            keyFile: folder.appendingPathComponent("key.pem").path)
        let output = try runProgram(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1",
                "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                "-keyout", made.keyFile, "-out", made.certificateFile,
            ])
        guard output.status == 0 else { throw TestServerError("openssl made no certificate: \(output.errors)") }
        return made
    }

    /// Removes the files.
    package func remove() {
        try? FileManager.default.removeItem(
            at: URL(fileURLWithPath: certificateFile).deletingLastPathComponent())
    }
}
