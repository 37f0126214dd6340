// GitHub.

extension Rule {
    static let gitHub: [Rule] = [
        classicToken(
            "github-personal-access-token", "GitHub personal access token (classic)", .critical, "ghp" + "_",
            revocation: "https://github.com/settings/tokens"),
        classicToken(
            "github-oauth-token", "GitHub OAuth access token", .high, "gho" + "_",
            revocation: "https://github.com/settings/applications"),
        classicToken(
            "github-user-token", "GitHub App user access token", .high, "ghu" + "_",
            revocation: "https://github.com/settings/apps/authorizations"),
        classicToken(
            "github-installation-token", "GitHub App installation access token", .high, "ghs" + "_",
            revocation: "curl -X DELETE https://api.github.com/installation/token (the token also expires by itself)"),
        classicToken(
            "github-refresh-token", "GitHub App refresh token", .high, "ghr" + "_",
            revocation: "https://github.com/settings/apps/authorizations"),
        .token(
            "github-fine-grained-token", "GitHub fine-grained personal access token", by: "GitHub", .high,
            form: ["github_pat_", .alphanumeric(22), "_", .alphanumeric(59)], minimumEntropy: 3,
            revoke: "https://github.com/settings/personal-access-tokens", documentation: formats),
        .token(
            "github-stateless-installation-token", "GitHub App installation access token (stateless)", by: "GitHub",
            .high,
            form: [
                "ghs_", .digits(1...12), "_eyJ", .open(.base64URL, from: 20), ".eyJ", .open(.base64URL, from: 20), ".",
                .open(.base64URL, from: 40),
            ],
            minimumEntropy: 3,
            revoke: "curl -X DELETE https://api.github.com/installation/token (the token also expires by itself)",
            documentation:
                "https://github.blog/changelog/2026-05-15-github-app-installation-tokens-per-request-override-header/",
            boundsLength: false),
    ]

    private static let formats =
        "https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github"

    /// The kinds that share one layout: a prefix, 30 random characters and a checksum.
    private static func classicToken(
        _ id: String, _ title: String, _ severity: Severity, _ prefix: String, revocation: String
    ) -> Rule {
        .token(
            id, title, by: "GitHub", severity, form: [.fixed(prefix), .alphanumeric(36)], minimumEntropy: 3,
            check: TokenChecksum.gitHub, sample: { Fake.gitHub(prefix, seed: $0) }, revoke: revocation,
            documentation: formats)
    }
}
