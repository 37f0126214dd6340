// What the stores' errors mean to an application.

import AWS
import Stores
import World

extension SecretsManagerError {
    init(_ error: StoreError, reading name: String, from place: String) {
        switch error {
        case .notFound: self = .notFound(name: name, place: place)
        case .noSuchVersion: self = .noCurrentVersion(name: name, place: place)
        case .scheduledForDeletion(_, let until): self = .scheduledForDeletion(name: name, until: until?.iso8601)
        case .accessDenied(let action, _, let cause):
            self = .accessDenied(name: name, action: action, identity: cause?.identity)
        case .encryption(_, let reason): self = .decryptionFailed(name: name, reason: reason)
        case .wrongKey(let path):
            self = .decryptionFailed(name: name, reason: "\(path) was encrypted under another key")
        case .damaged(let path, let reason), .file(let path, let reason):
            self = .vault(name: name, reason: "\(path): \(reason)")
        case .keyFile(let path, let reason, _):
            self = .vault(name: name, reason: "the key file \(path): \(reason)")
        case .notAnObject(_, let reason): self = .notAnObject(name: name, reason: reason)
        case .unreachable(let cause): self = .unreachable(name: name, place: place, reason: cause.words)
        case .noCredentials(let cause) where cause.isTransient:
            self = .unreachable(name: name, place: place, reason: "\(cause.source): \(cause.reason)")
        case .noCredentials(let cause):
            self = .credentials(reason: "\(cause.source): \(cause.reason)", remedy: cause.remedy)
        case .aws(let cause): self.init(cause, reading: name)
        case .invalid(let what, let reason): self = .refused(name: name, reason: "\(what): \(reason)")
        case .quota(_, let cause): self = .refused(name: name, reason: cause?.words ?? "a quota is used up")
        case .managed(_, let owner): self = .refused(name: name, reason: "it is managed by \(owner)")
        case .tooLarge(_, let bytes): self = .refused(name: name, reason: "\(bytes) bytes are too many")
        // Errors of writing; a read gives none of them.
        case .alreadyExists, .conflict, .readBackDiffers: self = .refused(name: name, reason: "it is being changed")
        }
    }

    private init(_ cause: AWSError, reading name: String) {
        switch cause.kind {
        case .badCredentials, .expiredCredentials, .clockSkew:
            self = .credentials(
                reason: [cause.identity, cause.words].compactMap(\.self).joined(separator: ": "), remedy: nil)
        case .accessDenied:
            self = .accessDenied(name: name, action: "\(cause.service):\(cause.operation)", identity: cause.identity)
        default: self = .refused(name: name, reason: cause.words)
        }
    }
}

extension AWSError {
    /// Code, message and attempts, for people.
    fileprivate var words: String {
        let told = [code, message].filter { !$0.isEmpty }.joined(separator: ": ")
        let what = told.isEmpty ? kind.rawValue : told
        return attempts > 1 ? "\(what) (after \(attempts) attempts)" : what
    }
}
