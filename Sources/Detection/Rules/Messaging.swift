// Twilio, and services that send mail and messages. SendGrid has a file of its own.

extension Rule {
    static let messaging: [Rule] = [
        .assigned(
            "twilio-auth-token", "Twilio auth token", by: "Twilio", .critical,
            names: ["twilio_auth_token", "twilio_token", "twilio_auth", "twilio_secret"],
            shape: Shape(.lowerHexadecimal, 32), sample: { Fake.hex(32, seed: $0) },
            revoke: "https://console.twilio.com (Account, Auth tokens)",
            documentation: "https://www.twilio.com/docs/iam/api/authtoken"),
        .assigned(
            "twilio-api-key-secret", "Twilio API key secret", by: "Twilio", .critical,
            names: ["twilio_api_key_secret", "twilio_api_secret", "twilio_key_secret"],
            shape: Shape(.alphanumeric, 32), minimumEntropy: 3.5, sample: { Fake.alphanumeric(32, seed: $0) },
            revoke: "https://console.twilio.com (Account, API keys)",
            documentation: "https://www.twilio.com/docs/iam/api-keys"),
        .assigned(
            "twilio-api-key-sid", "Twilio API key SID", by: "Twilio", .low,
            names: ["twilio_api_key", "twilio_api_key_sid", "twilio_key", "twilio_sid"],
            // The letters of the prefix `SK` keep out account SIDs, which begin with `AC`.
            shape: Shape(ByteClass("SK", ranges: "0"..."9", "a"..."f"), 34),
            sample: { "S" + "K" + Fake.hex(32, seed: $0) },
            revoke: "https://console.twilio.com (Account, API keys)",
            documentation: "https://www.twilio.com/docs/iam/api-keys"),
        .token(
            "mailgun-private-key", "Mailgun private API key", by: "Mailgun",
            form: ["key-", .lowerHex(32)], before: .token, minimumEntropy: 3,
            revoke: "https://app.mailgun.com/settings/api_security",
            documentation: "https://documentation.mailgun.com/docs/mailgun/user-manual/api-key-mgmt/api-keys"),
        .assigned(
            "mailgun-api-key", "Mailgun API key", by: "Mailgun",
            names: ["mailgun_api_key", "mailgun_key", "mailgun_signing_key"],
            shape: Shape(ByteClass("-", ranges: "0"..."9", "a"..."f"), 50),
            sample: { Fake.hex(32, seed: $0) + "-" + Fake.hex(8, seed: $0 + 10) + "-" + Fake.hex(8, seed: $0 + 20) },
            revoke: "https://app.mailgun.com/settings/api_security",
            documentation: "https://documentation.mailgun.com/docs/mailgun/user-manual/api-key-mgmt/api-keys"),
        .assigned(
            "mailchimp-api-key", "Mailchimp API key", by: "Mailchimp",
            names: ["mailchimp_api_key", "mailchimp_key", "mailchimp"],
            shape: Shape(ByteClass("-us", ranges: "0"..."9", "a"..."f"), 36...37),
            sample: { Fake.hex(32, seed: $0) + "-us" + "1\($0 % 10)" },
            revoke: "https://admin.mailchimp.com/account/api/",
            documentation: "https://mailchimp.com/help/about-api-keys/"),
        .assigned(
            "mandrill-api-key", "Mailchimp Transactional (Mandrill) API key", by: "Mailchimp",
            names: ["mandrill_api_key", "mandrill_key", "mandrill_password"], shape: Shape(.base64URL, 22...25),
            minimumEntropy: 3.5, sample: { "md-" + Fake.base64URL(22, seed: $0) },
            revoke: "https://mandrillapp.com/settings",
            documentation: "https://mailchimp.com/developer/transactional/guides/quick-start/"),
        .token(
            "brevo-api-key", "Brevo API key", by: "Brevo",
            form: ["xkeysib-", .lowerHex(64), "-", .alphanumeric(16)],
            revoke: "https://app.brevo.com/settings/keys/api",
            documentation: "https://developers.brevo.com/docs/getting-started"),
        .token(
            "brevo-smtp-key", "Brevo SMTP key", by: "Brevo",
            form: ["xsmtpsib-", .lowerHex(64), "-", .alphanumeric(16)],
            revoke: "https://app.brevo.com/settings/keys/smtp",
            documentation: "https://developers.brevo.com/docs/smtp-integration"),
        .assigned(
            "resend-api-key", "Resend API key", by: "Resend",
            names: ["resend_api_key", "resend_key", "resend"], shape: Shape(.word, 36), minimumEntropy: 3.5,
            sample: { "re" + "_" + Fake.alphanumeric(8, seed: $0) + "_" + Fake.alphanumeric(24, seed: $0 + 10) },
            revoke: "https://resend.com/api-keys", documentation: "https://resend.com/docs/api-reference/api-keys"),
        .token(
            "telnyx-api-key", "Telnyx API key", by: "Telnyx",
            form: ["KEY0", .random(.upperHex, 31...31), "_", .alphanumeric(22)],
            revoke: "https://portal.telnyx.com/#/app/api-keys",
            documentation: "https://developers.telnyx.com/docs/account-setup/authentication"),
    ]
}
