// What AWS's errors mean to a store, by their codes and words.

import HTTP
import Secrets
import TestServers
import Testing
import World

@testable import AWS
@testable import Stores

@Suite("What errors of AWS mean to a store")
struct AWSStoreErrorTests {
    /// A network that is away: these tests ask nothing.
    struct NoNetwork: Transport {
        func send(_ request: HTTPRequest, timeout: Duration) async throws -> HTTPResponse {
            throw TransportError(kind: .refused, reason: "no network", mayHaveArrived: false)
        }
    }

    static func store(
        region: String = "eu-central-1", credentials: any CredentialSource = Self.credentials,
        settings: AWSSettings = AWSSettings()
    ) throws -> AWSStore {
        var world = World.real()
        world.sleep = { _ in await Task.yield() }
        let client = try AWSClient(
            service: .secretsManager, settings: settings, region: region, credentials: credentials,
            transport: NoNetwork(), world: world)
        return AWSStore(client: SecretsManagerClient(client: client), region: region, world: world)
    }

    static let credentials = StaticCredentials(
        AWSCredentials(
            accessKeyID: "AKIA" + "TESTTESTTESTTEST", secretAccessKey: sample("test"), source: "a test"))

    struct Row: Sendable, CustomTestStringConvertible {
        var kind: AWSError.Kind
        var operation = "GetSecretValue"
        var message: String
        var meaning: String
        var testDescription: String { "\(operation): \(kind.rawValue), \(message.prefix(90))" }
    }

    static let rows: [Row] = [
        Row(kind: .notFound, message: "Secrets Manager can't find the specified secret.", meaning: "notFound"),
        Row(
            kind: .notFound,
            message: "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
            meaning: "noSuchVersion"),
        Row(
            kind: .notFound, message: "Secrets Manager can't find the specified secret value for VersionId: 1",
            meaning: "noSuchVersion"),
        Row(
            kind: .invalidState,
            message: "You provided a VersionStage that is not associated to the provided VersionId.",
            meaning: "noSuchVersion"),
        Row(
            kind: .invalidState,
            message: "You can't perform this operation on the secret because it was marked for deletion.",
            meaning: "scheduledForDeletion"),
        Row(
            kind: .invalidState,
            message: "You tried to perform the operation on a secret that's currently marked deleted.",
            meaning: "scheduledForDeletion"),
        Row(
            kind: .invalidState, operation: "CreateSecret",
            message: "You can't create this secret because a secret with this name is already scheduled for deletion.",
            meaning: "scheduledForDeletion"),
        Row(
            kind: .alreadyExists, operation: "CreateSecret",
            message: "The operation failed because the secret app already exists.", meaning: "alreadyExists"),
        Row(
            kind: .alreadyExists, operation: "PutSecretValue",
            message:
                "You can't use ClientRequestToken 1 because that value is already in use for a version of secret 2.",
            meaning: "conflict"),
        Row(
            kind: .invalidInput, operation: "UpdateSecretVersionStage",
            message:
                "The parameter RemoveFromVersionId can't be empty. Staging label AWSCURRENT is currently attached to "
                + "version 1, so you must explicitly reference that version in RemoveFromVersionId.",
            meaning: "conflict"),
        Row(
            kind: .invalidInput, operation: "UpdateSecretVersionStage",
            message: "Version stage AWSCURRENT not found in version 1", meaning: "conflict"),
        Row(
            kind: .invalidInput, operation: "UpdateSecretVersionStage", message: "Not a valid version: 1",
            meaning: "noSuchVersion"),
        Row(
            kind: .invalidInput, operation: "UpdateSecretVersionStage",
            message: "You can only move staging label AWSCURRENT to a different secret version. It can't be completely "
                + "removed.", meaning: "invalid"),
        Row(kind: .invalidInput, message: "Something is not right.", meaning: "invalid"),
        Row(
            kind: .accessDenied,
            message:
                "User: arn:aws:iam::1:user/a is not authorized to perform: secretsmanager:GetSecretValue on resource: "
                + "KMS-notes because no identity-based policy allows it", meaning: "accessDenied"),
        Row(kind: .accessDenied, message: "Access to KMS is not allowed", meaning: "encryption"),
        Row(
            kind: .accessDenied, message: "User: a is not authorized to perform: kms:Decrypt on resource: b",
            meaning: "encryption"),
        Row(kind: .quota, message: "You've exceeded the maximum number of versions.", meaning: "quota"),
        Row(kind: .encryption, message: "can't decrypt", meaning: "encryption"),
        Row(kind: .throttled, message: "Rate exceeded", meaning: "unreachable"),
        Row(kind: .serverFault, message: "", meaning: "unreachable"),
        Row(kind: .unreachable, message: "nothing listens there", meaning: "unreachable"),
        Row(kind: .badCredentials, message: "", meaning: "aws"),
        Row(kind: .expiredCredentials, message: "", meaning: "aws"),
        Row(kind: .clockSkew, message: "", meaning: "aws"), Row(kind: .unexpectedAnswer, message: "", meaning: "aws"),
        Row(kind: .other, message: "", meaning: "aws"),
    ]

    @Test("An error means this to a store", arguments: rows)
    func meaning(row: Row) throws {
        let error = AWSError(
            kind: row.kind, operation: row.operation, service: "secretsmanager", code: "", message: row.message)
        let meaning = try Self.store().storeError(error, name: "n")
        #expect(caseName(meaning) == row.meaning)
        // What may be served stale: only where the service did not say no.
        #expect(meaning.isTransient == (row.meaning == "unreachable"))
    }

    @Test("What a batch says of one secret means the same as if it had been asked for alone")
    func batchErrors() throws {
        let rows = [
            ("ResourceNotFoundException", "", "notFound"), ("AccessDeniedException", "", "accessDenied"),
            ("AccessDeniedException", "Access to KMS is not allowed", "encryption"),
            ("DecryptionFailure", "", "encryption"), ("Surprise", "", "aws"),
            ("InvalidRequestException", "because it was marked for deletion.", "scheduledForDeletion"),
        ]
        for (code, message, meaning) in rows {
            let error = SecretsManagerClient.BatchError(secretID: "n", code: code, message: message)
            #expect(caseName(try Self.store().storeError(error, name: "n")) == meaning)
        }
    }

    @Test("A network that is away makes every call transient, and a batch too")
    func noNetwork() async throws {
        let store = try Self.store()
        for call in [
            { _ = try await store.describe("n") }, { _ = try await store.readAll(["a", "b"]) },
            { try await store.moveStage("n", "x", from: "1", to: "2") }, { _ = try await store.delete("n", days: 7) },
        ] as [() async throws -> Void] {
            let error = await refusal(call)
            #expect(caseName(error) == "unreachable" && error?.isTransient == true)
        }
    }

    @Test("Without credentials every call says so, and none is transient")
    func noCredentials() async throws {
        struct None: CredentialSource {
            func credentials(refreshing: Bool) async throws -> AWSCredentials {
                throw CredentialError(kind: .none, source: "all", reason: "none has any")
            }
        }
        let store = try Self.store(credentials: None())
        for call in [
            { _ = try await store.describe("n") }, { _ = try await store.readAll(["a", "b"]) },
            { try await store.moveStage("n", "x", from: "1", to: "2") }, { _ = try await store.delete("n", days: 7) },
            { try await store.list(prefix: "", includingDeleted: false) { _ in } },
        ] as [() async throws -> Void] {
            let error = await refusal(call)
            #expect(caseName(error) == "noCredentials" && error?.isTransient == false)
        }
    }

    @Test("The place names the region, and the host where it is not AWS's own")
    func place() throws {
        #expect(try Self.store(region: "cn-north-1").place == "AWS Secrets Manager in cn-north-1")
        var settings = AWSSettings()
        settings.endpoint = .init("http://localhost:4566", "a test")
        #expect(try Self.store(settings: settings).place == "AWS Secrets Manager in eu-central-1 at localhost")
    }

    @Test("What lies ahead is the day of the end; what lies behind is the day of the deletion")
    func deletedDate() {
        let now = Instant(seconds: 1_000_000)
        func described(_ date: Double?) -> SecretDescription {
            let description = SecretsManagerClient.Description(
                arn: "a", name: "n", deletedDate: date.map { Instant(seconds: $0) }, rotationEnabled: false, tags: [:],
                stages: [:])
            return SecretDescription(description, now: now)
        }
        #expect(described(nil).deleted == nil && described(nil).deletionDate == nil)
        #expect(described(900_000).deleted == Instant(seconds: 900_000) && described(900_000).deletionDate == nil)
        #expect(described(1_100_000).deleted == now)
        #expect(described(1_100_000).deletionDate == Instant(seconds: 1_100_000))
    }

    @Test("A page that its reader refuses ends the list with the reader's error")
    func readerRefuses() async throws {
        let (stand, double) = try await AWSStand.onDouble()
        try double.setValue(of: "n", "x")
        struct Enough: Error {}
        await #expect(throws: Enough.self) {
            try await stand.store.list(prefix: "", includingDeleted: false) { _ in throw Enough() }
        }
        await stand.stop()
    }

    @Test("A lost move is a conflict even where nobody may look")
    func moveWithoutDescribe() async throws {
        let (stand, double) = try await AWSStand.onDouble()
        let (name, ours) = (freshName(), freshToken())
        let base = try double.setValue(of: name, "base")
        _ = try await stand.store.put(name, sample("ours"), stages: ["m"], token: ours)
        let theirs = try double.setValue(of: name, "theirs")
        double.deny("secretsmanager:DescribeSecret")
        for from in [base, nil] {
            let error = await refusal {
                try await stand.store.moveStage(name, Stage.current, from: from, to: ours)
            }
            #expect(caseName(error) == "conflict", "\(String(describing: error))")
        }
        #expect(double.versionID(of: name) == theirs)
        await stand.stop()
    }
}
