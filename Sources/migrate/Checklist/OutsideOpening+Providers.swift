// Clients of providers.

import AWS
import HTTP
import Secrets
import SendGrid
import Settings
import Steps
import Synchronization
import World

extension OutsideOpening {
    /// Sends requests to providers, through the proxy that the environment names.
    func transport() throws -> any Transport {
        let settings = try AWSSettings.resolve(world: world).settings
        return PatientTransport(try HTTPTransport(settings: settings))
    }

    /// A client of SendGrid where the settings say that the account is, or where MIGRATE_SENDGRID_URL says.
    func sendGrid(_ key: SharedSecret, _ transport: any Transport, _ reach: SendGridReach) throws -> SendGridClient {
        let region: SendGridRegion =
            switch settings.configuration.sendGrid.region {
            case .eu: .eu
            case .global, nil: .global
            }
        var client = try SendGridClient(key: key, region: region, transport: transport, world: world)
        client.reach = reach
        client.isRegionCertain = settings.configuration.sendGrid.region != nil
        return client
    }
}

/// One transport for all providers, made with the first request: a list that asks nobody should not start a thread for
/// it.
final class ProviderTransport: Sendable {
    private let make: @Sendable () throws -> any Transport
    private let made = Mutex<(any Transport)?>(nil)

    init(_ make: @escaping @Sendable () throws -> any Transport) { self.make = make }

    func value() throws -> any Transport {
        try made.withLock { made in
            if let made { return made }
            let transport = try make()
            made = transport
            return transport
        }
    }
}
