// A double for one test, and boto3 as its client.

import TestServers

func withDouble<Result>(
    _ body: (SecretsManagerDouble, BotoClient) async throws -> Result
) async throws -> Result {
    let server = try await SecretsManagerDouble.start()
    do {
        let result = try await body(server, BotoClient(server))
        await server.stop()
        return result
    } catch {
        await server.stop()
        throw error
    }
}

/// A version id of the right length, told apart by its last digit.
func token(_ digit: Int) -> String { "00000000-0000-4000-8000-00000000000\(digit)" }
