// A client on a double of SendGrid.

import HTTP
import Secrets
import Synchronization
import TestServers
import World

@testable import SendGrid

/// The double, and clients of it whose waits cost no time.
final class OnDouble: Sendable {
    let double: SendGridDouble
    /// Seconds of each wait so far.
    let waits = Mutex<[Double]>([])
    private let transport: HTTPTransport

    init() async throws {
        double = try await SendGridDouble.start()
        transport = try HTTPTransport()
    }

    func client(_ key: String? = nil, elsewhere: SendGridEndpoint? = nil) throws -> SendGridClient {
        var world = World.real()
        world.sleep = { [self] duration in
            waits.withLock {
                $0.append(Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18)
            }
        }
        return SendGridClient(
            key: SharedSecret(copying: (key ?? double.adminKey.text).utf8), endpoint: try SendGridEndpoint(double.url),
            elsewhere: elsewhere, transport: transport, world: world, timeout: .seconds(5))
    }

    func stop() async {
        await double.stop()
        await transport.shutdown()
    }

    static func run(_ body: (OnDouble) async throws -> Void) async throws {
        let scene = try await OnDouble()
        do { try await body(scene) } catch {
            await scene.stop()
            throw error
        }
        await scene.stop()
    }
}

extension SharedSecret {
    /// For comparing in tests.
    var textForTest: String { withBytes { bytes in String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self) } }
}
