// Secret stores, infrastructure as code, private networks.

extension Rule {
    static let infrastructure: [Rule] = [
        .token(
            "vault-service-token", "HashiCorp Vault service token", by: "HashiCorp", .critical,
            form: ["hvs.", .base64URL(90...160)], before: .alphanumeric, minimumEntropy: 3.5,
            revoke: "vault token revoke",
            documentation: vaultTokens),
        .token(
            "vault-root-token", "HashiCorp Vault root or orphan token", by: "HashiCorp", .critical,
            form: ["hvs.", .alphanumeric(24)], before: .alphanumeric, minimumEntropy: 3.5, revoke: "vault token revoke",
            documentation: vaultTokens),
        .token(
            "vault-batch-token", "HashiCorp Vault batch token", by: "HashiCorp", .high,
            form: ["hvb.", .base64URL(130...400)], before: .alphanumeric, minimumEntropy: 3.5,
            revoke: "Revoke its parent token; a batch token cannot be revoked by itself.", documentation: vaultTokens),
        .token(
            "terraform-cloud-token", "HCP Terraform API token", by: "HashiCorp", .critical,
            form: [.alphanumeric(14), ".atlasv1.", .base64URL(60...70)], anchors: [".atlasv1."], before: .alphanumeric,
            minimumEntropy: 3.5, revoke: "https://app.terraform.io/app/settings/tokens",
            documentation: "https://developer.hashicorp.com/terraform/cloud-docs/users-teams-organizations/api-tokens"),
        .token(
            "doppler-token", "Doppler token", by: "Doppler", .critical,
            form: [
                .one(of: "dp.pt.", "dp.ct.", "dp.sa.", "dp.said.", "dp.scim.", "dp.audit."), .alphanumeric(40...44),
            ],
            before: .alphanumeric, minimumEntropy: 3, revoke: "https://dashboard.doppler.com",
            documentation: "https://docs.doppler.com/reference/auth-token-formats"),
        .token(
            "doppler-service-token", "Doppler service token", by: "Doppler", .critical,
            form: ["dp.st.", .random(.base64URL, 2...35), ".", .alphanumeric(40...44)], before: .alphanumeric,
            minimumEntropy: 3, revoke: "https://dashboard.doppler.com",
            documentation: "https://docs.doppler.com/reference/auth-token-formats"),
        .token(
            "pulumi-access-token", "Pulumi access token", by: "Pulumi", .critical,
            form: ["pul-", .lowerHex(40)], before: .alphanumeric, minimumEntropy: 3,
            revoke: "https://app.pulumi.com/account/tokens",
            documentation: "https://www.pulumi.com/docs/administration/access-identity/access-tokens/"),
        .token(
            "onepassword-service-account-token", "1Password service account token", by: "1Password", .critical,
            form: ["ops_eyJ", .open(.base64URL, from: 250)], before: .word, minimumEntropy: 4,
            revoke: "Revoke it under Developer Tools on 1Password.com.",
            documentation: "https://developer.1password.com/docs/service-accounts/", boundsLength: false),
        .token(
            "onepassword-secret-key", "1Password secret key", by: "1Password", .high,
            form: [
                "A3-", .upperAlphanumeric(6), "-", .upperAlphanumeric(6), "-", .upperAlphanumeric(5), "-",
                .upperAlphanumeric(5), "-", .upperAlphanumeric(5), "-", .upperAlphanumeric(5),
            ],
            before: .token, minimumEntropy: 3.3, revoke: "https://my.1password.com/profile",
            documentation: "https://support.1password.com/secret-key/"),
        .token(
            "tailscale-key", "Tailscale key", by: "Tailscale", .high,
            form: [
                .one(of: "tskey-auth-", "tskey-api-", "tskey-client-", "tskey-scim-", "tskey-webhook-"),
                .alphanumeric(8...20), .one(of: "CNTRL", ""), "-", .alphanumeric(30...40),
            ],
            minimumEntropy: 3, revoke: "https://login.tailscale.com/admin/settings/keys",
            documentation: "https://tailscale.com/kb/1277/key-prefixes"),
        .assigned(
            "okta-api-token", "Okta API token", by: "Okta", .critical,
            names: ["okta_api_token", "okta_token", "okta_api_key"], shape: Shape(.base64URL, 42), minimumEntropy: 3.8,
            sample: { "00" + Fake.base64URL(40, seed: $0) },
            revoke: "Security, API, Tokens in the Okta admin console",
            documentation: "https://developer.okta.com/docs/guides/create-an-api-token/main/"),
        .token(
            "openshift-access-token", "OpenShift OAuth access token", by: "Red Hat", .high,
            form: ["sha256~", .base64URL(43)], minimumEntropy: 3.5, revoke: "oc logout",
            documentation: "https://docs.redhat.com/en/documentation/openshift_container_platform/"),
        .token(
            "age-secret-key", "age secret key", by: "age", .high,
            form: ["AGE-SECRET-KEY-1", .random(.bech32, 58...58)], minimumEntropy: 3,
            revoke: "Encrypt anew for another key; what was encrypted for this one stays readable.",
            documentation: "https://github.com/C2SP/C2SP/blob/main/age.md"),
    ]

    private static let vaultTokens = "https://developer.hashicorp.com/vault/docs/concepts/tokens"
}
