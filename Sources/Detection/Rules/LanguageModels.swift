// OpenAI, Anthropic, and others that serve models.

extension Rule {
    static let languageModels: [Rule] = [
        // All OpenAI keys hold `OpenAI` in base64.
        openAI("openai-project-key", "OpenAI project API key", .high, "sk-" + "proj-"),
        openAI("openai-service-account-key", "OpenAI service account API key", .high, "sk-" + "svcacct-"),
        openAI("openai-admin-key", "OpenAI admin API key", .critical, "sk-" + "admin-"),
        .token(
            "openai-legacy-key", "OpenAI API key (legacy)", by: "OpenAI", .high,
            form: ["sk-", .alphanumeric(20), "T3BlbkFJ", .alphanumeric(20)], anchors: ["T3BlbkFJ"],
            before: .alphanumeric,
            minimumEntropy: 3, revoke: openAIKeys, documentation: openAIDocumentation),
        .token(
            "anthropic-api-key", "Anthropic API key", by: "Anthropic", .high,
            form: ["sk-ant-api03-", .base64URL(93), "AA"], minimumEntropy: 3,
            revoke: "https://platform.claude.com/settings/keys",
            documentation: "https://platform.claude.com/docs/en/api/overview"),
        .token(
            "anthropic-admin-key", "Anthropic admin API key", by: "Anthropic", .critical,
            form: ["sk-ant-admin01-", .base64URL(93), "AA"], minimumEntropy: 3,
            revoke: "https://platform.claude.com/settings/admin-keys",
            documentation: "https://platform.claude.com/docs/en/manage-claude/admin-api"),
        .token(
            "anthropic-oauth-token", "Anthropic OAuth token", by: "Anthropic", .high,
            form: [.one(of: "sk-ant-oat01-", "sk-ant-ort01-"), .base64URL(93), "AA"], minimumEntropy: 3,
            revoke: "https://claude.ai/settings", documentation: "https://platform.claude.com/docs/en/api/overview"),
        .token(
            "hugging-face-user-token", "Hugging Face user access token", by: "Hugging Face", .high,
            form: ["hf_", .letters(34)], before: .alphanumeric, minimumEntropy: 3,
            revoke: "https://huggingface.co/settings/tokens",
            documentation: "https://huggingface.co/docs/hub/security-tokens"),
        .token(
            "hugging-face-organization-token", "Hugging Face organization API token", by: "Hugging Face", .high,
            form: ["api_org_", .letters(34)], minimumEntropy: 3,
            revoke: "https://huggingface.co/settings/tokens",
            documentation: "https://huggingface.co/docs/hub/security-tokens"),
        .token(
            "groq-api-key", "Groq API key", by: "Groq", .high, form: ["gsk_", .alphanumeric(52)], minimumEntropy: 3,
            revoke: "https://console.groq.com/keys", documentation: "https://console.groq.com/docs/quickstart"),
        .token(
            "xai-api-key", "xAI API key", by: "xAI", .high, form: ["xai-", .alphanumeric(80)], minimumEntropy: 3,
            revoke: "https://console.x.ai", documentation: "https://docs.x.ai/docs/tutorial"),
        .token(
            "perplexity-api-key", "Perplexity API key", by: "Perplexity", .high,
            form: ["pplx-", .alphanumeric(48)], minimumEntropy: 3,
            revoke: "https://www.perplexity.ai/settings/api",
            documentation: "https://docs.perplexity.ai/getting-started/overview"),
        .token(
            "replicate-api-token", "Replicate API token", by: "Replicate", .high,
            form: ["r8_", .alphanumeric(37)], before: .alphanumeric, minimumEntropy: 3,
            revoke: "https://replicate.com/account/api-tokens",
            documentation: "https://replicate.com/docs/topics/security/api-tokens"),
        .token(
            "openrouter-api-key", "OpenRouter API key", by: "OpenRouter", .high,
            form: ["sk-or-v1-", .lowerHex(64)], revoke: "https://openrouter.ai/settings/keys",
            documentation: "https://openrouter.ai/docs/api-reference/authentication"),
        .token(
            "nvidia-api-key", "NVIDIA API key", by: "NVIDIA", .high, form: ["nvapi-", .base64URL(64)],
            minimumEntropy: 3,
            revoke: "https://build.nvidia.com/settings/api-keys", documentation: "https://docs.api.nvidia.com"),
        .token(
            "langsmith-api-key", "LangSmith API key", by: "LangChain", .high,
            form: [.one(of: "lsv2_pt_", "lsv2_sk_"), .lowerHex(32), "_", .lowerHex(10)],
            revoke: "https://smith.langchain.com/settings",
            documentation: "https://docs.langchain.com/langsmith/create-account-api-key"),
        .token(
            "pinecone-api-key", "Pinecone API key", by: "Pinecone", .high,
            form: ["pcsk_", .alphanumeric(4...8), "_", .alphanumeric(60...66)], minimumEntropy: 3,
            revoke: "https://app.pinecone.io", documentation: "https://docs.pinecone.io/guides/projects/manage-api-keys"
        ),
        .token(
            "cerebras-api-key", "Cerebras API key", by: "Cerebras", .high, form: ["csk-", .lowerAlphanumeric(48)],
            before: .alphanumeric, minimumEntropy: 3,
            revoke: "https://cloud.cerebras.ai", documentation: "https://inference-docs.cerebras.ai/quickstart"),
        .token(
            "tavily-api-key", "Tavily API key", by: "Tavily", .medium,
            form: [.one(of: "tvly-dev-", "tvly-prod-"), .alphanumeric(32)],
            minimumEntropy: 3, revoke: "https://app.tavily.com",
            documentation: "https://docs.tavily.com/documentation/quickstart"),
    ]

    private static let openAIKeys = "https://platform.openai.com/api-keys"
    private static let openAIDocumentation = "https://platform.openai.com/docs/api-reference/authentication"

    private static func openAI(_ id: String, _ title: String, _ severity: Severity, _ prefix: String) -> Rule {
        .token(
            id, title, by: "OpenAI", severity,
            form: [.fixed(prefix), .open(.base64URL, from: 20), "T3BlbkFJ", .open(.base64URL, from: 20)],
            anchors: ["T3BlbkFJ"],
            minimumEntropy: 3, revoke: openAIKeys, documentation: openAIDocumentation, boundsLength: false)
    }
}
