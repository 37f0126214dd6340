// Databases and data as a service. URLs with passwords have rules of their own.

extension Rule {
    static let dataPlatforms: [Rule] = [
        .token(
            "databricks-access-token", "Databricks personal access token", by: "Databricks", .critical,
            form: ["dapi", .lowerHex(32), .one(of: "", "-2", "-3")], before: .alphanumeric, minimumEntropy: 3,
            revoke: "databricks tokens delete",
            documentation: "https://docs.databricks.com/aws/en/dev-tools/auth/pat"),
        .token(
            "supabase-access-token", "Supabase personal access token", by: "Supabase", .critical,
            form: ["sbp_", .lowerHex(40)], before: .word, minimumEntropy: 3,
            revoke: "https://supabase.com/dashboard/account/tokens",
            documentation: "https://supabase.com/docs/reference/api/introduction"),
        .token(
            "supabase-secret-key", "Supabase secret key", by: "Supabase", .critical,
            form: ["sb_secret_", .base64URL(31)], minimumEntropy: 3,
            revoke: "https://supabase.com/dashboard/project/_/settings/api-keys",
            documentation: "https://supabase.com/docs/guides/api/api-keys"),
        .token(
            "supabase-publishable-key", "Supabase publishable key", by: "Supabase", .info,
            form: ["sb_publishable_", .base64URL(31)], minimumEntropy: 3, check: { _ in .publicByDesign },
            revoke: "Nothing to do: it is made to be public.",
            documentation: "https://supabase.com/docs/guides/api/api-keys"),
        .token(
            "planetscale-token", "PlanetScale service token, OAuth token or password", by: "PlanetScale", .critical,
            form: [.one(of: "pscale_tkn_", "pscale_oauth_", "pscale_pw_"), .random(.base64URL, 32...64)],
            minimumEntropy: 3,
            revoke: "https://app.planetscale.com",
            documentation: "https://planetscale.com/docs/api/reference/service-tokens"),
        .token(
            "neon-api-key", "Neon API key", by: "Neon", .critical,
            form: ["napi_", .lowerAlphanumeric(40...80)], before: .word, minimumEntropy: 3.5,
            revoke: "https://console.neon.tech/app/settings/api-keys",
            documentation: "https://neon.com/docs/manage/api-keys"),
        .token(
            "confluent-cloud-api-secret", "Confluent Cloud API secret", by: "Confluent", .high,
            form: ["cflt", .base64(60)], before: .token, minimumEntropy: 4,
            revoke: "confluent api-key delete",
            documentation:
                "https://docs.confluent.io/cloud/current/security/authenticate/workload-identities/service-accounts/api-keys/overview.html"
        ),
        .token(
            "elastic-cloud-api-key", "Elastic Cloud API key", by: "Elastic", .high,
            form: ["essu_", .random(.base64, 40...120), .one(of: "", "=", "==")], before: .word, minimumEntropy: 3.5,
            revoke: "https://cloud.elastic.co/account/keys",
            documentation: "https://www.elastic.co/docs/deploy-manage/api-keys/elastic-cloud-api-keys"),
        .token(
            "prefect-api-key", "Prefect API key", by: "Prefect", .high,
            form: [.one(of: "pnu_", "pnb_"), .alphanumeric(36)], before: .word, minimumEntropy: 3,
            revoke: "https://app.prefect.cloud/my/api-keys",
            documentation: "https://docs.prefect.io/v3/how-to-guides/cloud/manage-users/api-keys"),
        .token(
            "salesforce-access-token", "Salesforce access token", by: "Salesforce", .high,
            form: ["00D", .alphanumeric(12...15), "!", .random(.dottedWord, 80...260)], before: .alphanumeric,
            minimumEntropy: 3.5,
            revoke: "curl -d token=TOKEN https://login.salesforce.com/services/oauth2/revoke",
            documentation: "https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_access_tokens.htm",
            boundsLength: false),
        .assigned(
            "algolia-admin-key", "Algolia admin API key", by: "Algolia", .high,
            names: ["algolia_admin_key", "algolia_admin_api_key", "algolia_write_key", "algolia_secret"],
            shape: Shape(.lowerHexadecimal, 32), sample: { Fake.hex(32, seed: $0) },
            revoke: "https://dashboard.algolia.com/account/api-keys",
            documentation: "https://www.algolia.com/doc/guides/security/api-keys"),
    ]
}
