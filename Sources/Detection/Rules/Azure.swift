// Microsoft Azure.

extension Rule {
    static let azure: [Rule] = [
        .assigned(
            "azure-storage-account-key", "Azure storage account key", by: "Azure", .critical,
            names: ["account_key", "storage_key", "storage_account_key"],
            shape: Shape(.base64, 88), minimumEntropy: 4, check: emulatorOrReal,
            sample: { Fake.base64(86, seed: $0) + "==" },
            revoke: "az storage account keys renew",
            documentation: "https://learn.microsoft.com/en-us/azure/storage/common/storage-account-keys-manage"),
        // Keys of these kinds have carried a fixed mark in the same place since 2022 or so.
        marked(
            "azure-marked-storage-key", "Azure storage account key (marked)", 76, "+ASt", 6, "==",
            "az storage account keys renew"),
        marked("azure-cosmos-db-key", "Azure Cosmos DB key", 76, "ACDb", 6, "==", "az cosmosdb keys regenerate"),
        marked("azure-batch-key", "Azure Batch account key", 76, "+ABa", 6, "==", "az batch account keys renew"),
        .token(
            "azure-functions-key", "Azure Functions key", by: "Azure", .critical,
            form: [.base64URL(44), "AzFu", .base64URL(6), "=="], anchors: ["AzFu"], before: .base64URL,
            minimumEntropy: 4,
            revoke: "az functionapp keys delete", documentation: markedKeys),
        marked("azure-search-key", "Azure AI Search key", 42, "AzSe", 6, "", "az search admin-key renew"),
        marked(
            "azure-container-registry-password", "Azure container registry password", 42, "+ACR", 6, "",
            "az acr credential renew"),
        marked("azure-iot-key", "Azure IoT key", 33, "AIoT", 6, "=", "az iot hub policy renew-key"),
        marked(
            "azure-service-bus-key", "Azure Service Bus key", 33, "+ASb", 6, "=",
            "az servicebus namespace authorization-rule keys renew"),
        marked(
            "azure-event-hubs-key", "Azure Event Hubs key", 33, "+AEh", 6, "=",
            "az eventhubs namespace authorization-rule keys renew"),
        marked(
            "azure-relay-key", "Azure Relay key", 33, "+ARm", 6, "=", "az relay namespace authorization-rule keys renew"
        ),
        marked("azure-redis-key", "Azure Cache for Redis key", 33, "AzCa", 6, "=", "az redis regenerate-keys"),
        .assigned(
            "azure-shared-access-key", "Azure shared access key", by: "Azure", .high,
            names: ["shared_access_key"], shape: Shape(.base64, 44), minimumEntropy: 3.8,
            sample: { Fake.base64(43, seed: $0) + "=" },
            revoke: "Regenerate the key of the shared access policy.",
            documentation: "https://learn.microsoft.com/en-us/azure/service-bus-messaging/service-bus-sas"),
        .token(
            "azure-sas-signature", "Azure shared access signature", by: "Azure", .medium,
            form: ["sig=", .random(.percentEncoded, 43...63), "%3D"], before: .alphanumeric, minimumEntropy: 3.8,
            revoke: "Rotate the account key or revoke the stored access policy that signed it.",
            documentation: "https://learn.microsoft.com/en-us/azure/storage/common/storage-sas-overview",
            boundsLength: false),
        Rule(
            id: "azure-ad-client-secret", title: "Microsoft Entra client secret", provider: "Azure",
            severity: .critical,
            anchors: (0...9).map { Anchor("\($0)Q~") },
            confirmation: .expression(
                "[0-9A-Za-z_~.]{3}[0-9]Q~[0-9A-Za-z_~.-]{31,34}", before: ByteClass.word.union("~.-"),
                after: ByteClass.word.union("~-")),
            minimumEntropy: 3.5,
            revocation: "az ad app credential delete",
            references: ["https://learn.microsoft.com/en-us/purview/sit-defn-client-secret-api-key"],
            examples: {
                let secret = { (seed: UInt64) in
                    Fake.alphanumeric(3, seed: seed) + "8Q" + "~"
                        + Fake.alphanumeric(31 + Int(seed % 4), seed: seed + 9)
                }
                return (1...4).map { (seed: UInt64) in "AZURE_CLIENT_SECRET=«\(secret(seed))»\n" } + [
                    "\"password\": \"«\(secret(5))»\""
                ]
            },
            counterexamples: {
                [
                    "AZURE_CLIENT_SECRET=abc8Q" + "~" + Fake.alphanumeric(30, seed: 6) + "\n",
                    "AZURE_CLIENT_SECRET=abc8Q" + "~" + Fake.alphanumeric(35, seed: 7) + "\n",
                    "AZURE_CLIENT_SECRET=x8Q" + "~" + Fake.alphanumeric(31, seed: 8) + "\n",
                ]
            }
        ),
        .token(
            "azure-devops-token", "Azure DevOps personal access token", by: "Azure", .critical,
            form: [.alphanumeric(76), "AZDO", .alphanumeric(4)], anchors: ["AZDO"], before: .token, minimumEntropy: 3.8,
            revoke: "https://dev.azure.com (User settings, Personal access tokens)",
            documentation:
                "https://learn.microsoft.com/en-us/azure/devops/organizations/accounts/use-personal-access-tokens-to-authenticate"
        ),
    ]

    private static let emulatorOrReal: @Sendable (Span<UInt8>) -> Verdict = {
        KnownExample.contains($0) ? .placeholder : .wellFormed
    }

    private static let markedKeys = "https://learn.microsoft.com/en-us/purview/sit-defn-all-creds"

    /// A key in base64 with its kind's mark at a fixed place.
    private static func marked(
        _ id: String, _ title: String, _ lead: Int, _ mark: String, _ tail: Int, _ padding: String, _ command: String
    ) -> Rule {
        .token(
            id, title, by: "Azure", .critical,
            form: TokenForm([.base64(lead), .fixed(mark), .base64(tail)] + (padding.isEmpty ? [] : [.fixed(padding)])),
            anchors: [Anchor(mark)],
            before: .token, minimumEntropy: 4, revoke: command,
            documentation: markedKeys)
    }
}
