// Stripe, and others that move money.

extension Rule {
    static let payments: [Rule] = [
        .token(
            "stripe-secret-key", "Stripe secret key", by: "Stripe", .critical,
            form: [.one(of: "sk_live_", "sk_prod_"), .alphanumeric(16...120)],
            minimumEntropy: 3, revoke: stripeKeys, documentation: stripeDocumentation),
        .token(
            "stripe-restricted-key", "Stripe restricted key", by: "Stripe", .high,
            form: [.one(of: "rk_live_", "rk_prod_"), .alphanumeric(16...120)],
            minimumEntropy: 3, revoke: stripeKeys, documentation: stripeDocumentation),
        .token(
            "stripe-test-key", "Stripe test mode key", by: "Stripe", .low,
            form: [.one(of: "sk_test_", "rk_test_"), .alphanumeric(16...120)], minimumEntropy: 3,
            check: { KnownExample.contains($0) ? .placeholder : .wellFormed },
            revoke: stripeKeys, documentation: stripeDocumentation),
        .token(
            "stripe-publishable-key", "Stripe publishable key", by: "Stripe", .info,
            form: [.one(of: "pk_live_", "pk_test_"), .alphanumeric(16...120)], minimumEntropy: 3,
            check: { KnownExample.contains($0) ? .placeholder : .publicByDesign },
            revoke: "Nothing to do: it is made to be public.", documentation: stripeDocumentation),
        .token(
            "stripe-webhook-secret", "Stripe webhook signing secret", by: "Stripe", .high,
            form: ["whsec_", .random(.base64, 24...80), .one(of: "", "=")], minimumEntropy: 3,
            revoke: "https://dashboard.stripe.com/webhooks", documentation: "https://docs.stripe.com/webhooks"),
        .token(
            "square-access-token", "Square access token", by: "Square", .critical,
            form: [.one(of: "EAAAE", "EAAAl", "EAAAF"), .base64URL(55...60)], before: .token, minimumEntropy: 4,
            revoke: "https://developer.squareup.com/apps",
            documentation: "https://developer.squareup.com/docs/build-basics/access-tokens"),
        .token(
            "square-legacy-access-token", "Square access token (legacy)", by: "Square", .critical,
            form: ["sq0atp-", .base64URL(22)], revoke: "https://developer.squareup.com/apps",
            documentation: "https://developer.squareup.com/docs/build-basics/access-tokens"),
        .token(
            "square-oauth-secret", "Square OAuth application secret", by: "Square", .high,
            form: [.one(of: "sq0csp-", "sandbox-sq0csb-"), .base64URL(43)],
            revoke: "https://developer.squareup.com/apps",
            documentation: "https://developer.squareup.com/docs/oauth-api/overview"),
        .token(
            "braintree-access-token", "Braintree access token", by: "Braintree", .critical,
            form: ["access_token$production$", .lowerAlphanumeric(16), "$", .lowerHex(32)],
            revoke: "https://www.braintreegateway.com",
            documentation: "https://developer.paypal.com/braintree/docs/guides/authorization/overview"),
        .token(
            "plaid-access-token", "Plaid access token", by: "Plaid", .high,
            form: TokenForm([.one(of: "access-production-", "access-development-")] + TokenForm.uuid),
            revoke: "Call /item/remove or /item/access_token/invalidate.",
            documentation: "https://plaid.com/docs/api/tokens/"),
        .token(
            "flutterwave-secret-key", "Flutterwave secret key", by: "Flutterwave", .critical,
            form: ["FLWSECK-", .lowerHex(32), "-X"], revoke: "https://dashboard.flutterwave.com",
            documentation: "https://developer.flutterwave.com/docs/authentication"),
    ]

    private static let stripeKeys = "https://dashboard.stripe.com/apikeys"
    private static let stripeDocumentation = "https://docs.stripe.com/keys"
}
