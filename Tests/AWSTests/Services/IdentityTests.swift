// STS and IAM: who we are, and what we may do.

import Testing

@testable import AWS

@Suite("Identity and permissions")
struct IdentityTests {
    @Test("The caller's identity is account, ARN and id")
    func callerIdentity() async throws {
        let script = ServiceScript(
            """
            <GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
            <Arn>arn:aws:sts::111122223333:assumed-role/a&amp;b/s</Arn><UserId>AROAEXAMPLE:s</UserId>
            <Account>111122223333</Account></GetCallerIdentityResult>
            <ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></GetCallerIdentityResponse>
            """)
        let identity = try await STSClient(client: try script.client(.sts)).getCallerIdentity()
        let expected = STSClient.Identity(
            account: "111122223333", arn: "arn:aws:sts::111122223333:assumed-role/a&b/s", userID: "AROAEXAMPLE:s")
        #expect(identity == expected)
        #expect(script.asked.map(\.operation) == ["GetCallerIdentity"])
        #expect(script.asked.first?.fields == ["Action": "GetCallerIdentity", "Version": "2011-06-15"])
    }

    @Test("An identity without an account is no identity")
    func incompleteIdentity() async throws {
        let script = ServiceScript(
            """
            <GetCallerIdentityResponse><GetCallerIdentityResult><Arn>a</Arn></GetCallerIdentityResult>
            </GetCallerIdentityResponse>
            """)
        let client = STSClient(client: try script.client(.sts))
        let error = await #expect(throws: AWSError.self) { try await client.getCallerIdentity() }
        #expect(error?.kind == .unexpectedAnswer)
    }

    @Test("A simulation lists actions and resources, and follows its marker")
    func simulation() async throws {
        func page(_ members: String, _ end: String) -> String {
            """
            <SimulatePrincipalPolicyResponse><SimulatePrincipalPolicyResult>\(end)
            <EvaluationResults>\(members)</EvaluationResults>
            </SimulatePrincipalPolicyResult></SimulatePrincipalPolicyResponse>
            """
        }
        let script = ServiceScript(
            page(
                """
                <member><EvalActionName>secretsmanager:GetSecretValue</EvalActionName>
                <EvalResourceName>arn:aws:secretsmanager:eu-central-1:111122223333:secret:n-AbCdEf</EvalResourceName>
                <EvalDecision>allowed</EvalDecision><MatchedStatements><member/></MatchedStatements>
                <MissingContextValues><member>aws:SourceIp</member><member>aws:ResourceTag/x</member>
                </MissingContextValues>
                </member>
                """, "<IsTruncated>true</IsTruncated><Marker>m 1+/=</Marker>"),
            page(
                """
                <member><EvalActionName>b</EvalActionName><EvalDecision>implicitDeny</EvalDecision>
                <PermissionsBoundaryDecisionDetail><AllowedByPermissionsBoundary>false</AllowedByPermissionsBoundary>
                </PermissionsBoundaryDecisionDetail></member>
                <member><EvalActionName>c</EvalActionName><EvalDecision>explicitDeny</EvalDecision>
                <OrganizationsDecisionDetail><AllowedByOrganizations>true</AllowedByOrganizations>
                </OrganizationsDecisionDetail></member>
                """, "<IsTruncated>false</IsTruncated>"))
        let client = IAMClient(client: try script.client(.iam))
        let found = try await client.simulatePrincipalPolicy(
            source: "arn:aws:iam::111122223333:role/deploy", actions: ["secretsmanager:GetSecretValue", "b", "c"],
            resources: ["arn:aws:secretsmanager:eu-central-1:111122223333:secret:n-??????"])
        #expect(found.map(\.action) == ["secretsmanager:GetSecretValue", "b", "c"])
        #expect(found.map(\.decision) == [.allowed, .implicitDeny, .explicitDeny])
        #expect(found[0].missingContext == ["aws:SourceIp", "aws:ResourceTag/x"])
        #expect(found[0].resource.hasSuffix("secret:n-AbCdEf") && found[1].resource == "*")
        #expect(found.map(\.allowedByBoundary) == [nil, false, nil])
        #expect(found.map(\.allowedByOrganization) == [nil, nil, true])
        let expected = [
            "Action": "SimulatePrincipalPolicy", "Version": "2010-05-08",
            "PolicySourceArn": "arn:aws:iam::111122223333:role/deploy",
            "ActionNames.member.1": "secretsmanager:GetSecretValue", "ActionNames.member.2": "b",
            "ActionNames.member.3": "c",
            "ResourceArns.member.1": "arn:aws:secretsmanager:eu-central-1:111122223333:secret:n-??????",
        ]
        #expect(script.asked[0].fields == expected)
        #expect(script.asked[1].fields["Marker"] == "m 1+/=")
    }

    @Test("Of several resources each has its own decision")
    func severalResources() async throws {
        let script = ServiceScript(
            """
            <SimulatePrincipalPolicyResponse><SimulatePrincipalPolicyResult><IsTruncated>false</IsTruncated>
            <EvaluationResults><member><EvalActionName>a</EvalActionName><EvalResourceName>*</EvalResourceName>
            <EvalDecision>allowed</EvalDecision><MissingContextValues><member>m</member></MissingContextValues>
            <OrganizationsDecisionDetail><AllowedByOrganizations>true</AllowedByOrganizations>
            </OrganizationsDecisionDetail><ResourceSpecificResults>
            <member><EvalResourceName>r1</EvalResourceName><EvalResourceDecision>allowed</EvalResourceDecision></member>
            <member><EvalResourceName>r2</EvalResourceName><EvalResourceDecision>explicitDeny</EvalResourceDecision>
            <MissingContextValues/></member>
            </ResourceSpecificResults></member></EvaluationResults>
            </SimulatePrincipalPolicyResult></SimulatePrincipalPolicyResponse>
            """)
        let client = IAMClient(client: try script.client(.iam))
        let found = try await client.simulatePrincipalPolicy(source: "s", actions: ["a"], resources: ["r1", "r2"])
        let expected: [IAMClient.Evaluation] = [
            .init(action: "a", resource: "r1", decision: .allowed, missingContext: ["m"], allowedByOrganization: true),
            .init(
                action: "a", resource: "r2", decision: .explicitDeny, missingContext: [], allowedByOrganization: true),
        ]
        #expect(found == expected)
    }

    private static let notFound = ServiceScript.Answer(
        status: 404,
        body: "<ErrorResponse><Error><Code>NoSuchEntity</Code><Message>no role</Message></Error></ErrorResponse>")
    private static let allowed = """
        <SimulatePrincipalPolicyResponse><SimulatePrincipalPolicyResult><EvaluationResults><member>
        <EvalActionName>a</EvalActionName><EvalDecision>allowed</EvalDecision></member></EvaluationResults>
        </SimulatePrincipalPolicyResult></SimulatePrincipalPolicyResponse>
        """

    @Test("A role that is not found is looked up by its name, and simulated under its path")
    func roleUnderPath() async throws {
        let whole = "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0"
        let role = "<GetRoleResponse><GetRoleResult><Role><Arn>\(whole)</Arn></Role></GetRoleResult></GetRoleResponse>"
        let script = ServiceScript([Self.notFound, .init(body: role), .init(body: Self.allowed)])
        let source = PrincipalARN.policySource(of: "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Admin_0/me")
        let found = try await IAMClient(client: try script.client(.iam)).simulatePrincipalPolicy(
            source: try #require(source).arn, actions: ["a"])
        #expect(found.map(\.decision) == [.allowed])
        #expect(script.asked.map(\.operation) == ["SimulatePrincipalPolicy", "GetRole", "SimulatePrincipalPolicy"])
        #expect(script.asked[1].fields["RoleName"] == "AWSReservedSSO_Admin_0")
        #expect(script.asked[2].fields["PolicySourceArn"] == whole)
    }

    @Test("Where the role may not be looked up, that is the error; what has a path or is none is not looked up")
    func roleNotFound() async throws {
        let denied = ServiceScript.Answer(
            status: 403, body: "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>")
        let script = ServiceScript([Self.notFound, denied])
        let error = await #expect(throws: AWSError.self) {
            try await IAMClient(client: try script.client(.iam)).simulatePrincipalPolicy(
                source: "arn:aws:iam::1:role/deploy", actions: ["a"])
        }
        #expect(error?.operation == "GetRole" && error?.kind == .accessDenied)
        for source in ["arn:aws:iam::1:role/path/deploy", "arn:aws:iam::1:user/me"] {
            let script = ServiceScript([Self.notFound])
            let error = await #expect(throws: AWSError.self) {
                try await IAMClient(client: try script.client(.iam)).simulatePrincipalPolicy(
                    source: source, actions: ["a"])
            }
            #expect(error?.operation == "SimulatePrincipalPolicy" && error?.kind == .notFound)
            #expect(script.asked.count == 1)
        }
    }

    @Test(
        "An evaluation that cannot be understood is not taken for an allowance",
        arguments: [
            "<member><EvalActionName>a</EvalActionName><EvalDecision>perhaps</EvalDecision></member>",
            "<member><EvalActionName>a</EvalActionName></member>", "<member/>",
            "<member><EvalActionName>a</EvalActionName><EvalDecision>allowed</EvalDecision><ResourceSpecificResults>"
                + "<member><EvalResourceName>r</EvalResourceName></member></ResourceSpecificResults></member>",
        ])
    func unknownDecision(member: String) async throws {
        let script = ServiceScript(
            """
            <SimulatePrincipalPolicyResponse><SimulatePrincipalPolicyResult><EvaluationResults>\(member)
            </EvaluationResults></SimulatePrincipalPolicyResult></SimulatePrincipalPolicyResponse>
            """)
        let client = IAMClient(client: try script.client(.iam))
        let error = await #expect(throws: AWSError.self) {
            try await client.simulatePrincipalPolicy(source: "s", actions: ["a"])
        }
        #expect(error?.kind == .unexpectedAnswer)
    }

    static let sources: [(identity: String, source: PrincipalARN.PolicySource?)] = [
        ("arn:aws:iam::1:user/a/b", .init(arn: "arn:aws:iam::1:user/a/b")),
        ("arn:aws:iam::1:role/x", .init(arn: "arn:aws:iam::1:role/x")),
        ("arn:aws:sts::1:assumed-role/deploy/session", .init(arn: "arn:aws:iam::1:role/deploy")),
        (
            "arn:aws-cn:sts::1:assumed-role/AWSReservedSSO_Admin_0/a@b.c",
            .init(arn: "arn:aws-cn:iam::1:role/AWSReservedSSO_Admin_0")
        ),
        ("arn:aws:iam::1:root", nil), ("arn:aws:sts::1:federated-user/bob", nil), ("arn:aws:iam::1:user", nil),
        ("arn:aws:sts::1:assumed-role/deploy", nil), ("arn:aws:sts::1:assumed-role//s", nil), ("bob", nil), ("", nil),
    ]

    @Test("An assumed role is simulated as its role; the root user and federated users cannot be", arguments: sources)
    func policySource(identity: String, source: PrincipalARN.PolicySource?) {
        #expect(PrincipalARN.policySource(of: identity) == source)
    }

    @Test("An ARN comes apart and together again")
    func arn() throws {
        let text = "arn:aws-us-gov:secretsmanager:us-gov-west-1:111122223333:secret:a:b/c-AbCdEf"
        let arn = try #require(ARN(text))
        #expect(arn.description == text)
        #expect(arn.partition == "aws-us-gov" && arn.region == "us-gov-west-1" && arn.resource == "secret:a:b/c-AbCdEf")
        for wrong in [
            "", "arn", "arn:aws:iam::1", "arn::iam::1:x", "arn:aws:::1:x", "arn:aws:iam::1:", "urn:a:b:c:d:e",
        ] {
            #expect(ARN(wrong) == nil, "\(wrong)")
        }
    }

    @Test(
        "A region's name tells its partition",
        arguments: [("eu-central-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-east-1", "aws-us-gov")])
    func partition(region: String, partition: String) { #expect(ARN.partition(ofRegion: region) == partition) }
}
