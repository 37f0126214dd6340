// Where SendGrid is.

import HTTP
package import World

/// SendGrid keeps the accounts of the European Union behind a host of their own, which knows no other's keys.
package enum SendGridRegion: String, Sendable, CaseIterable {
    case global, eu

    var host: String {
        switch self {
        case .global: "api.sendgrid.com"
        case .eu: "api.eu.sendgrid.com"
        }
    }

    var other: SendGridRegion { self == .global ? .eu : .global }
}

/// The host to which requests go.
package struct SendGridEndpoint: Sendable, Equatable {
    /// Names another endpoint: https, or plain http on this machine. For tests and demonstrations; there is no setting
    /// for it, since a repository that was just cloned must not be able to send its reader's key elsewhere.
    package static let variable = "MIGRATE_SENDGRID_URL"

    let url: EndpointURL

    /// Why an endpoint cannot be used: one line.
    package struct Failure: Error, Sendable, Equatable {
        package let reason: String
    }

    /// - Throws: `Failure` for what is no address, and for plain http to another machine.
    package init(_ text: String) throws(Failure) {
        do throws(EndpointURL.Problem) { url = try EndpointURL(text) } catch {
            throw Failure(reason: error.reason)
        }
        guard !url.isPlainAndRemote else {
            throw Failure(reason: "plain http to another machine lets anyone on the way read the keys; use https")
        }
    }

    package init(_ region: SendGridRegion) {
        // Both are addresses.
        url = (try? EndpointURL("https://" + region.host)).unsafelyUnwrapped
    }

    /// The one that the environment names, else the region's.
    /// - Throws: `Failure`, which says that it is about the variable.
    package static func resolve(_ region: SendGridRegion, in world: World) throws(Failure) -> SendGridEndpoint {
        guard let text = world.variable(variable) else { return SendGridEndpoint(region) }
        do throws(Failure) { return try SendGridEndpoint(text) } catch {
            throw Failure(reason: "\(variable) cannot be used: \(error.reason)")
        }
    }

    /// Host and port, for people.
    package var authority: String { HTTPRequest(scheme: url.scheme, host: url.host, port: url.port).authority }
}
