// Who may call: keys, the roles they may take on, and what is forbidden.

/// A key that the double knows.
package struct KnownKey: Sendable {
    package var accessKeyID: String
    package var secretAccessKey: String
    package var sessionToken: String?
    /// Seconds since 1970; nil for keys that do not end.
    package var expires: Double?
    /// ARN of the user or of the assumed role.
    package var arn: String

    package init(
        accessKeyID: String, secretAccessKey: String, sessionToken: String? = nil, expires: Double? = nil,
        arn: String
    ) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
        self.expires = expires
        self.arn = arn
    }
}

/// What AssumeRole asks for one role; roles that are not named here may be assumed by anyone.
package struct KnownRole: Sendable {
    package var externalID: String?
    package var mfaSerial: String?
    package var mfaCode: String?
    /// The token that AssumeRoleWithWebIdentity accepts; nil for any.
    package var webIdentityToken: String?
    /// How long its keys are good, whatever was asked for; nil to grant what was asked.
    package var lifetimeSeconds: Double?

    package init(
        externalID: String? = nil, mfaSerial: String? = nil, mfaCode: String? = nil, webIdentityToken: String? = nil,
        lifetimeSeconds: Double? = nil
    ) {
        self.externalID = externalID
        self.mfaSerial = mfaSerial
        self.mfaCode = mfaCode
        self.webIdentityToken = webIdentityToken
        self.lifetimeSeconds = lifetimeSeconds
    }
}

struct Denial {
    /// `secretsmanager:GetSecretValue`.
    var action: String
    /// A secret's name; nil for all resources.
    var resource: String?
    /// A deny statement, rather than no allow statement.
    var isExplicit: Bool
}

struct Identities {
    var keys: [String: KnownKey] = [:]
    var roles: [String: KnownRole] = [:]
    var denials: [Denial] = []

    func denial(of action: String, on resource: String?) -> Denial? {
        denials.first { $0.action == action && ($0.resource == nil || $0.resource == resource) }
    }

    /// Throws AccessDeniedException in AWS's words when the action is denied.
    func check(_ action: String, on resource: String?, by arn: String) throws(ServiceFailure) {
        guard let denial = denial(of: action, on: resource) else { return }
        let reason =
            denial.isExplicit
            ? "with an explicit deny in an identity-based policy"
            : "because no identity-based policy allows the \(action) action"
        throw ServiceFailure(
            "AccessDeniedException",
            "User: \(arn) is not authorized to perform: \(action) on resource: \(resource ?? "*") \(reason)")
    }

    /// Makes temporary keys for a role, as STS does.
    mutating func issueKey(role: String, session: String, lifetime: Double, now: Double) -> KnownKey {
        let parts = role.split(separator: ":", omittingEmptySubsequences: false)
        let account = parts.count > 4 ? String(parts[4]) : ""
        let name = role.split(separator: "/").last.map(String.init) ?? ""
        let key = KnownKey(
            accessKeyID: "ASIA" + randomText(16, of: "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"),
            secretAccessKey: randomText(40, of: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/+"),
            sessionToken: randomText(200, of: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/+="),
            expires: now + (roles[role]?.lifetimeSeconds ?? lifetime),
            arn: "arn:aws:sts::\(account):assumed-role/\(name)/\(session)")
        keys[key.accessKeyID] = key
        return key
    }
}
