// Monitoring, logs, analytics.

extension Rule {
    static let observability: [Rule] = [
        .token(
            "grafana-service-account-token", "Grafana service account token", by: "Grafana", .high,
            form: ["glsa_", .alphanumeric(32), "_", .lowerHex(8)], minimumEntropy: 3, check: TokenChecksum.grafana,
            sample: { Fake.grafana(seed: $0) }, revoke: "Delete it under Administration, Service accounts in Grafana.",
            documentation: "https://grafana.com/docs/grafana/latest/administration/service-accounts/"),
        .token(
            "grafana-cloud-token", "Grafana Cloud access policy token", by: "Grafana", .high,
            form: ["glc_eyJ", .random(.base64, 50...400), .one(of: "", "=", "==")], minimumEntropy: 3.5,
            check: TokenStructure.grafanaCloud,
            sample: { "glc" + "_" + Fake.base64URL(of: #"{"o":"1","n":"reader","k":"\#(Fake.hex(30, seed: $0))"}"#) },
            revoke: "https://grafana.com (My account, Access policies)",
            documentation:
                "https://grafana.com/docs/grafana-cloud/security-and-account-management/authentication-and-permissions/"
        ),
        .token(
            "new-relic-user-key", "New Relic user key", by: "New Relic", .high,
            form: ["NRAK-", .upperAlphanumeric(27)], minimumEntropy: 3, revoke: newRelicKeys,
            documentation: newRelicDocumentation),
        .token(
            "new-relic-license-key", "New Relic license key", by: "New Relic", .medium,
            form: [.random(.lowerAlphanumeric, 36...36), "NRAL"], anchors: ["NRAL"], before: .alphanumeric,
            minimumEntropy: 3,
            revoke: newRelicKeys, documentation: newRelicDocumentation),
        .token(
            "new-relic-insert-key", "New Relic insert key", by: "New Relic", .medium,
            form: ["NRII-", .base64URL(32)], minimumEntropy: 3, revoke: newRelicKeys,
            documentation: newRelicDocumentation),
        .token(
            "new-relic-browser-key", "New Relic browser key", by: "New Relic", .info,
            form: ["NRJS-", .lowerHex(19)], check: { _ in .publicByDesign },
            revoke: "Nothing to do: it is made to be public.", documentation: newRelicDocumentation),
        Rule(
            id: "sentry-dsn", title: "Sentry DSN", provider: "Sentry", severity: .info,
            anchors: [".sentry.io/", "@sentry.io/"],
            confirmation: .expression(
                #"https://[0-9a-f]{32}(?::[0-9a-f]{32})?@(?:o[0-9]{1,12}\.)?(?:ingest\.)?(?:[a-z]{2}\.)?sentry\.io/[0-9]{1,20}"#,
                before: nil, after: .digits),
            check: { _ in .publicByDesign },
            revocation: "Nothing to do: clients carry it. To stop abuse, rotate it in the project's client keys.",
            references: ["https://docs.sentry.io/concepts/key-terms/dsn-explainer/"],
            examples: {
                [
                    "SENTRY_DSN=«https://\(Fake.hex(32, seed: 1))@o123456.ingest.us.sentry.io/4501234567»\n",
                    "dsn: \"«https://\(Fake.hex(32, seed: 2))@sentry.io/1234567»\"",
                    "dsn: '«https://\(Fake.hex(32, seed: 3)):\(Fake.hex(32, seed: 4))@o1.ingest.sentry.io/2»',",
                ]
            },
            counterexamples: {
                [
                    "SENTRY_DSN=https://o123456.ingest.us.sentry.io/4501234567\n",
                    "SENTRY_DSN=https://\(Fake.hex(31, seed: 5))@o123456.ingest.us.sentry.io/4501234567\n",
                    "See https://docs.sentry.io/platforms/\n",
                ]
            }
        ),
        .token(
            "sentry-user-token", "Sentry user auth token", by: "Sentry", .high,
            form: ["sntryu_", .lowerHex(64)], revoke: "https://sentry.io/settings/account/api/auth-tokens/",
            documentation: "https://docs.sentry.io/account/auth-tokens/"),
        .token(
            "sentry-organization-token", "Sentry organization auth token", by: "Sentry", .high,
            // Base64 of `{"iat":`, then more of the same, `_` and the secret.
            form: ["sntrys_eyJpYXQiO", .random(.base64, 60...300), .one(of: "", "=", "=="), "_", .base64(43)],
            minimumEntropy: 3.5,
            revoke: "https://sentry.io/settings/auth-tokens/",
            documentation: "https://docs.sentry.io/account/auth-tokens/"),
        .assigned(
            "datadog-api-key", "Datadog API key", by: "Datadog", .high,
            names: ["datadog_api_key", "dd_api_key"], shape: Shape(.lowerHexadecimal, 32),
            sample: { Fake.hex(32, seed: $0) },
            revoke: "https://app.datadoghq.com/organization-settings/api-keys",
            documentation: "https://docs.datadoghq.com/account_management/api-app-keys/"),
        .assigned(
            "datadog-application-key", "Datadog application key", by: "Datadog", .critical,
            names: ["datadog_app_key", "dd_app_key", "datadog_application_key", "dd_application_key"],
            shape: Shape(.lowerHexadecimal, 40), sample: { Fake.hex(40, seed: $0) },
            revoke: "https://app.datadoghq.com/organization-settings/application-keys",
            documentation: "https://docs.datadoghq.com/account_management/api-app-keys/"),
        .token(
            "dynatrace-api-token", "Dynatrace API token", by: "Dynatrace", .high,
            form: [
                .one(of: "dt0c01.", "dt0s01.", "dt0s02.", "dt0s08.", "dt0s16."), .upperAlphanumeric(24), ".",
                .upperAlphanumeric(64),
            ],
            minimumEntropy: 3, revoke: "Delete it under Access tokens in Dynatrace.",
            documentation:
                "https://docs.dynatrace.com/docs/manage/identity-access-management/access-tokens-and-oauth-clients/access-tokens"
        ),
        .assigned(
            "rollbar-access-token", "Rollbar access token", by: "Rollbar", .medium,
            names: ["rollbar_access_token", "rollbar_token", "rollbar_server_token"],
            shape: Shape(.lowerHexadecimal, 32),
            sample: { Fake.hex(32, seed: $0) }, revoke: "https://app.rollbar.com (Project settings, Access tokens)",
            documentation: "https://docs.rollbar.com/docs/access-tokens"),
        .token(
            "honeycomb-ingest-key", "Honeycomb ingest key", by: "Honeycomb", .medium,
            form: [.one(of: "hcaik_", "hcbik_"), .lowerAlphanumeric(58)], minimumEntropy: 3,
            revoke: "https://ui.honeycomb.io",
            documentation: "https://docs.honeycomb.io/configure/environments/manage-api-keys/"),
        .token(
            "axiom-token", "Axiom token", by: "Axiom", .high,
            form: TokenForm([.one(of: "xaat-", "xapt-")] + TokenForm.uuid),
            revoke: "https://app.axiom.co/settings/api-tokens",
            documentation: "https://axiom.co/docs/reference/tokens"),
        .token(
            "posthog-personal-api-key", "PostHog personal API key", by: "PostHog", .high,
            form: ["phx_", .alphanumeric(40...60)], before: .word, minimumEntropy: 3.5,
            revoke: "https://app.posthog.com/settings/user-api-keys", documentation: "https://posthog.com/docs/api"),
        .token(
            "posthog-project-api-key", "PostHog project API key", by: "PostHog", .info,
            form: ["phc_", .alphanumeric(40...60)], before: .word, minimumEntropy: 3.5, check: { _ in .publicByDesign },
            revoke: "Nothing to do: it is made to be public.", documentation: "https://posthog.com/docs/api"),
    ]

    private static let newRelicKeys = "https://one.newrelic.com/api-keys"
    private static let newRelicDocumentation = "https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/"
}
