// Credentials of a role in exchange for others, from the regional STS.

import HTTP
import JSON
import Secrets
import World

/// Asks STS.
struct RoleExchange: Sendable {
    let settings: AWSSettings
    let transport: any Transport
    let world: World

    private static let mfaParameter = "TokenCode"

    /// How a role is to be taken on.
    struct Role: Sendable {
        var arn: String
        var sessionName: String
        var externalID: String?
        var mfaSerial: String?
        /// Of the credentials; nil for the role's own default.
        var seconds: Int?
    }

    /// Takes on a role as the identity of `credentials`.
    /// - Throws: `CredentialError`; `CancellationError`.
    func assume(
        _ role: Role, mfaCode: SharedSecret?, as credentials: AWSCredentials, for provider: some CredentialProvider
    ) async throws -> AWSCredentials {
        var parameters = parameters(role)
        if let id = role.externalID { parameters.append(("ExternalId", id)) }
        if let serial = role.mfaSerial { parameters.append(("SerialNumber", serial)) }
        let secrets = mfaCode.map { [(Self.mfaParameter, $0)] } ?? []
        return try await ask(
            "AssumeRole", parameters, secrets, role, credentials: StaticCredentials(credentials), for: provider)
    }

    /// Takes on a role by an identity provider's token. The request is not signed: the token is the proof.
    /// - Throws: `CredentialError`; `CancellationError`.
    func assume(
        _ role: Role, webIdentity token: SharedSecret, for provider: some CredentialProvider
    ) async throws -> AWSCredentials {
        try await ask(
            "AssumeRoleWithWebIdentity", parameters(role), [("WebIdentityToken", token)], role, credentials: nil,
            for: provider)
    }

    private func parameters(_ role: Role) -> [(String, String)] {
        var parameters = [("RoleArn", role.arn), ("RoleSessionName", role.sessionName)]
        if let seconds = role.seconds { parameters.append(("DurationSeconds", String(seconds))) }
        return parameters
    }

    private func ask(
        _ action: String, _ parameters: [(String, String)], _ secrets: [(String, SharedSecret)], _ role: Role,
        credentials: (any CredentialSource)?, for provider: some CredentialProvider
    ) async throws -> AWSCredentials {
        guard let region = settings.region?.value else {
            throw provider.failure(
                "no region is set, and STS is asked in one", remedy: "set AWS_REGION, or `region` in the profile")
        }
        let answer: XMLElement
        do {
            let client = try AWSClient(
                service: .sts, settings: settings, region: region, credentials: credentials, transport: transport,
                world: world)
            // An MFA code is good once: with it, a lost answer cannot be asked for again.
            let isIdempotent = !secrets.contains { $0.0 == Self.mfaParameter }
            answer = try await client.query(action, parameters, secrets: secrets, isIdempotent: isIdempotent)
        } catch let error as AWSError {
            throw provider.failure(
                Self.words(error, action, role), remedy: Self.remedy(error, action),
                isTransient: [.unreachable, .throttled, .serverFault].contains(error.kind))
        }
        guard let given = answer["Credentials"], let id = given["AccessKeyId"]?.text,
            let secret = given["SecretAccessKey"]?.content, let token = given["SessionToken"]?.content,
            let end = given["Expiration"]?.text.flatMap({ Instant(iso8601: $0) })
        else { throw provider.failure("the answer of STS lacks credentials") }
        let source = "role \(OneLine.of(role.arn)) (\(provider.name))"
        return try provider.checked(id: id, secret: secret, token: token, expiration: end, source: source)
    }

    private static func words(_ error: AWSError, _ action: String, _ role: Role) -> String {
        let what = "\(action) of \(OneLine.of(role.arn))"
        if error.kind == .unreachable { return "\(what): STS does not answer: \(error.message)" }
        let facts = [error.code, OneLine.of(error.message, limit: 300)].filter { !$0.isEmpty }
        return ([what] + facts).joined(separator: ": ")
    }

    private static func remedy(_ error: AWSError, _ action: String) -> String? {
        switch error.kind {
        case .accessDenied:
            action == "AssumeRole"
                ? "the role's trust policy and the caller's own policy must both allow sts:AssumeRole" : nil
        case .expiredCredentials: "renew the credentials or the token that the role is taken on with"
        default: nil
        }
    }
}

extension RoleExchange.Role {
    /// Checks what a configuration says, so that a typing error is named here rather than by STS.
    /// - Throws: `CredentialError`.
    func checked(for provider: some CredentialProvider) throws -> RoleExchange.Role {
        let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", parts[2] == "iam", parts[5].hasPrefix("role/"),
            arn.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { throw provider.failure("role_arn is no ARN of a role (arn:aws:iam::ACCOUNT:role/NAME)") }
        let isNameByte = { (byte: UInt8) in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || "_+=,.@-".utf8.contains(byte)
        }
        guard (2...64).contains(sessionName.utf8.count), sessionName.utf8.allSatisfy(isNameByte) else {
            throw provider.failure("the role session name must be 2 to 64 letters, digits or _+=,.@-")
        }
        return self
    }

    /// Told apart by the second at which it began, as CloudTrail shows it.
    static func usualSessionName(at time: Instant) -> String { "migrate-\(max(0, time.wholeSeconds))" }
}
