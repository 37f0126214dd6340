// Signature Version 4 from the service's side, written apart from the client's signer so that each can witness the
// other: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html

import Crypto
import Foundation

struct SignatureVerifier {
    /// `secretsmanager`.
    var service: String
    /// Empty to accept any.
    var region: String

    /// The key that signed the request.
    func verify(
        _ request: ReceivedRequest, keys: [String: KnownKey], now: Double
    ) throws(ServiceFailure) -> KnownKey {
        guard let header = request.header("Authorization"), !header.isEmpty else {
            throw ServiceFailure("MissingAuthenticationTokenException", "Missing Authentication Token")
        }
        let fields = try parse(header)
        let scope = fields.credential.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard scope.count == 5 else { throw .incomplete("Credential") }
        guard let key = keys[scope[0]] else { throw .unknownKey }
        guard key.sessionToken == request.header("X-Amz-Security-Token") else { throw .unknownKey }
        if let expires = key.expires, expires <= now {
            throw ServiceFailure("ExpiredTokenException", "The security token included in the request is expired")
        }
        guard let date = request.header("X-Amz-Date"), let signedAt = seconds(fromBasicDate: date) else {
            throw .incomplete("existence of either a 'X-Amz-Date' or a 'Date' header")
        }
        try check(scope: scope, date: date)
        try check(signedAt: signedAt, date: date, now: now)
        try checkSignedHeaders(fields.signedHeaders, of: request)

        let hash = hex(SHA256.hash(data: request.body))
        let claimed = request.header("X-Amz-Content-SHA256") ?? hash
        guard claimed == hash || claimed == "UNSIGNED-PAYLOAD" else { throw .mismatch }
        let canonical = canonicalRequest(request, signedHeaders: fields.signedHeaders, payloadHash: claimed)
        let credentialScope = scope.dropFirst().joined(separator: "/")
        let toSign = """
            AWS4-HMAC-SHA256
            \(date)
            \(credentialScope)
            \(hex(SHA256.hash(data: Array(canonical.utf8))))
            """
        var signingKey = SymmetricKey(data: Array("AWS4\(key.secretAccessKey)".utf8))
        for part in scope.dropFirst() { signingKey = SymmetricKey(data: hmac(part, signingKey)) }
        guard hex(hmac(toSign, signingKey)) == fields.signature else { throw .mismatch }
        return key
    }

    private struct Fields {
        var credential: String
        var signedHeaders: [String]
        var signature: String
    }

    private func parse(_ header: String) throws(ServiceFailure) -> Fields {
        let algorithm = "AWS4-HMAC-SHA256 "
        guard header.hasPrefix(algorithm) else { throw .incomplete("AWS4-HMAC-SHA256") }
        var fields: [String: String] = [:]
        for pair in header.dropFirst(algorithm.count).split(separator: ",") {
            let parts = pair.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { continue }
            fields[parts[0].trimmingCharacters(in: .whitespaces)] = String(parts[1])
        }
        guard let credential = fields["Credential"] else { throw .incomplete("Credential") }
        guard let signed = fields["SignedHeaders"] else { throw .incomplete("SignedHeaders") }
        guard let signature = fields["Signature"] else { throw .incomplete("Signature") }
        return Fields(
            credential: credential, signedHeaders: signed.split(separator: ";").map(String.init), signature: signature)
    }

    private func check(scope: [String], date: String) throws(ServiceFailure) {
        guard scope[4] == "aws4_request" else {
            throw .badSignature("Credential should be scoped with a valid terminator: 'aws4_request'.")
        }
        guard scope[3] == service else {
            throw .badSignature("Credential should be scoped to correct service: '\(service)'.")
        }
        guard region.isEmpty || scope[2] == region else {
            throw .badSignature("Credential should be scoped to a valid region.")
        }
        guard date.hasPrefix(scope[1]) else {
            throw .badSignature(
                "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
                    + "'\(scope[1])' != '\(date.prefix(8))', from '\(date)'.")
        }
    }

    /// AWS takes requests that were signed up to five minutes ago or ahead.
    private func check(signedAt: Double, date: String, now: Double) throws(ServiceFailure) {
        let window = 300.0
        if signedAt < now - window {
            throw .badSignature(
                "Signature expired: \(date) is now earlier than \(basicDate(now - window)) "
                    + "(\(basicDate(now)) - 5 min.)")
        }
        if signedAt > now + window {
            throw .badSignature(
                "Signature not yet current: \(date) is still later than \(basicDate(now + window)) "
                    + "(\(basicDate(now)) + 5 min.)")
        }
    }

    private func checkSignedHeaders(_ signed: [String], of request: ReceivedRequest) throws(ServiceFailure) {
        let sent = request.headers.map { $0.name.lowercased() }
        let mustBeSigned = sent.filter { $0 == "host" || $0.hasPrefix("x-amz-") }
        for name in mustBeSigned where !signed.contains(name) {
            throw .badSignature("'\(name)' must be a 'SignedHeader' in the AWS Authorization.")
        }
        for name in signed where !sent.contains(name) { throw .mismatch }
    }

    private func canonicalRequest(
        _ request: ReceivedRequest, signedHeaders: [String], payloadHash: String
    ) -> String {
        // Every service but S3 encodes the path, which is encoded on the wire, a second time.
        let path = normalized(request.path).split(separator: "/", omittingEmptySubsequences: false)
            .map { encodedForURI(String($0)) }.joined(separator: "/")
        let query = request.query.split(separator: "&").map { pair -> String in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = parts.count > 1 ? String(parts[1]) : ""
            return [String(parts[0]), value].map { encodedForURI($0.removingPercentEncoding ?? $0) }
                .joined(separator: "=")
        }
        let headers = signedHeaders.map { name in
            let value = request.headers.filter { $0.name.lowercased() == name }
                .map { $0.value.split(separator: " ").joined(separator: " ") }
                .joined(separator: ",")
            return "\(name):\(value)\n"
        }
        return [
            request.method, path, query.sorted().joined(separator: "&"), headers.joined(),
            signedHeaders.joined(separator: ";"), payloadHash,
        ].joined(separator: "\n")
    }

    /// Without empty, `.` and `..` segments; a slash at the end stays.
    private func normalized(_ path: String) -> String {
        var segments: [Substring] = []
        for segment in path.split(separator: "/") where segment != "." {
            if segment == ".." { _ = segments.popLast() } else { segments.append(segment) }
        }
        let isFolder = path.hasSuffix("/") && !segments.isEmpty
        return "/" + segments.joined(separator: "/") + (isFolder ? "/" : "")
    }

    private func encodedForURI(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                encoded.append(Character(UnicodeScalar(byte)))
            default:
                encoded += String(format: "%%%02X", byte)
            }
        }
        return encoded
    }

    private func hmac(_ text: String, _ key: SymmetricKey) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key))
    }

    private func hex(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { String(format: "%02x", $0) }.joined()
    }
}

extension ServiceFailure {
    fileprivate static let unknownKey = ServiceFailure(
        "UnrecognizedClientException", "The security token included in the request is invalid.")

    fileprivate static let mismatch = badSignature(
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access "
            + "Key and signing method. Consult the service documentation for details.")

    fileprivate static func badSignature(_ message: String) -> ServiceFailure {
        ServiceFailure("InvalidSignatureException", message)
    }

    fileprivate static func incomplete(_ what: String) -> ServiceFailure {
        ServiceFailure("IncompleteSignatureException", "Authorization header requires \(what).")
    }

    /// The query protocol has other names for the same failures, and answers them with 403.
    var inQueryProtocol: ServiceFailure {
        switch code {
        case "MissingAuthenticationTokenException": ServiceFailure("MissingAuthenticationToken", message, status: 403)
        case "UnrecognizedClientException": ServiceFailure("InvalidClientTokenId", message, status: 403)
        case "InvalidSignatureException": ServiceFailure("SignatureDoesNotMatch", message, status: 403)
        case "ExpiredTokenException": ServiceFailure("ExpiredToken", message, status: 403)
        case "IncompleteSignatureException": ServiceFailure("IncompleteSignature", message, status: 403)
        case "AccessDeniedException": ServiceFailure("AccessDenied", message, status: 403)
        default: self
        }
    }
}
