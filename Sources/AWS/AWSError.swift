// What AWS says when it says no.

/// An answer that is an error, or none at all. Holds no part of a request.
package struct AWSError: Error, Sendable {
    /// What to make of it, whatever its HTTP status: AWS answers nearly every client error with 400.
    package enum Kind: String, Sendable {
        case accessDenied
        /// The credentials are unknown, malformed or their signature is wrong.
        case badCredentials
        case expiredCredentials
        case clockSkew
        case notFound
        case alreadyExists
        /// The resource is not in a state that allows this (scheduled for deletion, label moved elsewhere).
        case invalidState
        /// A parameter is wrong.
        case invalidInput
        /// A quota (of versions, secrets, size). Not retried: it does not go away by itself.
        case quota
        /// KMS cannot decrypt or encrypt.
        case encryption
        case throttled
        /// The service failed on its own.
        case serverFault
        /// No whole answer came.
        case unreachable
        /// The answer is not what the service is documented to give.
        case unexpectedAnswer
        case other
    }

    package var kind: Kind
    /// `GetSecretValue`.
    package var operation: String
    /// `secretsmanager`.
    package var service: String
    /// As AWS spells it, without namespace; empty when no answer came.
    package var code: String
    /// As AWS words it, one line; for `unreachable`, the transport's reason.
    package var message: String
    package var requestID: String?
    package var status: Int?
    /// Requests that were sent in all.
    package var attempts: Int
    /// Whether the service may have done what was asked all the same.
    package var mayHaveBeenApplied: Bool
    /// The access key id and the source of the credentials that were used, for people.
    package var identity: String?
    /// Host that was asked.
    package var endpoint: String?

    package init(
        kind: Kind, operation: String, service: String, code: String, message: String, requestID: String? = nil,
        status: Int? = nil, attempts: Int = 1, mayHaveBeenApplied: Bool = false, identity: String? = nil,
        endpoint: String? = nil
    ) {
        self.kind = kind
        self.operation = operation
        self.service = service
        self.code = code
        self.message = message
        self.requestID = requestID
        self.status = status
        self.attempts = attempts
        self.mayHaveBeenApplied = mayHaveBeenApplied
        self.identity = identity
        self.endpoint = endpoint
    }
}

/// Why there are no credentials, or none that are of use.
package struct CredentialError: Error, Sendable {
    package enum Kind: Sendable, Equatable {
        /// No source has any.
        case none
        /// One source is configured, and fails: the chain stops there rather than take others in silence.
        case sourceFailed
    }

    package var kind: Kind
    /// Which source, in words: "SSO session `corp` of profile `work`".
    package var source: String
    /// One line, no secrets.
    package var reason: String
    /// What to do: "aws sso login --profile work".
    package var remedy: String?
    /// Whether the same may well succeed a moment later: the source was not reached, or was too busy.
    package var isTransient: Bool

    package init(kind: Kind, source: String, reason: String, remedy: String? = nil, isTransient: Bool = false) {
        self.kind = kind
        self.source = source
        self.reason = reason
        self.remedy = remedy
        self.isTransient = isTransient
    }
}
