// AWS Security Token Service: who we are.

/// The calls of STS that commands make. (Assuming a role is the credential chain's own affair.)
package struct STSClient: Sendable {
    private let client: AWSClient

    package init(client: AWSClient) { self.client = client }

    /// Whom the credentials belong to.
    package struct Identity: Sendable, Equatable {
        package var account: String
        package var arn: String
        package var userID: String
    }

    /// Needs no permission, and cannot be forbidden by IAM policies of the account.
    /// - Throws: `AWSError`; `CredentialError`; `CancellationError`.
    package func getCallerIdentity() async throws -> Identity {
        let answer = try await client.query("GetCallerIdentity", [])
        func required(_ name: String) throws -> String {
            guard let text = answer[name]?.text, !text.isEmpty else {
                throw AWSError(
                    kind: .unexpectedAnswer, operation: "GetCallerIdentity", service: "sts", code: "",
                    message: "\(name) is missing")
            }
            return text
        }
        return Identity(account: try required("Account"), arn: try required("Arn"), userID: try required("UserId"))
    }
}
