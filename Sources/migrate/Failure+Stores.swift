// What went wrong with a store or with AWS: what failed, AWS's own code, who asked, and what to do.

import AWS
import HTTP
import Reporting
import Stores
import World

extension Failure {
    static func storeWords(for error: any Error) -> Words? {
        switch error {
        case let error as StoreError: words(for: error)
        case let error as AWSError: words(for: error)
        case let error as CredentialError: words(for: error)
        case let error as AWSConfigurationError:
            (.failed, "\(clean(error.place)): \(trimmed(clean(error.reason))).", error.remedy.map(clean))
        case let error as TransportError: (.incomplete, "\(trimmed(clean(error.reason))).", nil)
        case is CancellationError: (.failed, "cancelled.", nil)
        default: nil
        }
    }

    private static func words(for error: StoreError) -> Words {
        switch error {
        case .notFound(let name):
            (
                .failed, "there is no secret \(quoted(name)).",
                "create it: \(CommandHint.line("secret", "create", name)); or see what there is: \(CommandHint.line("secret", "list"))"
            )
        case .noSuchVersion(let name, "AWSCURRENT"):
            (
                .failed, "\(quoted(name)) has no value yet.",
                "give it one: " + CommandHint.line("secret", "import", "FILE", "--secret", name)
            )
        case .noSuchVersion(let name, let wanted):
            (
                .failed, "\(quoted(name)) has no version \(quoted(wanted)).",
                "see its versions: " + CommandHint.line("secret", "history", name)
            )
        case .alreadyExists(let name):
            (
                .failed, "there is a secret \(quoted(name)) already; nothing was changed.",
                "look at it: " + CommandHint.line("secret", "get", "--secret", name)
            )
        case .scheduledForDeletion(let name, let until):
            (
                .failed,
                "\(quoted(name)) is scheduled for deletion"
                    + (until.map { " on \($0.iso8601.prefix(10))" } ?? "")
                    + ", and cannot be used until it is restored.",
                "bring it back: " + CommandHint.line("secret", "restore", name)
            )
        case .conflict(let name):
            (
                .failed, "others keep changing \(quoted(name)); nothing of this change is live.",
                "try again; see who writes: " + CommandHint.line("secret", "history", name)
            )
        case .accessDenied(let action, let name, let cause): denied(action, name, cause)
        case .readBackDiffers(let name):
            (
                .failed, "\(quoted(name)): the store gives back other bytes than were written.",
                "see which version is live: \(CommandHint.line("secret", "history", name)); and check what stands in between: an endpoint of your own, a proxy."
            )
        case .invalid(let what, let reason): (.failed, "\(clean(what)): \(trimmed(clean(reason))).", nil)
        case .tooLarge(let name, let bytes):
            (
                .failed,
                "\(quoted(name)) would have \(Wording.grouped(bytes)) bytes, and 65,536 is the limit; nothing was written.",
                "split it: one secret for each service, say; large files belong elsewhere."
            )
        case .quota(let name, let cause):
            (
                .failed, "\(quoted(name)): a quota is used up\(tail(cause)).",
                "AWS keeps about 100 versions of a secret and removes none that is younger than a day: wait, or write less often."
            )
        case .encryption(let name, let reason):
            (
                .failed, "\(quoted(name)) cannot be decrypted or encrypted: \(trimmed(clean(reason))).",
                "check that its KMS key is enabled, and that you may use it (kms:Decrypt, kms:GenerateDataKey)."
            )
        case .wrongKey(let path):
            (
                .failed, "the key is not the one that \(quoted(path)) was encrypted with.",
                "name the right key file with --vault-key, or give the right passphrase in \(VaultPlace.passphraseVariable)."
            )
        case .damaged(let path, let reason):
            (
                .failed, "\(quoted(path)) is damaged: \(trimmed(clean(reason))). It was left as it is.",
                "restore the file from a backup."
            )
        case .file(let path, let reason): (.failed, "\(quoted(path)): \(trimmed(clean(reason))).", nil)
        case .keyFile(let path, let reason, let isOpenToOthers):
            (
                .failed, "the vault's key file \(quoted(path)): \(trimmed(clean(reason))).",
                isOpenToOthers
                    ? "chmod 600 \(quoted(path))"
                    : "bring back your copy of it; without it the vault cannot be read. Another place: --vault-key"
            )
        case .managed(let name, let by):
            (
                .failed, "\(quoted(name)) is managed by \(clean(by)), and a change from outside could break that.",
                "if you know that it does not: add --force"
            )
        case .notAnObject(let name, let reason):
            (
                .failed,
                "the secret \(quoted(name)) is not a JSON object of keys and values: \(trimmed(clean(reason))).",
                "it is left as it is. Keep keys in another secret, or bring back a version that is an object: \(CommandHint.line("secret", "rollback", name))"
            )
        case .unreachable(let cause): words(for: cause)
        case .noCredentials(let cause): words(for: cause)
        case .aws(let cause): words(for: cause)
        }
    }

    private static func denied(_ action: String, _ name: String?, _ cause: AWSError?) -> Words {
        let what = name.flatMap { $0.isEmpty ? nil : " on \(quoted($0))" } ?? ""
        return (
            .failed, "\(clean(action)) is not allowed\(what)\(tail(cause)).",
            cause == nil
                ? "check who owns the vault's folder and files."
                : "see what you may do: \(CommandHint.line("doctor")); the permissions to ask for: \(CommandHint.line("policy", "migrator"))"
        )
    }

    private static func words(for error: AWSError) -> Words {
        let what = "\(error.operation) failed\(tail(error))"
        switch error.kind {
        case .accessDenied: return denied("\(error.service):\(error.operation)", nil, error)
        case .badCredentials where ["SignatureDoesNotMatch", "InvalidSignatureException"].contains(error.code):
            return (
                .failed, "the secret access key does not belong to the access key id\(tail(error)).",
                "see which credentials were used, and why: " + CommandHint.line("doctor")
            )
        case .badCredentials:
            return (.failed, what + ".", "see which credentials were used, and why: " + CommandHint.line("doctor"))
        case .expiredCredentials:
            return (
                .failed, what + ".",
                "get new ones (aws sso login, or your own way), then try again: migrate doctor tells which these were."
            )
        case .clockSkew:
            return (.failed, what + ".", "set this machine's clock right; AWS allows five minutes.")
        case .throttled, .serverFault:
            return (.incomplete, "\(what), after \(Wording.count(error.attempts, "attempt")).", "try again in a while.")
        case .unreachable:
            return (
                .incomplete,
                "cannot reach \(error.endpoint.map { clean($0) } ?? error.service): \(trimmed(clean(error.message)))"
                    + (error.mayHaveBeenApplied ? "; whether \(error.operation) was carried out is not known" : "")
                    + ".",
                "check the network, the region and the proxy settings: " + CommandHint.line("doctor")
            )
        case .unexpectedAnswer:
            return (
                .failed, "\(what): this is not what \(error.service) answers.",
                "check the endpoint, and proxies in between: " + CommandHint.line("doctor")
            )
        case .notFound, .alreadyExists, .invalidState, .invalidInput, .quota, .encryption, .other:
            return (.failed, what + ".", nil)
        }
    }

    private static func words(for error: CredentialError) -> Words {
        let remedy =
            error.remedy.map(clean)
            ?? "see where credentials were looked for: migrate doctor; without AWS: --store local"
        let status: ExitStatus = error.isTransient ? .incomplete : .failed
        return switch error.kind {
        case .none: (status, "\(trimmed(clean(error.reason))).", remedy)
        case .sourceFailed:
            (status, "no AWS credentials from \(clean(error.source)): \(trimmed(clean(error.reason))).", remedy)
        }
    }

    /// ` (AccessDeniedException: …; as AKIA… of the environment)`
    private static func tail(_ error: AWSError?) -> String {
        guard let error else { return "" }
        var parts: [String] = []
        if !error.code.isEmpty {
            parts.append(clean(error.code) + (error.message.isEmpty ? "" : ": " + trimmed(clean(error.message))))
        } else if !error.message.isEmpty {
            parts.append(trimmed(clean(error.message)))
        }
        if let identity = error.identity { parts.append("as " + clean(identity)) }
        if let id = error.requestID { parts.append("request " + clean(id)) }
        return parts.isEmpty ? "" : " (" + parts.joined(separator: "; ") + ")"
    }

    private static func trimmed(_ text: String) -> String { text.hasSuffix(".") ? String(text.dropLast()) : text }

    static func clean(_ text: String) -> String { Sanitizer(unicode: Terminal.isUTF8).clean(text) }
}
