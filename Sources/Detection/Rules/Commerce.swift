// Shops, deliveries, travel.

extension Rule {
    static let commerce: [Rule] = [
        shopify("shopify-admin-access-token", "Shopify Admin API access token", .critical, "shpat_"),
        shopify("shopify-custom-app-token", "Shopify custom app access token", .critical, "shpca_"),
        shopify("shopify-private-app-token", "Shopify private app access token", .critical, "shppa_"),
        shopify("shopify-shared-secret", "Shopify app shared secret", .high, "shpss_"),
        shopify("shopify-partner-token", "Shopify Partner API or theme token", .high, "shptka_"),
        .token(
            "shippo-api-token", "Shippo API token", by: "Shippo", form: ["shippo_live_", .lowerHex(40)],
            revoke: "https://apps.goshippo.com/settings/api",
            documentation: "https://docs.goshippo.com/docs/Guides_general/authentication/"),
        .token(
            "easypost-api-key", "EasyPost API key", by: "EasyPost", form: ["EZAK", .alphanumeric(54)],
            before: .alphanumeric,
            minimumEntropy: 3.5, revoke: "https://www.easypost.com/account/api-keys",
            documentation: "https://docs.easypost.com/docs/authentication"),
        .token(
            "duffel-access-token", "Duffel access token", by: "Duffel", form: ["duffel_live_", .base64URL(43)],
            minimumEntropy: 3, revoke: "https://app.duffel.com",
            documentation: "https://duffel.com/docs/api/overview/making-requests/authentication"),
        .assigned(
            "cloudinary-api-secret", "Cloudinary API secret", by: "Cloudinary",
            names: ["cloudinary_api_secret", "cloudinary_secret"], shape: Shape(.base64URL, 27), minimumEntropy: 3.5,
            sample: { Fake.base64URL(27, seed: $0) }, revoke: "https://console.cloudinary.com/settings/api-keys",
            documentation: "https://cloudinary.com/documentation/finding_your_credentials_tutorial"),
    ]

    private static func shopify(_ id: String, _ title: String, _ severity: Severity, _ prefix: String) -> Rule {
        .token(
            id, title, by: "Shopify", severity, form: [.fixed(prefix), .lowerHex(32)],
            revoke: "Rotate or uninstall the app in the Shopify admin or Partner dashboard.",
            documentation: "https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens")
    }
}
