// One place where credentials may come from.

import HTTP
import Secrets
import World

/// What a provider has to say.
package enum ProviderAnswer: Sendable {
    case found(AWSCredentials)
    /// It is not set up here, and why that is so, in words: "AWS_ACCESS_KEY_ID is not set".
    case notConfigured(String)
    /// It was asked and does not answer, as it does where there is none: what did not answer, and why.
    case unanswered(String)
}

/// Knows one way to credentials. What is set up and fails throws: it never answers "not configured" then, or another
/// identity would be taken in silence.
package protocol CredentialProvider: Sendable {
    /// For people: "environment variables".
    var name: String { get }

    /// Fetches credentials anew.
    /// - Throws: `CredentialError`; `CancellationError`.
    func load() async throws -> ProviderAnswer
}

extension CredentialProvider {
    func failure(_ reason: String, remedy: String? = nil, isTransient: Bool = false) -> CredentialError {
        CredentialError(kind: .sourceFailed, source: name, reason: reason, remedy: remedy, isTransient: isTransient)
    }

    /// The failure of a host that could not be asked.
    func failure(_ request: HTTPRequest, _ error: TransportError) -> CredentialError {
        failure("\(request.authority) does not answer: \(error.reason)", isTransient: error.isTransient)
    }

    /// The failure of a host that answers with an error.
    func failure(_ request: HTTPRequest, status: Int) -> CredentialError {
        failure(
            "\(request.authority) answers with HTTP \(status)", isTransient: CredentialRequest.isTransient(status))
    }

    /// The credentials, once it is sure that they can stand in a request's headers.
    func checked(
        id: String, secret: SharedSecret, token: SharedSecret?, expiration: Instant? = nil, source: String? = nil
    ) throws -> AWSCredentials {
        let isIDByte = { (byte: UInt8) in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || "_-.".utf8.contains(byte)
        }
        guard (1...256).contains(id.utf8.count), id.utf8.allSatisfy(isIDByte) else {
            throw failure("the access key id holds characters that no access key id has")
        }
        guard !secret.isEmpty else { throw failure("the secret access key is empty") }
        guard secret.isPrintable else {
            throw failure("the secret access key holds spaces, line ends or other characters that no key has")
        }
        guard token?.isPrintable ?? true else {
            throw failure("the session token holds spaces, line ends or other characters that no token has")
        }
        let token = token.flatMap { $0.isEmpty ? nil : $0 }
        return AWSCredentials(
            accessKeyID: id, secretAccessKey: secret, sessionToken: token, expiration: expiration,
            source: source ?? name)
    }
}
