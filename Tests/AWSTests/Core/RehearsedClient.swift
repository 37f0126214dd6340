// A client on a rehearsed transport, for the tests of calls.

import HTTP
import Secrets
import World

@testable import AWS

/// Settings, credentials and a clock that stands still.
enum Rehearsed {
    static func client(
        _ transport: any Transport, _ service: AWSService = .secretsManager, region: String = "eu-central-1",
        credentials: (any CredentialSource)? = CountingCredentials(), slept: Core.Slept = Core.Slept(),
        _ change: (inout AWSSettings) -> Void = { _ in }
    ) throws -> AWSClient {
        var settings = AWSSettings()
        change(&settings)
        return try AWSClient(
            service: service, settings: settings, region: region, credentials: credentials, transport: transport,
            world: Core.world(slept: slept))
    }

    static let body = "{\"SecretId\":\"app/prod\"}"
    static let throttle = RehearsedTransport.Turn.answer(
        400, #"{"__type":"ThrottlingException","message":"slow down"}"#)
    static let expired = RehearsedTransport.Turn.answer(
        400, #"{"__type":"ExpiredTokenException","message":"expired"}"#)
}
