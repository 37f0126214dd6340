// The two servers that stand for AWS, and the store on them.

import AWS
import Foundation
import HTTP
import JSON
import Secrets
import TestServers
import Testing
import World

@testable import Stores

/// What the store is tried on: our own double, which follows AWS's documentation, and moto, which others wrote.
enum AWSPeer: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case double, moto

    var testDescription: String { "on \(rawValue)" }

    func stand() async throws -> AWSStand {
        switch self {
        case .double:
            let double = try await SecretsManagerDouble.start()
            return try AWSStand(
                url: double.url, region: double.region, accessKeyID: double.accessKeyID,
                secretAccessKey: double.secretAccessKey, double: double)
        case .moto:
            let moto = try await Moto.shared()
            return try AWSStand(
                url: moto.url, region: moto.region, accessKeyID: moto.accessKeyID,
                secretAccessKey: moto.secretAccessKey)
        }
    }
}

/// One server with a store on it.
final class AWSStand: Sendable {
    let store: AWSStore
    let client: SecretsManagerClient
    let url: String
    let region: String
    private let accessKeyID: String
    private let secretAccessKey: String
    /// Nil on moto.
    private let optionalDouble: SecretsManagerDouble?
    private let transport: HTTPTransport

    init(
        url: String, region: String, accessKeyID: String, secretAccessKey: String,
        double: SecretsManagerDouble? = nil
    ) throws {
        self.url = url
        self.region = region
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        optionalDouble = double
        var settings = AWSSettings()
        settings.secretsManagerEndpoint = .init(url, "a test")
        transport = try HTTPTransport(settings: settings)
        let credentials = StaticCredentials(
            AWSCredentials(
                accessKeyID: accessKeyID, secretAccessKey: SharedSecret(copying: secretAccessKey.utf8),
                source: "a test"))
        // Retries wait for nothing here; the clock is the machine's, which signatures need.
        var world = World.real()
        world.sleep = { _ in await Task.yield() }
        client = SecretsManagerClient(
            client: try AWSClient(
                service: .secretsManager, settings: settings, region: region, credentials: credentials,
                transport: transport, world: world))
        store = AWSStore(client: client, region: region, world: world)
    }

    /// Starts a double with a store on it.
    static func onDouble() async throws -> (stand: AWSStand, double: SecretsManagerDouble) {
        let stand = try await AWSPeer.double.stand()
        guard let double = stand.optionalDouble else { throw CancellationError() }
        return (stand, double)
    }

    /// Ends what this stand alone uses.
    func stop() async {
        await transport.shutdown()
        await optionalDouble?.stop()
    }

    /// Runs a script in which `client` is boto3's for the same server.
    func boto3(_ script: String, _ arguments: [String] = [], input: [UInt8] = []) async throws -> String {
        let head = """
            import sys, json, boto3
            client = boto3.client("secretsmanager", endpoint_url=sys.argv[1], region_name=sys.argv[2],
                                  aws_access_key_id=sys.argv[3], aws_secret_access_key=sys.argv[4])
            arguments = sys.argv[5:]

            """
        let result = try await Moto.python(
            head + script, [url, region, accessKeyID, secretAccessKey] + arguments, input: input)
        guard result.status == 0 else { throw PythonFailure(words: "\(result.errors)") }
        return "\(result.output)".trimmingCharacters(in: .whitespacesAndNewlines)
    }

    struct PythonFailure: Error { var words: String }
}

/// A name that no other test uses: moto is shared by all.
func freshName(_ words: String = "secret") -> String {
    "tests/\(words)/\(UUID().uuidString.prefix(13).lowercased())x"
}

/// As the version's id, which it becomes.
func freshToken() -> String { UUID().uuidString.lowercased() }

func sample(_ text: String) -> SharedSecret { SharedSecret(copying: text.utf8) }

extension SharedSecret {
    /// For comparing in tests.
    var awsText: String { withBytes { bytes in String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self) } }
}

/// The case's name, for tables.
func caseName(_ error: StoreError?) -> String {
    guard let error else { return "none" }
    return String("\(error)".prefix { $0 != "(" })
}

/// The error that a call ends with; nil when it does not.
func refusal(_ body: () async throws -> Void) async -> StoreError? {
    do {
        try await body()
        return nil
    } catch let error as StoreError {
        return error
    } catch {
        return .invalid(what: "the test", reason: "\(error)")
    }
}
