// What SendGrid says when it says no.

/// An answer that is an error, or none at all. Holds no part of a key.
package struct SendGridError: Error, Sendable, Equatable {
    package enum Kind: String, Sendable {
        /// 401: the key that was used is not known, or not any more.
        case unauthorized
        /// 403: the key that was used may not do this.
        case forbidden
        /// 403 when a key was to be made: the account has 100.
        case keyLimit
        case notFound
        /// 400 and its like: the request was wrong.
        case invalidInput
        /// Too many requests, and the time to wait is longer than is waited for here.
        case throttled
        case serverFault
        /// No whole answer came, and nothing can have been changed that a second try would not change again.
        case unreachable
        /// No whole answer came to a request that must not be sent twice: whether it was done is not known.
        case lostAnswer
        /// Not what SendGrid is documented to answer.
        case unexpectedAnswer
        /// The key holds characters that no key has, and was not sent.
        case unusableKey
    }

    package enum Operation: String, Sendable {
        case createKey = "create a key"
        case listKeys = "list the keys"
        case readKey = "read a key"
        case setScopes = "change a key's scopes"
        case deleteKey = "delete a key"
        case readScopes = "read the key's own scopes"

        /// The scope that a key must have to be allowed this; nil where none is needed.
        package var permission: String? {
            switch self {
            case .createKey: "api_keys.create"
            case .listKeys, .readKey: "api_keys.read"
            case .setScopes: "api_keys.update"
            case .deleteKey: "api_keys.delete"
            case .readScopes: nil
            }
        }
    }

    package var kind: Kind
    package var operation: Operation
    /// Nil when no answer came.
    package var status: Int?
    /// As SendGrid words it, or the transport's reason: one line, empty for none.
    package var message: String
    /// The public id of the key that the operation is about; nil for none.
    package var keyID: String?
    /// Requests that were sent in all.
    package var attempts: Int
    /// Seconds until it may be tried again, where SendGrid says so.
    package var retryAfter: Int?
    /// Host that was asked.
    package var endpoint: String

    package init(
        kind: Kind, operation: Operation, status: Int? = nil, message: String, keyID: String? = nil, attempts: Int = 1,
        retryAfter: Int? = nil, endpoint: String
    ) {
        self.kind = kind
        self.operation = operation
        self.status = status
        self.message = message
        self.keyID = keyID
        self.attempts = attempts
        self.retryAfter = retryAfter
        self.endpoint = endpoint
    }

    /// Whether the same may well succeed later, nothing else having changed.
    package var isTransient: Bool {
        switch kind {
        case .throttled, .serverFault, .unreachable, .lostAnswer: true
        default: false
        }
    }
}
