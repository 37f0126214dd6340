// Places that applications run on.

extension Rule {
    static let hosting: [Rule] = [
        .token(
            "digitalocean-personal-access-token", "DigitalOcean personal access token", by: "DigitalOcean", .critical,
            form: ["dop_v1_", .lowerHex(64)], revoke: "https://cloud.digitalocean.com/account/api/tokens",
            documentation: "https://docs.digitalocean.com/reference/api/create-personal-access-token/"),
        .token(
            "digitalocean-oauth-token", "DigitalOcean OAuth token", by: "DigitalOcean", .high,
            form: [.one(of: "doo_v1_", "dor_v1_"), .lowerHex(64)],
            revoke: "https://cloud.digitalocean.com/account/api/access",
            documentation: "https://docs.digitalocean.com/reference/api/oauth/"),
        .token(
            "cloudflare-global-api-key", "Cloudflare global API key", by: "Cloudflare", .critical,
            form: ["cfk_", .alphanumeric(44...60)], before: .word, minimumEntropy: 3, revoke: cloudflareTokens,
            documentation: cloudflareFormats),
        .token(
            "cloudflare-api-token", "Cloudflare API token", by: "Cloudflare", .high,
            form: [.one(of: "cfut_", "cfat_"), .alphanumeric(44...60)], before: .word, minimumEntropy: 3,
            revoke: cloudflareTokens, documentation: cloudflareFormats),
        .assigned(
            "cloudflare-legacy-api-token", "Cloudflare API token (before 2026)", by: "Cloudflare", .high,
            names: ["cloudflare_api_token", "cf_api_token", "cloudflare_token"],
            shape: Shape(.base64URL, 40), minimumEntropy: 4, sample: { Fake.alphanumeric(40, seed: $0) },
            revoke: cloudflareTokens, documentation: cloudflareFormats),
        .assigned(
            "cloudflare-legacy-global-api-key", "Cloudflare global API key (before 2026)", by: "Cloudflare", .critical,
            names: ["cloudflare_api_key", "cf_api_key", "cloudflare_global_api_key"],
            shape: Shape(.lowerHexadecimal, 37...45), sample: { Fake.hex(37, seed: $0) },
            revoke: cloudflareTokens, documentation: cloudflareFormats),
        .token(
            "cloudflare-origin-ca-key", "Cloudflare origin CA key", by: "Cloudflare", .high,
            form: ["v1.0-", .lowerHex(24), "-", .lowerHex(146)], revoke: cloudflareTokens,
            documentation: "https://developers.cloudflare.com/fundamentals/api/get-started/ca-keys/"),
        .token(
            "vercel-token", "Vercel token", by: "Vercel", .critical,
            form: [.one(of: "vcp_", "vci_", "vca_", "vcr_", "vck_"), .alphanumeric(24...128)], before: .word,
            minimumEntropy: 3.8, revoke: "https://vercel.com/account/settings/tokens",
            documentation: "https://vercel.com/changelog/new-token-formats-and-secret-scanning", boundsLength: false),
        .assigned(
            "vercel-legacy-token", "Vercel token (before 2026)", by: "Vercel", .critical,
            names: ["vercel_token", "vercel_api_token", "vercel_access_token"], shape: Shape(.alphanumeric, 24),
            minimumEntropy: 3.5, sample: { Fake.alphanumeric(24, seed: $0) },
            revoke: "https://vercel.com/account/settings/tokens", documentation: "https://vercel.com/docs/rest-api"),
        .token(
            "netlify-personal-access-token", "Netlify personal access token", by: "Netlify", .critical,
            form: ["nfp_", .alphanumeric(36)], before: .word, minimumEntropy: 3,
            revoke: "https://app.netlify.com/user/applications",
            documentation: "https://docs.netlify.com/api-and-cli-guides/api-guides/get-started-with-api/"),
        .token(
            "heroku-api-key", "Heroku API key", by: "Heroku", .critical,
            form: ["HRKU-AA", .base64URL(58)], minimumEntropy: 3,
            revoke: "https://dashboard.heroku.com/account/applications",
            documentation: "https://devcenter.heroku.com/articles/authentication"),
        .assigned(
            "heroku-legacy-api-key", "Heroku API key (UUID)", by: "Heroku", .critical,
            names: ["heroku_api_key", "heroku_api_token", "heroku_auth_token"],
            shape: Shape(ByteClass("-", ranges: "0"..."9", "a"..."f"), 36), sample: { Fake.uuid(seed: $0 &* 100) },
            revoke: "https://dashboard.heroku.com/account",
            documentation: "https://devcenter.heroku.com/articles/authentication"),
        .token(
            "fly-access-token", "Fly.io access token", by: "Fly.io", .critical,
            form: [.one(of: "fm2_", "fm1r_"), .random(.base64, 100...900), .one(of: "", "=", "==")], before: .word,
            minimumEntropy: 4, revoke: "fly tokens revoke", documentation: "https://fly.io/docs/security/tokens/"),
        .token(
            "render-api-key", "Render API key", by: "Render", .critical,
            form: ["rnd_", .alphanumeric(28)], before: .word, minimumEntropy: 3.5,
            revoke: "https://dashboard.render.com/settings", documentation: "https://render.com/docs/api"),
        .assigned(
            "fastly-api-token", "Fastly API token", by: "Fastly", .high,
            names: ["fastly_api_token", "fastly_api_key", "fastly_token", "fastly_key"], shape: Shape(.base64URL, 32),
            minimumEntropy: 3.5, sample: { Fake.base64URL(32, seed: $0) },
            revoke: "https://manage.fastly.com/account/personal/tokens",
            documentation: "https://www.fastly.com/documentation/reference/api/auth-tokens/"),
        .token(
            "deno-deploy-token", "Deno Deploy access token", by: "Deno", .high,
            form: [.one(of: "ddp_", "ddw_"), .alphanumeric(36)], before: .word, minimumEntropy: 3,
            revoke: "https://dash.deno.com/account#access-tokens",
            documentation: "https://docs.deno.com/deploy/classic/"),
        .token(
            "scaleway-access-key-id", "Scaleway access key id", by: "Scaleway", .medium,
            form: ["SCW", .upperAlphanumeric(17)], before: .alphanumeric, minimumEntropy: 3,
            revoke: "https://console.scaleway.com/iam/api-keys",
            documentation: "https://www.scaleway.com/en/docs/iam/concepts/"),
        .token(
            "alibaba-access-key-id", "Alibaba Cloud access key id", by: "Alibaba Cloud", .medium,
            form: ["LTAI", .alphanumeric(16...20)], before: .alphanumeric, minimumEntropy: 3.3,
            revoke: "https://ram.console.aliyun.com",
            documentation: "https://www.alibabacloud.com/help/en/ram/user-guide/create-an-accesskey-pair"),
        .token(
            "tencent-secret-id", "Tencent Cloud secret id", by: "Tencent Cloud", .medium,
            form: ["AKID", .alphanumeric(32)], before: .alphanumeric, minimumEntropy: 3.5,
            revoke: "https://console.cloud.tencent.com/cam/capi",
            documentation: "https://www.tencentcloud.com/document/product/598/34228"),
        .token(
            "yandex-cloud-api-key", "Yandex Cloud API key", by: "Yandex Cloud", .high,
            form: ["AQVN", .base64URL(35...38)], before: .token, minimumEntropy: 3.8,
            revoke: "yc iam api-key delete",
            documentation: "https://yandex.cloud/en/docs/iam/concepts/authorization/api-key"),
    ]

    private static let cloudflareTokens = "https://dash.cloudflare.com/profile/api-tokens"
    private static let cloudflareFormats =
        "https://developers.cloudflare.com/fundamentals/api/get-started/token-formats/"
}
