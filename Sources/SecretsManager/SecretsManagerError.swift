// Why a secret was not given, and what to do about it.

/// Why ``SecretsManager/SecretsManager`` has no secret to give.
///
/// Its description is one line that says what failed and what to do. No case holds a value, nor a part of one, so an
/// error may be logged as it is. ``isTransient`` tells those that may go away by themselves.
public enum SecretsManagerError: Error, Sendable, Equatable {
    /// The store has no secret of that name.
    case notFound(name: String, place: String)
    /// The secret is there, and no version of it is current.
    case noCurrentVersion(name: String, place: String)
    /// It cannot be read until it is restored. `until` is when it goes for good (ISO 8601).
    case scheduledForDeletion(name: String, until: String?)
    /// `identity` names who asked: an access key id and where it comes from.
    case accessDenied(name: String, action: String, identity: String?)
    /// There are no credentials, or none that the store accepts.
    case credentials(reason: String, remedy: String?)
    /// The store's encryption key refuses, is disabled, or is another one.
    case decryptionFailed(name: String, reason: String)
    /// The secret holds text that is not a JSON object.
    case notAnObject(name: String, reason: String)
    /// No answer, throttled to the end, or the service failed. Only here does the environment stand in.
    case unreachable(name: String, place: String, reason: String)
    /// A file of the local vault cannot be read, or is damaged.
    case vault(name: String, reason: String)
    /// The store refuses what it was asked for.
    case refused(name: String, reason: String)
    /// The settings do not say where to read from, or contradict each other.
    case configuration(reason: String)
    /// The secret has no such key, or `null` under it.
    case missingKey(key: String, name: String)
    /// The key is there, and its value is empty.
    case emptyValue(key: String, name: String)
    /// The key is there, and its value only holds the place of one.
    case placeholderValue(key: String, name: String)
    /// The secret is not what the type wants; `path` is where (`db.hosts[2]`), empty for the whole.
    case undecodable(name: String, path: String, reason: String)
    /// ``SecretsManager/SecretsManager/shutdown()`` has been called.
    case shutDown

    /// Whether asking again later may help, nothing else having changed.
    public var isTransient: Bool {
        if case .unreachable = self { true } else { false }
    }
}

extension SecretsManagerError: CustomStringConvertible {
    /// One line: what failed, and what to do.
    public var description: String {
        let (problem, advice) = sentence
        return (advice.map { "\(problem); \($0)" } ?? problem).oneLine
    }

    private var sentence: (problem: String, advice: String?) {
        switch self {
        case .notFound(let name, let place):
            (
                "secret \(name) is not in \(place)",
                "create it (migrate secret create), or check name, region and account"
            )
        case .noCurrentVersion(let name, let place):
            ("secret \(name) in \(place) has no current version", "store its values (migrate secret set)")
        case .scheduledForDeletion(let name, let until):
            (
                "secret \(name) is scheduled for deletion" + (until.map { " on \($0)" } ?? ""),
                "restore it (migrate secret restore)"
            )
        case .accessDenied(let name, let action, let identity):
            (
                "\(action) on \(name) is denied" + (identity.map { " to \($0)" } ?? ""),
                "allow it in the policy of that identity (migrate policy app)"
            )
        case .credentials(let reason, let remedy): ("no usable credentials: \(reason)", remedy)
        case .decryptionFailed(let name, let reason):
            ("secret \(name) cannot be decrypted: \(reason)", "check the encryption key and the right to use it")
        case .notAnObject(let name, let reason):
            ("secret \(name) is not a JSON object: \(reason)", "store its values by key (migrate secret set)")
        case .unreachable(let name, let place, let reason):
            ("secret \(name) was not read, \(place) cannot be reached: \(reason)", "it is tried again by itself")
        case .vault(let name, let reason): ("secret \(name) cannot be read from the local vault: \(reason)", nil)
        case .refused(let name, let reason): ("the store refuses to read \(name): \(reason)", nil)
        case .configuration(let reason): ("the secret store is not configured: \(reason)", nil)
        case .missingKey(let key, let name):
            ("secret \(name) has no key \(key)", "store it (migrate secret set --secret \(name) \(key))")
        case .emptyValue(let key, let name):
            ("\(key) in secret \(name) is empty", "store its value (migrate secret set --secret \(name) \(key))")
        case .placeholderValue(let key, let name):
            (
                "\(key) in secret \(name) is a placeholder",
                "store its value (migrate secret set --secret \(name) \(key))"
            )
        case .undecodable(let name, let path, let reason):
            ("secret \(name) does not have the expected form: \(path.isEmpty ? "" : path + ": ")\(reason)", nil)
        case .shutDown: ("the secrets manager has been shut down", nil)
        }
    }
}

extension String {
    /// Without line breaks and other control characters, for logs: names come from outside.
    var oneLine: String {
        guard unicodeScalars.contains(where: { $0.properties.generalCategory.breaksLines }) else { return self }
        var text = ""
        for scalar in unicodeScalars {
            text.unicodeScalars.append(scalar.properties.generalCategory.breaksLines ? "\u{FFFD}" : scalar)
        }
        return text
    }
}

extension Unicode.GeneralCategory {
    fileprivate var breaksLines: Bool {
        switch self {
        case .control, .lineSeparator, .paragraphSeparator, .format: true
        default: false
        }
    }
}
