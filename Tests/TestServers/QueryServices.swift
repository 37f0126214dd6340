// STS and IAM: forms in, XML out.

/// Answers the calls of the query protocol. Holds nothing: keys and denials come and go through `identities`.
struct QueryServices {
    var account: String

    /// - Parameter caller: who signed the request; nil for the one call that needs no signature.
    func call(
        _ operation: String, _ fields: [String: String], caller: KnownKey?, identities: inout Identities, now: Double
    ) throws(ServiceFailure) -> String {
        switch operation {
        case "GetCallerIdentity": try callerIdentity(caller)
        case "AssumeRole": try assumeRole(fields, identities: &identities, now: now)
        case "AssumeRoleWithWebIdentity": try assumeRoleWithWebIdentity(fields, identities: &identities, now: now)
        case "SimulatePrincipalPolicy": try simulate(fields, identities: identities)
        default:
            throw ServiceFailure("InvalidAction", "Could not find operation \(operation) for version 2011-06-15")
        }
    }

    private func callerIdentity(_ caller: KnownKey?) throws(ServiceFailure) -> String {
        guard let caller else { throw ServiceFailure("MissingAuthenticationToken", "Missing token", status: 403) }
        return sts(
            "GetCallerIdentity",
            """
            <Arn>\(escapedForXML(caller.arn))</Arn>
            <UserId>\(caller.accessKeyID.hasPrefix("ASIA") ? "AROA" : "AIDA")TESTUSERID</UserId>
            <Account>\(account)</Account>
            """)
    }

    private func assumeRole(
        _ fields: [String: String], identities: inout Identities, now: Double
    ) throws(ServiceFailure) -> String {
        let role = try required("RoleArn", fields)
        let session = try required("RoleSessionName", fields)
        let known = identities.roles[role]
        let isWelcome =
            (known?.externalID == nil || known?.externalID == fields["ExternalId"])
            && (known?.mfaSerial == nil || known?.mfaSerial == fields["SerialNumber"])
        guard isWelcome else {
            throw ServiceFailure(
                "AccessDenied", "The caller is not authorized to perform: sts:AssumeRole on resource: \(role)",
                status: 403)
        }
        if known?.mfaSerial != nil, known?.mfaCode != fields["TokenCode"] {
            throw ServiceFailure(
                "AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code.", status: 403)
        }
        let key = identities.issueKey(role: role, session: session, lifetime: try lifetime(fields), now: now)
        return sts("AssumeRole", credentials(of: key))
    }

    private func assumeRoleWithWebIdentity(
        _ fields: [String: String], identities: inout Identities, now: Double
    ) throws(ServiceFailure) -> String {
        let role = try required("RoleArn", fields)
        let session = try required("RoleSessionName", fields)
        let token = try required("WebIdentityToken", fields)
        if let expected = identities.roles[role]?.webIdentityToken, expected != token {
            throw ServiceFailure("InvalidIdentityToken", "The ID Token provided is not a valid JWT.")
        }
        let key = identities.issueKey(role: role, session: session, lifetime: try lifetime(fields), now: now)
        return sts("AssumeRoleWithWebIdentity", credentials(of: key))
    }

    private func simulate(_ fields: [String: String], identities: Identities) throws(ServiceFailure) -> String {
        let source = try required("PolicySourceArn", fields)
        guard !source.contains(":assumed-role/") else {
            throw ServiceFailure(
                "InvalidInput",
                "Invalid Entity Arn: \(source) does not clearly define entity type and name.")
        }
        let actions = members(of: "ActionNames", in: fields)
        guard !actions.isEmpty else { throw ServiceFailure("InvalidInput", "ActionNames must not be empty.") }
        let resources = members(of: "ResourceArns", in: fields)
        var results = ""
        for action in actions {
            for resource in resources.isEmpty ? ["*"] : resources {
                let denial = identities.denials.first { denial in
                    denial.action == action && (denial.resource.map { resource.contains(":\($0)") } ?? true)
                }
                let decision = denial.map { $0.isExplicit ? "explicitDeny" : "implicitDeny" } ?? "allowed"
                results += """
                    <member><EvalActionName>\(escapedForXML(action))</EvalActionName>
                    <EvalResourceName>\(escapedForXML(resource))</EvalResourceName>
                    <EvalDecision>\(decision)</EvalDecision><MatchedStatements/><MissingContextValues/></member>
                    """
            }
        }
        return """
            <SimulatePrincipalPolicyResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">
            <SimulatePrincipalPolicyResult><IsTruncated>false</IsTruncated>
            <EvaluationResults>\(results)</EvaluationResults></SimulatePrincipalPolicyResult>
            <ResponseMetadata><RequestId>\(newRequestID())</RequestId></ResponseMetadata>
            </SimulatePrincipalPolicyResponse>
            """
    }

    private func required(_ name: String, _ fields: [String: String]) throws(ServiceFailure) -> String {
        guard let value = fields[name], !value.isEmpty else {
            throw ServiceFailure(
                "ValidationError",
                "1 validation error detected: Value null at '\(name)' failed to satisfy constraint: "
                    + "Member must not be null")
        }
        return value
    }

    private func lifetime(_ fields: [String: String]) throws(ServiceFailure) -> Double {
        let text = fields["DurationSeconds"] ?? "3600"
        guard let seconds = Double(text), (900...43_200).contains(seconds) else {
            throw ServiceFailure("ValidationError", "DurationSeconds must be between 900 and 43200.")
        }
        return seconds
    }

    private func credentials(of key: KnownKey) -> String {
        """
        <AssumedRoleUser><Arn>\(escapedForXML(key.arn))</Arn><AssumedRoleId>AROATESTROLEID</AssumedRoleId>
        </AssumedRoleUser>
        <Credentials>
        <AccessKeyId>\(key.accessKeyID)</AccessKeyId>
        <SecretAccessKey>\(escapedForXML(key.secretAccessKey))</SecretAccessKey>
        <SessionToken>\(escapedForXML(key.sessionToken ?? ""))</SessionToken>
        <Expiration>\(isoDate(key.expires ?? 0))</Expiration>
        </Credentials>
        """
    }

    private func sts(_ operation: String, _ result: String) -> String {
        """
        <\(operation)Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
        <\(operation)Result>
        \(result)
        </\(operation)Result>
        <ResponseMetadata><RequestId>\(newRequestID())</RequestId></ResponseMetadata>
        </\(operation)Response>
        """
    }
}
