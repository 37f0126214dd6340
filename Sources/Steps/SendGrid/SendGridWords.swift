// What went wrong with SendGrid: what failed, its own words, and what to do.

package import SendGrid

/// The sentences for errors of SendGrid: of the steps, and of the command line.
package enum SendGridWords {
    /// Where a person manages the keys of an account.
    package static let page = "https://app.sendgrid.com/settings/api_keys"

    /// - Returns: one line each, without a part of a key; the reason without a full stop.
    package static func of(_ error: SendGridError) -> (reason: String, remedy: String?) {
        let tail = tail(error)
        let what = "\(error.endpoint) did not \(error.operation.rawValue)"
        switch error.kind {
        case .unauthorized:
            return (
                "\(error.endpoint) does not know the key that was used\(tail)",
                "give a key of the same account that may manage keys; accounts of the EU need `sendgrid: region: eu`"
            )
        case .forbidden:
            let permission = error.operation.permission.map { " (\($0))" } ?? ""
            return (
                "the key that was used may not \(error.operation.rawValue)\(permission)\(tail)",
                "give a key with full access, or one with \(error.operation.permission ?? "that scope"): \(page)"
            )
        case .keyLimit:
            return (
                "the account has its 100 keys, and SendGrid makes no more\(tail)",
                "delete a key that nobody uses (see them: migrate sendgrid keys), then try again"
            )
        case .notFound:
            return ("\(error.endpoint) has no key \(error.keyID ?? "of that id")\(tail)", nil)
        case .invalidInput: return (what + tail, nil)
        case .throttled:
            let seconds = error.retryAfter.map { "in \($0) s" } ?? "in a while"
            return ("\(error.endpoint) wants fewer requests\(tail)", "try again \(seconds)")
        case .serverFault: return (what + tail, "try again in a while")
        case .unreachable:
            return ("cannot reach \(error.endpoint)\(tail)", "check the network and the proxy settings")
        case .lostAnswer:
            return (
                "the answer got lost when \(error.endpoint) was to \(error.operation.rawValue)\(tail): whether it did "
                    + "is not known",
                "run the same again: what was made is found by its name"
            )
        case .unexpectedAnswer:
            return ("\(what): this is not what SendGrid answers\(tail)", "check proxies in between")
        case .unusableKey:
            return ("the SendGrid key cannot be used: \(error.message)", "copy it again, without spaces or line ends")
        }
    }

    private static func tail(_ error: SendGridError) -> String {
        let parts = [error.status.map { "HTTP \($0)" }, error.message.isEmpty ? nil : error.message].compactMap(\.self)
        return parts.isEmpty ? "" : " (" + parts.joined(separator: ": ") + ")"
    }
}
