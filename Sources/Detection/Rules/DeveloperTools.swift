// Tools that developers and their teams work with.

extension Rule {
    static let developerTools: [Rule] = [
        .token(
            "postman-api-key", "Postman API key", by: "Postman", form: ["PMAK-", .lowerHex(24), "-", .lowerHex(34)],
            revoke: "https://go.postman.co/settings/me/api-keys",
            documentation: "https://learning.postman.com/docs/developer/postman-api/authentication/"),
        .token(
            "figma-personal-access-token", "Figma personal access token", by: "Figma", form: ["figd_", .base64URL(40)],
            before: .word, minimumEntropy: 3, revoke: "https://www.figma.com/settings",
            documentation: "https://developers.figma.com/docs/rest-api/authentication/"),
        .token(
            "linear-api-key", "Linear API key", by: "Linear", form: ["lin_api_", .alphanumeric(40)], minimumEntropy: 3,
            revoke: "https://linear.app/settings/account/security",
            documentation: "https://linear.app/developers/graphql"),
        .token(
            "linear-oauth-token", "Linear OAuth token", by: "Linear", form: ["lin_oauth_", .lowerHex(64)],
            revoke: "curl -X POST https://api.linear.app/oauth/revoke",
            documentation: "https://linear.app/developers/oauth-2-0-authentication"),
        .token(
            "notion-integration-token", "Notion integration token", by: "Notion",
            form: ["ntn_", .digits(11...11), .alphanumeric(35)], before: .word, minimumEntropy: 3,
            revoke: notionIntegrations, documentation: notionDocumentation),
        .token(
            "notion-legacy-integration-token", "Notion integration token (legacy)", by: "Notion",
            form: ["secret_", .alphanumeric(43)], before: .word, minimumEntropy: 4,
            revoke: notionIntegrations, documentation: notionDocumentation),
        .assigned(
            "airtable-personal-access-token", "Airtable personal access token", by: "Airtable",
            names: ["airtable_token", "airtable_api_key", "airtable_access_token", "airtable_pat"],
            shape: Shape(ByteClass.alphanumeric.union("."), 82), minimumEntropy: 3.5,
            sample: { "pat" + Fake.alphanumeric(14, seed: $0) + "." + Fake.hex(64, seed: $0 + 10) },
            revoke: "https://airtable.com/create/tokens",
            documentation: "https://airtable.com/developers/web/guides/personal-access-tokens"),
        .token(
            "contentful-personal-access-token", "Contentful personal access token", by: "Contentful",
            form: ["CFPAT-", .base64URL(43)], minimumEntropy: 3,
            revoke: "https://app.contentful.com/account/profile/cma_tokens",
            documentation: "https://www.contentful.com/developers/docs/references/authentication/"),
        .token(
            "sonarqube-token", "SonarQube token", by: "Sonar", form: [.one(of: "squ_", "sqp_", "sqa_"), .lowerHex(40)],
            before: .word, minimumEntropy: 3, revoke: "Revoke it under My account, Security in SonarQube.",
            documentation: "https://docs.sonarsource.com/sonarqube-server/user-guide/managing-tokens/"),
        .token(
            "circleci-token", "CircleCI API token", by: "CircleCI",
            form: [.one(of: "CCIPAT_", "CCIPRJ_"), .alphanumeric(22), "_", .lowerHex(40)],
            revoke: "https://app.circleci.com/settings/user/tokens",
            documentation: "https://circleci.com/docs/managing-api-tokens/"),
        .token(
            "buildkite-user-access-token", "Buildkite API access token", by: "Buildkite",
            form: ["bkua_", .lowerHex(40)],
            revoke: "https://buildkite.com/user/api-access-tokens",
            documentation: "https://buildkite.com/docs/platform/security/tokens"),
        .token(
            "launchdarkly-sdk-key", "LaunchDarkly server-side SDK key", by: "LaunchDarkly", .medium,
            form: TokenForm(["sdk-"] + TokenForm.uuid), before: .alphanumeric,
            revoke: "https://app.launchdarkly.com (Environments)",
            documentation: "https://launchdarkly.com/docs/sdk/concepts/client-side-server-side"),
        .token(
            "sourcegraph-access-token", "Sourcegraph access token", by: "Sourcegraph",
            form: ["sgp_", .one(of: "", "local_"), .lowerHex(40)], before: .word, minimumEntropy: 3,
            revoke: "Delete it under Settings, Access tokens in Sourcegraph.",
            documentation: "https://sourcegraph.com/docs/cli/how-tos/creating-an-access-token"),
        .token(
            "readme-api-key", "ReadMe API key", by: "ReadMe", form: ["rdme_", .lowerAlphanumeric(70)],
            minimumEntropy: 3,
            revoke: "https://dash.readme.com",
            documentation: "https://docs.readme.com/main/reference/intro-authentication"),
        .token(
            "typeform-personal-access-token", "Typeform personal access token", by: "Typeform",
            form: ["tfp_", .base64URL(40...48), "_", .base64URL(10...16)], before: .word, minimumEntropy: 3.5,
            revoke: "https://admin.typeform.com/user/tokens",
            documentation: "https://www.typeform.com/developers/get-started/personal-access-token/", boundsLength: false
        ),
        .token(
            "hubspot-private-app-token", "HubSpot private app token", by: "HubSpot",
            form: TokenForm([.one(of: "pat-na1-", "pat-na2-", "pat-eu1-", "pat-ap1-")] + TokenForm.uuid),
            revoke: "https://app.hubspot.com/private-apps",
            documentation: "https://developers.hubspot.com/docs/apps/legacy-apps/private-apps/overview"),
        .token(
            "mapbox-secret-token", "Mapbox secret token", by: "Mapbox",
            form: ["sk.eyJ", .base64URL(60...160), ".", .base64URL(22)], before: .alphanumeric, minimumEntropy: 3.5,
            revoke: "https://console.mapbox.com/account/access-tokens/",
            documentation: "https://docs.mapbox.com/help/dive-deeper/access-tokens/"),
        .token(
            "mapbox-public-token", "Mapbox public token", by: "Mapbox", .info,
            form: ["pk.eyJ", .base64URL(60...160), ".", .base64URL(22)], before: .alphanumeric, minimumEntropy: 3.5,
            check: { _ in .publicByDesign },
            revoke: "Nothing to do: it is made to be public.",
            documentation: "https://docs.mapbox.com/help/dive-deeper/access-tokens/"),
        .token(
            "apify-api-token", "Apify API token", by: "Apify", form: ["apify_api_", .alphanumeric(36)],
            minimumEntropy: 3,
            revoke: "https://console.apify.com/settings/integrations",
            documentation: "https://docs.apify.com/platform/integrations/api"),
        .token(
            "wakatime-api-key", "WakaTime API key", by: "WakaTime", .low,
            form: TokenForm(["waka_"] + TokenForm.uuid), revoke: "https://wakatime.com/settings/account",
            documentation: "https://wakatime.com/developers"),
        .token(
            "infracost-api-token", "Infracost API token", by: "Infracost", .medium,
            form: ["ico-", .alphanumeric(32)], before: .token, minimumEntropy: 3.8,
            revoke: "https://dashboard.infracost.io", documentation: "https://www.infracost.io/docs/"),
    ]

    private static let notionIntegrations = "https://www.notion.so/profile/integrations"
    private static let notionDocumentation = "https://developers.notion.com/docs/authorization"
}
