// Atlassian: Jira, Confluence, Bitbucket, Trello.

extension Rule {
    static let atlassian: [Rule] = [
        .token(
            "atlassian-api-token", "Atlassian API token", by: "Atlassian", .critical,
            form: ["ATATT3xFfGF0", .open(.base64URL, from: 150), "=", .random(.upperHex, 8...8)], minimumEntropy: 3.5,
            check: TokenChecksum.atlassian, sample: { Fake.atlassian("ATATT3" + "xFfGF0", seed: $0) },
            revoke: atlassianTokens, documentation: atlassianDocumentation),
        .token(
            "bitbucket-access-token", "Bitbucket repository, project or workspace access token", by: "Atlassian", .high,
            form: ["ATCTT3xFfGN0", .open(.base64URL, from: 150), "=", .random(.upperHex, 8...8)], minimumEntropy: 3.5,
            check: TokenChecksum.atlassian, sample: { Fake.atlassian("ATCTT3" + "xFfGN0", seed: $0) },
            revoke: "Revoke it in the settings of the repository, project or workspace.",
            documentation: "https://support.atlassian.com/bitbucket-cloud/docs/access-tokens/"),
        .token(
            "bitbucket-app-password", "Bitbucket app password", by: "Atlassian", .high,
            form: ["ATBB", .alphanumeric(24), .random(.upperHex, 8...8)], before: .alphanumeric, minimumEntropy: 3,
            check: TokenChecksum.bitbucket, sample: { Fake.bitbucket(seed: $0) },
            revoke: "https://bitbucket.org/account/settings/app-passwords/",
            documentation: "https://support.atlassian.com/bitbucket-cloud/docs/app-passwords/"),
        .token(
            "trello-api-token", "Trello API token", by: "Atlassian", .high,
            form: ["ATTA", .lowerHex(64), .random(.upperHex, 8...8)],
            // `ATTA` alone is all over DNA in capitals.
            anchors: "0123456789abcdef".map { Anchor("ATTA\($0)") }, before: .alphanumeric,
            revoke: "https://trello.com/u/me/account",
            documentation: "https://developer.atlassian.com/cloud/trello/guides/rest-api/authorization/"),
    ]

    private static let atlassianTokens = "https://id.atlassian.com/manage-profile/security/api-tokens"
    private static let atlassianDocumentation =
        "https://support.atlassian.com/atlassian-account/docs/manage-api-tokens-for-your-atlassian-account/"
}
