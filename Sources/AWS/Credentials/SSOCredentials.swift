// Credentials of a role in IAM Identity Center (SSO), by the token that `aws sso login` left behind.

package import HTTP
import JSON
import Secrets
package import World

package struct SSOCredentials: CredentialProvider {
    package var name: String {
        let session = config.profiles[profile]?.text("sso_session").map { " by session `\(OneLine.of($0))`" } ?? ""
        return "SSO of profile `\(OneLine.of(profile))`\(session)"
    }

    private let profile: String
    private let config: SharedConfig
    private let settings: AWSSettings
    private let world: World
    private let transport: any Transport

    package init(
        profile: String, config: SharedConfig, settings: AWSSettings, world: World, transport: any Transport
    ) {
        self.profile = profile
        self.config = config
        self.settings = settings
        self.world = world
        self.transport = transport
    }

    package func load() async throws -> ProviderAnswer {
        let section = config.profiles[profile] ?? SharedConfig.Section()
        let account = section.text("sso_account_id")
        let role = section.text("sso_role_name")
        guard account != nil || role != nil else {
            return .notConfigured("the profile has no sso_account_id and sso_role_name")
        }
        guard let account, let role else { throw failure("it needs both sso_account_id and sso_role_name") }
        let access = try access(section)
        let token = try await token(access)
        return .found(try await roleCredentials(account: account, role: role, access, token))
    }

    /// Where the session is, and which file keeps its token.
    private struct Access {
        var region: String
        var startURL: String
        /// Nil for the older form, in which the profile itself names the start URL.
        var session: String?
    }

    private func access(_ section: SharedConfig.Section) throws -> Access {
        var source = section
        let session = section.text("sso_session")
        if let session {
            guard let named = config.ssoSessions[session] else {
                throw failure("there is no section `[sso-session \(OneLine.of(session))]` in \(config.configName)")
            }
            for key in ["sso_region", "sso_start_url"] {
                if let own = section.text(key), own != named.text(key) {
                    throw failure("its \(key) is not that of the SSO session: take it out of the profile")
                }
            }
            source = named
        }
        guard let region = source.text("sso_region"), let url = source.text("sso_start_url") else {
            throw failure("it needs sso_region and sso_start_url")
        }
        guard AWSEndpoint.isRegionName(region) else { throw failure("its sso_region is no region") }
        return Access(region: region, startURL: url, session: session)
    }

    private func remedy(_ access: Access) -> String {
        if let session = access.session { return "aws sso login --sso-session \(OneLine.of(session))" }
        return "aws sso login --profile \(OneLine.of(profile))"
    }

    private func token(_ access: Access) async throws -> SharedSecret {
        let cache = SSOTokenCache(name: access.session ?? access.startURL, world: world)
        guard let kept = try cache.read(for: self) else {
            throw failure("nobody has signed in", remedy: remedy(access))
        }
        // Old enough that it could end before the answer comes.
        let isNearEnd = kept.expiration - world.now() < 5 * 60
        var hindrance = ""
        if isNearEnd, access.session != nil, let renewal = kept.renewal(at: world.now()) {
            switch try await renew(renewal, access) {
            case .renewed(let renewed):
                // What cannot be kept is good for this run all the same.
                try? cache.write(renewed, over: kept)
                return renewed.token
            case .refused: break
            case .unanswered(let reason): hindrance = ", and cannot be renewed now: \(reason)"
            }
        }
        guard kept.expiration > world.now() else {
            throw failure(
                "the sign-in expired at \(kept.expiration.iso8601)\(hindrance)", remedy: remedy(access),
                isTransient: !hindrance.isEmpty)
        }
        return kept.token
    }

    private enum RenewalAnswer {
        case renewed(SSOTokenCache.Renewed)
        /// The service gives no new token: somebody must sign in.
        case refused
        /// It may give one later.
        case unanswered(String)
    }

    private func renew(_ renewal: SSOTokenCache.Renewal, _ access: Access) async throws -> RenewalAnswer {
        var body = JSONWriter()
        body.beginObject()
        body.key("clientId")
        body.string(renewal.clientID)
        body.key("clientSecret")
        body.string(renewal.clientSecret)
        body.member("grantType", "refresh_token")
        body.key("refreshToken")
        body.string(renewal.refreshToken)
        body.endObject()
        let request = CredentialRequest.request(
            .post, try endpoint("sso_oidc", "oidc", access.region), path: "/token",
            headers: [("Content-Type", "application/json")], body: SharedSecret(body.finish()))
        let response: HTTPResponse
        do { response = try await CredentialRequest(transport: transport, world: world).send(request) } catch let error
            as TransportError
        {
            return .unanswered("\(request.authority) does not answer: \(error.reason)")
        }
        guard !CredentialRequest.isTransient(response.status) else {
            return .unanswered("\(request.authority) answers with HTTP \(response.status)")
        }
        // An answer that is none leaves the kept token in use, as a refusal does.
        guard response.status == 200, let root = try? CredentialAnswer.document(response.body, for: self).root,
            let token = root["accessToken"]?.secret(), let seconds = root["expiresIn"]?.double, seconds > 0
        else { return .refused }
        return .renewed(
            SSOTokenCache.Renewed(
                token: token, refreshToken: root["refreshToken"]?.secret(), expiration: world.now() + seconds))
    }

    private func roleCredentials(
        account: String, role: String, _ access: Access, _ token: SharedSecret
    ) async throws -> AWSCredentials {
        guard token.isPrintable else { throw failure("the kept token is none", remedy: remedy(access)) }
        let request = CredentialRequest.request(
            .get, try endpoint("sso", "portal.sso", access.region), path: "/federation/credentials",
            query: "account_id=\(PercentEncoding.encode(account))&role_name=\(PercentEncoding.encode(role))",
            headers: [("x-amz-sso_bearer_token", token.unprotectedText), ("Accept", "application/json")])
        let response: HTTPResponse
        do { response = try await CredentialRequest(transport: transport, world: world).send(request) } catch let error
            as TransportError
        {
            throw failure(request, error)
        }
        switch response.status {
        case 200: break
        case 401: throw failure("the sign-in is no longer valid", remedy: remedy(access))
        case 403, 404:
            throw failure("role \(OneLine.of(role)) of account \(OneLine.of(account)) is not given to this sign-in")
        default: throw failure(request, status: response.status)
        }
        guard let given = try CredentialAnswer.document(response.body, for: self).root["roleCredentials"] else {
            throw failure("the answer lacks `roleCredentials`")
        }
        return try CredentialAnswer(
            id: "accessKeyId", secret: "secretAccessKey", token: "sessionToken", expiration: "expiration"
        ).read(given, for: self, now: world.now())
    }

    private func endpoint(_ service: String, _ host: String, _ region: String) throws -> EndpointURL {
        let domain = AWSPartition.of(region: region).suffix
        let configured = (settings.serviceEndpoints[service] ?? settings.endpoint)?.value
        do { return try EndpointURL(configured ?? "https://\(host).\(region).\(domain)") } catch {
            throw failure("its endpoint cannot be used: \(error.reason)")
        }
    }
}
