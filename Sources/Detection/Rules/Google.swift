// Google and Firebase. Keys of service accounts are private keys, which have a rule of their own.

extension Rule {
    static let google: [Rule] = [
        .token(
            "google-api-key", "Google API key", by: "Google",
            form: ["AIza", .base64URL(35)], before: .alphanumeric, minimumEntropy: 3,
            revoke: "https://console.cloud.google.com/apis/credentials",
            documentation: "https://docs.cloud.google.com/docs/authentication/api-keys"),
        .token(
            "google-oauth-client-secret", "Google OAuth client secret", by: "Google",
            form: ["GOCSPX-", .base64URL(28)], revoke: "https://console.cloud.google.com/auth/clients",
            documentation: "https://developers.google.com/identity/protocols/oauth2"),
        .token(
            "google-oauth-refresh-token", "Google OAuth refresh token", by: "Google", .critical,
            form: ["1//0", .base64URL(60...160)], before: .alphanumeric, minimumEntropy: 3.8,
            revoke: "curl -d token=TOKEN https://oauth2.googleapis.com/revoke",
            documentation: "https://developers.google.com/identity/protocols/oauth2", boundsLength: false),
        .token(
            "google-oauth-access-token", "Google OAuth access token", by: "Google", .medium,
            form: ["ya29.", .base64URL(60...1024)], before: .alphanumeric, minimumEntropy: 3.5,
            revoke: "curl -d token=TOKEN https://oauth2.googleapis.com/revoke (it expires within an hour)",
            documentation: "https://developers.google.com/identity/protocols/oauth2", boundsLength: false),
        .token(
            "firebase-cloud-messaging-key", "Firebase Cloud Messaging server key (legacy)", by: "Google",
            form: ["AAAA", .base64URL(7), ":APA91b", .base64URL(134)], anchors: [":APA91b"], before: .token,
            minimumEntropy: 3.5, revoke: "https://console.firebase.google.com (Project settings, Cloud messaging)",
            documentation: "https://firebase.google.com/docs/cloud-messaging/auth-server"),
    ]
}
