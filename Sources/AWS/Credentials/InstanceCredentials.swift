// Credentials and region of an EC2 instance, from its metadata service in version 2.

package import HTTP
import JSON
import Secrets
package import World

/// Version 1, which a server-side request forgery can reach, is never asked.
package struct InstanceCredentials: CredentialProvider {
    package let name = "EC2 instance metadata"
    private let world: World
    private let transport: any Transport
    private let config: SharedConfig
    private let profile: String

    private static let rolePath = "/latest/meta-data/iam/security-credentials/"

    package init(config: SharedConfig, profile: String, world: World, transport: any Transport) {
        self.config = config
        self.profile = profile
        self.world = world
        self.transport = transport
    }

    package func load() async throws -> ProviderAnswer {
        if isDisabled { return .notConfigured("AWS_EC2_METADATA_DISABLED is true") }
        let url = try endpoint()
        let token: String
        switch try await session(url) {
        case .token(let text): token = text
        case .absent(let reason): return .notConfigured(reason)
        case .unanswered(let reason): return .unanswered(reason)
        }
        guard let list = try await get(url, Self.rolePath, token) else {
            return .notConfigured("no role is attached to this instance")
        }
        let role = list.unprotectedText.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        guard !role.isEmpty else { return .notConfigured("no role is attached to this instance") }
        guard let body = try await get(url, Self.rolePath + PercentEncoding.encode(role), token) else {
            throw failure("it has no credentials for role \(OneLine.of(role))")
        }
        let root = try CredentialAnswer.document(body, for: self).root
        if let code = root["Code"]?.string, code != "Success" {
            throw failure("it answers with `\(OneLine.of(code, limit: 60))`")
        }
        return .found(try CredentialAnswer(token: "Token").read(root, for: self, now: world.now()))
    }

    /// The region the instance is in; nil when there is no such service. Asked only as a step of its own: nobody wants
    /// a wait of a second in front of "no region is set".
    /// - Throws: `CredentialError`; `CancellationError`.
    package func region() async throws -> String? {
        guard !isDisabled else { return nil }
        let url = try endpoint()
        guard case .token(let token) = try await session(url),
            let body = try await get(url, "/latest/meta-data/placement/region", token)
        else { return nil }
        let region = body.unprotectedText
        guard AWSEndpoint.isRegionName(region) else { throw failure("what it says of the region is none") }
        return region
    }

    private var isDisabled: Bool { world.variable("AWS_EC2_METADATA_DISABLED")?.lowercased() == "true" }

    private enum Session {
        case token(String)
        case absent(String)
        /// Where there is no such service, or one that is busy.
        case unanswered(String)
    }

    private func session(_ url: EndpointURL) async throws -> Session {
        let request = CredentialRequest.request(
            .put, url, path: "/latest/api/token", headers: [("X-aws-ec2-metadata-token-ttl-seconds", "21600")])
        let response: HTTPResponse
        do {
            response = try await CredentialRequest(
                transport: transport, world: world, timeout: .seconds(1), attempts: 1
            )
            .send(request)
        } catch let error as TransportError {
            return .unanswered("\(request.authority) does not answer: \(error.reason)")
        }
        guard response.status == 200 else {
            // Other clouds and containers behind one hop too many say no in many ways.
            let reason = "\(request.authority) answers with HTTP \(response.status) instead of a token (IMDSv2)"
            return CredentialRequest.isTransient(response.status) ? .unanswered(reason) : .absent(reason)
        }
        guard response.body.isPrintable, (1...1_024).contains(response.body.count) else {
            throw failure("its token is none")
        }
        return .token(response.body.unprotectedText)
    }

    /// Nil for 404.
    private func get(_ url: EndpointURL, _ path: String, _ token: String) async throws -> SharedSecret? {
        let request = CredentialRequest.request(
            .get, url, path: path, headers: [("X-aws-ec2-metadata-token", token)])
        do {
            let response = try await CredentialRequest(
                transport: transport, world: world, timeout: .seconds(1), attempts: 1
            ).send(request)
            switch response.status {
            case 200: return response.body
            case 404: return nil
            default: throw failure(request, status: response.status)
            }
        } catch let error as TransportError {
            throw failure(request, error)
        }
    }

    private func endpoint() throws -> EndpointURL {
        let lookup = SettingLookup(world: world, config: config, profile: profile)
        if let given = lookup.text("AWS_EC2_METADATA_SERVICE_ENDPOINT", "ec2_metadata_service_endpoint") {
            let url: EndpointURL
            do { url = try EndpointURL(given.value) } catch {
                throw failure("\(given.origin) cannot be used: \(error.reason)")
            }
            guard !url.isPlainAndRemote || PlainHTTP.isInstanceEndpoint(url.host) else {
                throw failure("\(given.origin) names a host that is not allowed over plain http")
            }
            return url
        }
        let mode = lookup.text("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "ec2_metadata_service_endpoint_mode")
        switch mode?.value.lowercased() {
        case nil, "ipv4": return try EndpointURL("http://169.254.169.254")
        case "ipv6": return try EndpointURL("http://[fd00:ec2::254]")
        default: throw failure("\(mode?.origin ?? "") must be IPv4 or IPv6")
        }
    }
}
