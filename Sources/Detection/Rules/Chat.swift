// Slack, Discord, Telegram and other places where people talk.

extension Rule {
    static let chat: [Rule] = [
        .token(
            "slack-bot-token", "Slack bot token", by: "Slack",
            form: ["xoxb-", .digits(9...14), "-", .digits(9...14), "-", .alphanumeric(18...34)],
            revoke: slackRevocation, documentation: slackTokens),
        .token(
            "slack-bot-token-legacy", "Slack bot token (legacy)", by: "Slack",
            form: ["xoxb-", .digits(8...14), "-", .alphanumeric(18...26)],
            revoke: slackRevocation, documentation: slackTokens),
        .token(
            "slack-user-token", "Slack user token", by: "Slack",
            form: [
                "xoxp-", .digits(9...14), "-", .digits(9...14), "-", .digits(9...14), "-", .lowerHex(28...34),
            ],
            revoke: slackRevocation, documentation: slackTokens),
        .token(
            "slack-rotated-token", "Slack user or bot token (rotated)", by: "Slack",
            form: [.one(of: "xoxe.xoxp-1-", "xoxe.xoxb-1-"), .alphanumeric(100...250)],
            minimumEntropy: 3, revoke: slackRevocation, documentation: slackTokens, boundsLength: false),
        .token(
            "slack-app-token", "Slack app-level token", by: "Slack",
            form: ["xapp-", .digits(1...2), "-", .upperAlphanumeric(9...14), "-", .digits(9...14), "-", .lowerHex(64)],
            revoke: "https://api.slack.com/apps", documentation: slackTokens),
        .token(
            "slack-configuration-refresh-token", "Slack configuration refresh token", by: "Slack",
            form: ["xoxe-", .digits(1...2), "-", .alphanumeric(100...250)], minimumEntropy: 3,
            revoke: slackRevocation, documentation: slackTokens, boundsLength: false),
        .token(
            "slack-legacy-token", "Slack workspace or legacy token", by: "Slack",
            form: [
                .one(of: "xoxa-", "xoxr-", "xoxs-", "xoxo-"), .digits(1...14), "-", .base64URL(20...64),
            ],
            minimumEntropy: 3, revoke: slackRevocation, documentation: slackTokens, boundsLength: false),
        .token(
            "slack-browser-token", "Slack browser session token", by: "Slack",
            form: ["xoxc-", .digits(8...14), "-", .digits(8...14), "-", .digits(8...14), "-", .lowerHex(64)],
            revoke: "Sign out of all Slack sessions.", documentation: slackTokens),
        .token(
            "slack-webhook-url", "Slack incoming webhook", by: "Slack", .medium,
            form: [
                "https://hooks.slack.com/", .one(of: "services/T", "workflows/T", "triggers/T"),
                .upperAlphanumeric(8...12), "/", .upperAlphanumeric(8...18), "/", .alphanumeric(20...48),
            ],
            anchors: ["hooks.slack.com/"],
            revoke: "https://my.slack.com/apps/manage/custom-integrations",
            documentation: "https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks"),
        .token(
            "discord-webhook-url", "Discord webhook", by: "Discord", .medium,
            form: [
                "https://", .one(of: "discord.com", "discordapp.com", "ptb.discord.com", "canary.discord.com"),
                "/api/webhooks/", .digits(17...20), "/", .base64URL(60...80),
            ],
            anchors: ["/api/webhooks/"],
            revoke: "curl -X DELETE WEBHOOK_URL", documentation: "https://docs.discord.com/developers/resources/webhook"
        ),
        Rule(
            id: "discord-bot-token", title: "Discord bot token", provider: "Discord", severity: .high,
            anchors: ["discord_token", "discordtoken", "discord_bot_token", "discordbottoken", "bot_token", "bottoken"]
                .map { Anchor($0, ignoresCase: true) },
            confirmation: .assigned(Shape(ByteClass.base64URL.union("."), 59...84)), minimumEntropy: 3.5,
            check: TokenStructure.discord,
            revocation: "https://discord.com/developers/applications",
            references: ["https://docs.discord.com/developers/reference"],
            examples: {
                let token = { (seed: UInt64) in
                    Fake.base64URL(of: "1" + Fake.text(.digits, 17, seed: seed)) + "."
                        + Fake.base64URL(6, seed: seed + 1)
                        + "." + Fake.base64URL(38, seed: seed + 2)
                }
                return ["DISCORD_TOKEN=«\(token(1))»\n", "\"bot_token\": \"«\(token(2))»\""]
            },
            counterexamples: {
                ["DISCORD_TOKEN=\(Fake.base64URL(40, seed: 3))\n", "DISCORD_TOKEN=$TOKEN\n", "client.login(token)"]
            }
        ),
        .token(
            "telegram-bot-token", "Telegram bot token", by: "Telegram",
            form: [.digits(8...10), ":AA", .base64URL(33)], anchors: [":AA"], before: .alphanumeric,
            minimumEntropy: 3.5,
            revoke: "Send /revoke to @BotFather.", documentation: "https://core.telegram.org/bots/features#botfather"),
        .token(
            "microsoft-teams-webhook-url", "Microsoft Teams incoming webhook", by: "Microsoft", .medium,
            form: TokenForm(
                ["https://", .lowerAlphanumeric(8), ".webhook.office.com/webhookb2/"] + TokenForm.uuid + ["@"]
                    + TokenForm.uuid + ["/IncomingWebhook/", .lowerHex(32), "/"] + TokenForm.uuid),
            anchors: [".webhook.office.com/"], revoke: "Remove the connector from the channel.",
            documentation: "https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/"),
    ]

    private static let slackRevocation = "curl -H 'Authorization: Bearer TOKEN' https://slack.com/api/auth.revoke"
    private static let slackTokens = "https://docs.slack.dev/authentication/tokens"
}
