// AWS Identity and Access Management: whether an identity may do what commands need, without doing it.

/// The calls of IAM that commands make.
package struct IAMClient: Sendable {
    private let client: AWSClient

    package init(client: AWSClient) { self.client = client }

    /// What the policies say of one action on one resource.
    package struct Evaluation: Sendable, Equatable {
        package enum Decision: String, Sendable {
            case allowed, explicitDeny, implicitDeny
        }

        /// `secretsmanager:GetSecretValue`
        package var action: String
        package var resource: String
        package var decision: Decision
        /// Condition keys that policies ask for and the simulation had no value for: the decision may be another one in
        /// a real call.
        package var missingContext: [String]
        /// False when a permissions boundary is what forbids it; nil where there is none.
        package var allowedByBoundary: Bool?
        /// False when a policy of the organization is what forbids it; nil where there is none.
        package var allowedByOrganization: Bool?
    }

    /// A role that IAM does not find is looked up by its name, as it may lie under a path: every role of SSO does.
    /// - Parameters:
    ///   - source: ARN of a user, group or role, the latter with or without its path: see `PrincipalARN.policySource`.
    ///   - resources: ARNs; empty for all.
    /// - Throws: `AWSError`, of the operation `GetRole` where that was not allowed; `CredentialError`;
    ///   `CancellationError`.
    package func simulatePrincipalPolicy(
        source: String, actions: [String], resources: [String] = []
    ) async throws -> [Evaluation] {
        do {
            return try await simulate(source, actions, resources)
        } catch let error as AWSError where error.kind == .notFound {
            guard let name = PrincipalARN.nameOfRole(withoutPath: source) else { throw error }
            let role = try await client.query("GetRole", [("RoleName", name)])["Role"]?["Arn"]?.text
            guard let role, role != source else { throw error }
            return try await simulate(role, actions, resources)
        }
    }

    private func simulate(_ source: String, _ actions: [String], _ resources: [String]) async throws -> [Evaluation] {
        var parameters = [("PolicySourceArn", source)]
        for (index, action) in actions.enumerated() { parameters.append(("ActionNames.member.\(index + 1)", action)) }
        for (index, resource) in resources.enumerated() {
            parameters.append(("ResourceArns.member.\(index + 1)", resource))
        }
        var evaluations: [Evaluation] = []
        var marker: String?
        var seen: Set<String> = []
        repeat {
            let answer = try await client.query(
                "SimulatePrincipalPolicy", parameters + (marker.map { [("Marker", $0)] } ?? []))
            guard let results = answer["EvaluationResults"] else { throw Self.unexpected("no EvaluationResults") }
            for member in results.members { evaluations += try Self.evaluations(member) }
            let next = answer["IsTruncated"]?.text == "true" ? answer["Marker"]?.text : nil
            if let next, !seen.insert(next).inserted { throw Self.unexpected("Marker comes again") }
            marker = next
        } while marker != nil
        return evaluations
    }

    // One action: on the resource it names, or on each of several, where IAM gives details of each.
    private static func evaluations(_ member: XMLElement) throws -> [Evaluation] {
        guard let action = member["EvalActionName"]?.text else { throw unexpected("an evaluation without an action") }
        let organization = member["OrganizationsDecisionDetail"]?.flag("AllowedByOrganizations")
        let boundary = member["PermissionsBoundaryDecisionDetail"]?.flag("AllowedByPermissionsBoundary")
        let missing = member["MissingContextValues"].map { $0.members.compactMap(\.text) }
        let each = member["ResourceSpecificResults"]?.members ?? []
        guard !each.isEmpty else {
            return [
                Evaluation(
                    action: action, resource: member["EvalResourceName"]?.text ?? "*",
                    decision: try decision(member["EvalDecision"]), missingContext: missing ?? [],
                    allowedByBoundary: boundary, allowedByOrganization: organization)
            ]
        }
        return try each.map { result in
            Evaluation(
                action: action, resource: result["EvalResourceName"]?.text ?? "*",
                decision: try decision(result["EvalResourceDecision"]),
                missingContext: result["MissingContextValues"].map { $0.members.compactMap(\.text) } ?? missing ?? [],
                allowedByBoundary: result["PermissionsBoundaryDecisionDetail"]?.flag("AllowedByPermissionsBoundary")
                    ?? boundary, allowedByOrganization: organization)
        }
    }

    private static func decision(_ element: XMLElement?) throws -> Evaluation.Decision {
        guard let decision = element?.text.flatMap({ Evaluation.Decision(rawValue: $0) }) else {
            throw unexpected("an evaluation without a known decision")
        }
        return decision
    }

    private static func unexpected(_ reason: String) -> AWSError {
        AWSError(
            kind: .unexpectedAnswer, operation: "SimulatePrincipalPolicy", service: "iam", code: "", message: reason)
    }
}

extension XMLElement {
    /// The elements of a list.
    fileprivate var members: [XMLElement] { children.filter { $0.name == "member" } }

    fileprivate func flag(_ name: String) -> Bool? { self[name]?.text.map { $0 == "true" } }
}

/// Who STS says we are, as policies know it.
package enum PrincipalARN {
    package struct PolicySource: Sendable, Equatable {
        /// Of a user or a role. That of a role lacks the path under which it may lie: STS does not tell it.
        package var arn: String
    }

    /// Whose policies count for the identity: `…:sts::111122223333:assumed-role/deploy/session` acts for the role
    /// `…:iam::111122223333:role/deploy`. Nil for those that cannot be simulated: the root user and federated users.
    package static func policySource(of identity: String) -> PolicySource? {
        guard var arn = ARN(identity) else { return nil }
        let parts = arn.resource.split(separator: "/", omittingEmptySubsequences: false)
        switch (arn.service, parts.first) {
        case ("iam", "user"), ("iam", "role"):
            return parts.count > 1 ? PolicySource(arn: identity) : nil
        case ("sts", "assumed-role"):
            guard parts.count == 3, !parts[1].isEmpty else { return nil }
            arn.service = "iam"
            arn.resource = "role/\(parts[1])"
            return PolicySource(arn: arn.description)
        default: return nil
        }
    }

    /// `deploy` of `…:role/deploy`; nil for a role with a path and for what is no role.
    static func nameOfRole(withoutPath arn: String) -> String? {
        guard let arn = ARN(arn), arn.service == "iam" else { return nil }
        let parts = arn.resource.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count == 2 && parts[0] == "role" && !parts[1].isEmpty ? String(parts[1]) : nil
    }
}
