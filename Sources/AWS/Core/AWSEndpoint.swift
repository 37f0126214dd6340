// Which host answers for a service in a region.

import HTTP

/// A service's address, and the region that requests to it are signed for.
package struct AWSEndpoint: Sendable, Equatable {
    /// `https` or `http`.
    package var scheme: String
    /// IPv6 addresses without brackets.
    package var host: String
    /// Nil for the scheme's own.
    package var port: Int?
    /// What comes before a request's own path: empty, or `/prefix` without a slash at its end.
    package var pathPrefix: String
    package var signingRegion: String

    /// Why there is none: for people, one line.
    package struct Failure: Error, Sendable, Equatable {
        package let reason: String
    }

    /// The endpoint that settings name for the service, else AWS's own.
    /// - Throws: `Failure` when the region or the endpoint named cannot be used.
    package static func resolve(
        _ service: AWSService, settings: AWSSettings, region: String
    ) throws(Failure) -> AWSEndpoint {
        guard isRegionName(region) else {
            throw Failure(reason: "the region's name may hold letters, digits and dashes only")
        }
        let partition = AWSPartition.of(region: region)
        let signingRegion = service.isGlobal ? partition.globalRegion : region
        let own = service == .secretsManager ? settings.secretsManagerEndpoint : nil
        if let configured = own ?? settings.serviceEndpoints[service.settingsName] ?? settings.endpoint {
            var endpoint = try parse(configured.value, from: configured.origin)
            endpoint.signingRegion = signingRegion
            return endpoint
        }
        let host = try partition.host(
            of: service, in: region, usesFIPS: settings.usesFIPS, usesDualStack: settings.usesDualStack)
        return AWSEndpoint(scheme: "https", host: host, port: nil, pathPrefix: "", signingRegion: signingRegion)
    }

    /// Whether the name can stand in a host's name without making it another's.
    package static func isRegionName(_ name: String) -> Bool {
        // The longest label that DNS allows.
        (1...63).contains(name.utf8.count) && name.utf8.first != UInt8(ascii: "-")
            && name.utf8.last != UInt8(ascii: "-")
            && name.utf8.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") }
    }

    /// Reads `https://host[:port][/path]`; `http` for this machine only.
    /// - Parameter origin: where it was found, for the reason.
    /// - Throws: `Failure`.
    static func parse(_ text: String, from origin: String) throws(Failure) -> AWSEndpoint {
        func failure(_ reason: String) -> Failure {
            Failure(reason: "the endpoint in \(origin) cannot be used: \(reason)")
        }
        let url: EndpointURL
        do { url = try EndpointURL(text) } catch { throw failure(error.reason) }
        guard !url.isPlainAndRemote else {
            throw failure("plain http to another machine lets anyone on the way read the secrets; use https")
        }
        return AWSEndpoint(
            scheme: url.scheme, host: url.host.lowercased(), port: url.port, pathPrefix: url.prefix, signingRegion: "")
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}
