// Signature Version 4: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html

package import HTTP
import Secrets
package import World

// One by one, as Crypto has a SharedSecret too.
import struct Crypto.HMAC
import struct Crypto.SHA256
import struct Crypto.SymmetricKey

/// Signs requests for one service in one region. A pure function of its arguments: the time is handed in.
package struct Signer: Sendable {
    package var service: String
    package var region: String
    /// Whether `.`, `..` and doubled slashes are resolved in the path that is signed. Only S3 wants them as they are.
    package var normalizesPath = true
    /// Whether the hash of the body goes along in a header of its own.
    package var signsBody = false
    /// Whether the session token is among what is signed; a few services want it added afterwards.
    package var signsToken = true

    package init(service: String, region: String) {
        self.service = service
        self.region = region
    }

    /// What was computed on the way, for tests and for finding out why a service does not agree.
    package struct Steps: Sendable, Equatable {
        package var canonicalRequest: String
        package var stringToSign: String
        package var signature: String
    }

    /// The request with the headers that sign it.
    package func sign(_ request: HTTPRequest, with credentials: AWSCredentials, at time: Instant) -> HTTPRequest {
        signWithSteps(request, with: credentials, at: time).request
    }

    package func signWithSteps(
        _ request: HTTPRequest, with credentials: AWSCredentials, at time: Instant
    ) -> (request: HTTPRequest, steps: Steps) {
        var signed = request
        let bodyHash = Self.hash(of: request.body)
        // The token becomes text here: a header has no other form.
        let token = credentials.sessionToken?.unprotectedText
        signed.headers.append(("X-Amz-Date", time.basicISO8601))
        if signsBody { signed.headers.append(("X-Amz-Content-SHA256", bodyHash)) }
        if signsToken, let token { signed.headers.append(("X-Amz-Security-Token", token)) }
        let canonical = CanonicalRequest(signed, bodyHash: bodyHash, normalizesPath: normalizesPath)
        let steps = self.steps(canonical, credentials, time)
        if !signsToken, let token { signed.headers.append(("X-Amz-Security-Token", token)) }
        let authorization =
            "AWS4-HMAC-SHA256 Credential=\(credentials.accessKeyID)/\(scope(time)), "
            + "SignedHeaders=\(canonical.signedHeaders), Signature=\(steps.signature)"
        signed.headers.append(("Authorization", authorization))
        return (signed, steps)
    }

    /// The request with a query that signs it, good for as many seconds as are said. With a session token, that query
    /// is a secret.
    package func presignWithSteps(
        _ request: HTTPRequest, with credentials: AWSCredentials, at time: Instant, expiresIn seconds: Int
    ) -> (request: HTTPRequest, steps: Steps) {
        var signed = request
        let names = CanonicalRequest.signedHeaders(request)
        var parameters = [
            "X-Amz-Algorithm=AWS4-HMAC-SHA256",
            "X-Amz-Credential=" + PercentEncoding.encode("\(credentials.accessKeyID)/\(scope(time))"),
            "X-Amz-Date=" + time.basicISO8601,
            "X-Amz-SignedHeaders=" + PercentEncoding.encode(names),
            "X-Amz-Expires=\(seconds)",
        ]
        if let query = request.query, !query.isEmpty { parameters.insert(query, at: 0) }
        let token = credentials.sessionToken.map {
            "X-Amz-Security-Token=" + PercentEncoding.encode($0.unprotectedText)
        }
        if signsToken, let token { parameters.append(token) }
        signed.query = parameters.joined(separator: "&")
        let canonical = CanonicalRequest(
            signed, bodyHash: Self.hash(of: request.body), normalizesPath: normalizesPath)
        let steps = self.steps(canonical, credentials, time)
        if !signsToken, let token { parameters.append(token) }
        parameters.append("X-Amz-Signature=" + steps.signature)
        signed.query = parameters.joined(separator: "&")
        return (signed, steps)
    }

    private func scope(_ time: Instant) -> String {
        "\(time.basicISO8601.prefix(8))/\(region)/\(service)/aws4_request"
    }

    private func steps(_ canonical: CanonicalRequest, _ credentials: AWSCredentials, _ time: Instant) -> Steps {
        let hash = Self.hex(SHA256.hash(data: Array(canonical.text.utf8)))
        let stringToSign = "AWS4-HMAC-SHA256\n\(time.basicISO8601)\n\(scope(time))\n\(hash)"
        var secret = SecretBuffer(capacity: credentials.secretAccessKey.count + 4)
        secret.append("AWS4")
        credentials.secretAccessKey.withValue { secret.append($0) }
        // Crypto's keys wipe their memory as ours do.
        var key = secret.withBytes { span in span.withUnsafeBytes { SymmetricKey(data: $0) } }
        for part in [String(time.basicISO8601.prefix(8)), region, service, "aws4_request"] {
            key = SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Array(part.utf8), using: key))
        }
        let signature = Self.hex(HMAC<SHA256>.authenticationCode(for: Array(stringToSign.utf8), using: key))
        return Steps(canonicalRequest: canonical.text, stringToSign: stringToSign, signature: signature)
    }

    private static func hash(of body: SharedSecret?) -> String {
        var function = SHA256()
        body?.withBytes { span in span.withUnsafeBytes { function.update(bufferPointer: $0) } }
        return hex(function.finalize())
    }

    /// Two lower-case digits for each byte.
    static func hex(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
