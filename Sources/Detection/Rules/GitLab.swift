// GitLab. Its documentation lists the prefixes, and not the lengths, so those are ranges.

extension Rule {
    static let gitLab: [Rule] = [
        gitLabToken(
            "gitlab-personal-access-token", "GitLab personal, project or group access token", .critical, "glpat-"),
        Rule.token(
            "gitlab-routable-token", "GitLab routable access token", by: "GitLab", .critical,
            // The payload, its length in base 36 and a CRC, as of GitLab 17.
            form: [
                .one(of: "glpat-", "glrt-t1_", "glrt-t2_", "glrt-t3_", "gldt-", "glft-", "glcbt-", "glptt-"),
                .open(.base64URL, from: 27), ".", .lowerAlphanumeric(2), ".", .lowerAlphanumeric(7),
            ],
            minimumEntropy: 3,
            revoke: "https://gitlab.com/-/user_settings/personal_access_tokens", documentation: gitLabTokens),
        gitLabToken("gitlab-oauth-secret", "GitLab OAuth application secret", .high, "gloas-"),
        gitLabToken("gitlab-deploy-token", "GitLab deploy token", .high, "gldt-"),
        gitLabToken("gitlab-runner-token", "GitLab runner authentication token", .high, "glrt-"),
        gitLabToken("gitlab-runner-registration-token", "GitLab runner registration token", .high, "GR1348941"),
        gitLabToken("gitlab-ci-build-token", "GitLab CI/CD job token", .medium, "glcbt-"),
        gitLabToken("gitlab-trigger-token", "GitLab pipeline trigger token", .high, "glptt-"),
        gitLabToken("gitlab-feed-token", "GitLab feed token", .medium, "glft-"),
        gitLabToken("gitlab-scim-token", "GitLab SCIM token", .high, "glsoat-"),
        gitLabToken("gitlab-incoming-mail-token", "GitLab incoming mail token", .medium, "glimt-"),
        gitLabToken("gitlab-agent-token", "GitLab agent for Kubernetes token", .high, "glagent-"),
        gitLabToken("gitlab-registration-token", "GitLab runner registration token (new form)", .high, "glrtr-"),
        gitLabToken("gitlab-workspace-token", "GitLab workspace token", .high, "glwt-"),
        gitLabToken("gitlab-feature-flags-token", "GitLab feature flags client token", .medium, "glffct-"),
    ]

    private static let gitLabTokens = "https://docs.gitlab.com/security/tokens/"

    private static func gitLabToken(_ id: String, _ title: String, _ severity: Severity, _ prefix: String) -> Rule {
        .token(
            id, title, by: "GitLab", severity, form: [.fixed(prefix), .base64URL(20...64)],
            before: .alphanumeric, minimumEntropy: 3,
            revoke:
                "https://docs.gitlab.com/security/responding_to_security_incidents/#credential-exposure-to-public-internet",
            documentation: gitLabTokens, boundsLength: false)
    }
}
