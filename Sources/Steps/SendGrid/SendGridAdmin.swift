// The key that may manage keys: from the environment, or from whoever is asked.

import Checklist
import Secrets
import SendGrid

/// It is used, and kept nowhere.
enum SendGridAdmin {
    static let questionID = "sendgrid-admin-key"

    static func question(isRequired: Bool = false) -> Question {
        Question(
            questionID,
            "a SendGrid key that may manage keys (it is used now, and kept nowhere)"
                + (isRequired ? "" : "; none: do it by hand"),
            .secret, isRequired: isRequired)
    }

    /// Nil when there is no such key.
    static func client(_ workbench: Workbench, _ answers: Answers = Answers()) throws -> SendGridClient? {
        let given = answers.secret(questionID).map(HeldSendGridKeys.trimmed) ?? workbench.sendGridAdminKey()
        guard let given, !given.isEmpty else { return nil }
        return try workbench.sendGrid(given)
    }

    /// The id of the key, for what a preview was made from.
    static func basis(_ client: SendGridClient?) -> String { client.map { $0.publicID ?? "another form" } ?? "none" }

    /// Makes sure, without changing anything, that the key may do what it is wanted for.
    /// - Throws: `StepFailure`.
    static func check(_ client: SendGridClient, may operations: [SendGridError.Operation]) async throws {
        switch try await client.liveness() {
        case .live(let scopes):
            for operation in operations {
                guard let permission = operation.permission, !scopes.contains(permission) else { continue }
                throw StepFailure(
                    "the SendGrid admin key may not \(operation.rawValue): it lacks \(permission)",
                    remedy: "use a key with full access, or give it that scope: \(SendGridWords.page)", kind: .refused)
            }
        case .scoped:
            // It may not even say what it may do; whether that includes keys, the first call shows.
            break
        case .dead:
            throw StepFailure(
                "\(client.place) does not know the SendGrid admin key (HTTP 401)",
                remedy: "check it at \(SendGridWords.page); accounts of the EU need `sendgrid: region: eu`",
                kind: .refused)
        case .elsewhere(let host):
            throw StepFailure(
                "the SendGrid admin key is at home at \(host), not at \(client.place)",
                remedy: "set `sendgrid: region:` in .migrate/config.yml", kind: .refused)
        case .unknown(let reason):
            throw StepFailure(
                "SendGrid does not say whether the admin key is good: \(reason)", remedy: "try again in a while",
                kind: .unknown)
        }
    }

    /// Runs calls, and words their errors.
    /// - Throws: `StepFailure` for what SendGrid says.
    static func calling<Result>(_ body: () async throws -> Result) async throws -> Result {
        do { return try await body() } catch let error as SendGridError {
            let (reason, remedy) = SendGridWords.of(error)
            throw StepFailure(reason, remedy: remedy, kind: error.isTransient ? .unknown : .failed)
        }
    }
}
