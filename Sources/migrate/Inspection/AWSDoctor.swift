// Checks of AWS, from the settings outward: each only when those before it allow it.

import AWS
import HTTP
import Reporting
import Settings
import Stores
import World

struct AWSDoctor {
    let options: StoreOptions
    let settings: StoreSettings
    let secret: String?
    let world: World

    func checks() async throws -> [DoctorReport.Check] {
        var checks: [DoctorReport.Check] = []
        var context: AWSContext
        do {
            context = try AWSContext.make(
                overrides: StoreSession.overrides(options, settings, secret: secret, world: world), world: world)
            try await context.takeRegionFromInstance()
        } catch let error as AWSConfigurationError {
            return [.init("settings", .problem, "\(error.place): \(error.reason)", remedy: error.remedy)]
        }
        checks.append(Self.regionCheck(context))
        checks += context.settings.warnings.map { .init("settings", .note, $0) }
        checks += Self.ways(context)
        guard context.settings.region != nil else { return checks }

        var client = try context.client(.secretsManager)
        client.exchangeTimeout = StoreSession.exchangeTimeout
        let reach = await reach(client.endpoint, context)
        checks.append(reach)
        let credentials = try await credentials(context)
        checks.append(credentials)
        // What cannot be reached would fail in the same way again and again.
        guard credentials.status == .good, reach.status == .good else { return checks }
        let (identityCheck, identity) = await identity(context)
        checks += identityCheck
        // Credentials that STS refuses are refused everywhere.
        guard !identityCheck.contains(where: { $0.name == "identity" && $0.status == .problem }) else { return checks }
        let store = AWSStore(
            client: SecretsManagerClient(client: client), region: context.settings.region?.value ?? "", world: world)
        var isAbsent = false
        if let secret {
            let found = await SecretDoctor.check(secret, store)
            isAbsent = found.isAbsent
            checks.append(found.check)
        }
        checks += await PermissionDoctor(
            context: context, store: store, secret: secret, isAbsent: isAbsent, identity: identity
        ).checks()
        return checks
    }

    private static func regionCheck(_ context: AWSContext) -> DoctorReport.Check {
        guard let region = context.settings.region else {
            return .init(
                "region", .problem, "none is set",
                remedy: "give --region, set AWS_REGION, or `aws.region` in the settings")
        }
        return .init("region", .good, "\(region.value) (\(region.origin))")
    }

    /// What lies between us and AWS.
    private static func ways(_ context: AWSContext) -> [DoctorReport.Check] {
        let settings = context.settings
        var details: [String] = []
        if let profile = settings.profile { details.append("profile \(profile.value) (\(profile.origin))") }
        if let bundle = settings.certificateBundle { details.append("certificates \(bundle.value) (\(bundle.origin))") }
        if settings.httpsProxy != nil { details.append("through a proxy") }
        if settings.usesFIPS { details.append("FIPS endpoints") }
        if settings.usesDualStack { details.append("dual-stack endpoints") }
        return details.map { .init("way", .note, $0) }
    }

    /// A request without a signature: the answer is an error, but it comes from there, and has a date.
    private func reach(_ endpoint: AWSEndpoint, _ context: AWSContext) async -> DoctorReport.Check {
        let configured = context.settings.secretsManagerEndpoint ?? context.settings.endpoint
        let name = endpoint.host + (endpoint.port.map { ":\($0)" } ?? "") + (configured.map { " (\($0.origin))" } ?? "")
        do {
            let start = ContinuousClock.now
            let request = HTTPRequest(
                method: .get, scheme: endpoint.scheme, host: endpoint.host, port: endpoint.port, path: "/")
            let answer = try await context.transport.send(request, timeout: .seconds(10))
            let time = start.duration(to: .now)
            let milliseconds = Int(time / .milliseconds(1))
            if let date = answer.header("Date").flatMap({ Instant(httpDate: $0) }) {
                let skew = Int((world.now() - date).rounded())
                // AWS refuses signatures that are off by more than five minutes.
                if abs(skew) > 240 {
                    return .init(
                        "endpoint", .problem,
                        "\(name) answers, and this machine's clock is \(abs(skew)) s \(skew > 0 ? "ahead" : "behind")",
                        remedy: "set the clock right: AWS refuses signatures that are off by more than five minutes")
                }
                let clock =
                    abs(skew) <= 2 ? "the clock agrees" : "the clock is \(abs(skew)) s \(skew > 0 ? "ahead" : "behind")"
                return .init("endpoint", .good, "\(name) answers in \(milliseconds) ms; \(clock)")
            }
            return .init("endpoint", .good, "\(name) answers in \(milliseconds) ms")
        } catch let error as TransportError {
            return .init(
                "endpoint", .problem, "\(name): \(error.reason)",
                remedy: "check the network, the proxy, AWS_CA_BUNDLE and the endpoint's name")
        } catch {
            return .init("endpoint", .unknown, "\(name): not asked to the end")
        }
    }

    private func credentials(_ context: AWSContext) async throws -> DoctorReport.Check {
        let trace = try await context.credentials.trace()
        let details = trace.entries.map { entry in
            switch entry.outcome {
            case .used: "\(entry.source): used"
            case .notConfigured(let why): "\(entry.source): \(why)"
            case .failed(let why): "\(entry.source): failed: \(why)"
            case .notTried: "\(entry.source): not tried"
            }
        }
        do {
            let credentials = try await context.credentials.credentials(refreshing: false)
            let end = credentials.expiration.map { ", until \($0.iso8601)" } ?? ""
            return .init(
                "credentials", .good, "\(credentials.accessKeyID) from \(credentials.source)\(end)", details: details)
        } catch let error as CredentialError {
            return .init(
                "credentials", .problem, error.kind == .none ? error.reason : "\(error.source): \(error.reason)",
                remedy: error.remedy
                    ?? "aws sso login, aws configure, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
                details: details)
        }
    }

    private func identity(_ context: AWSContext) async -> ([DoctorReport.Check], STSClient.Identity?) {
        do {
            let identity = try await STSClient(client: context.client(.sts)).getCallerIdentity()
            var checks: [DoctorReport.Check] = [.init("identity", .good, identity.arn)]
            if let expected = settings.expectedAccount {
                checks.append(
                    identity.account == expected
                        ? .init("account", .good, "\(identity.account), as expected")
                        : .init(
                            "account", .problem, "\(identity.account), but the settings expect \(expected)",
                            remedy: "use credentials of \(expected), or correct `aws.expected-account`"))
            } else {
                checks.append(
                    .init(
                        "account", .note,
                        "\(identity.account); `aws.expected-account` in the settings would guard against another one"))
            }
            return (checks, identity)
        } catch let error as AWSError where error.kind == .unreachable {
            return ([.init("identity", .unknown, "STS cannot be reached: \(error.message)")], nil)
        } catch {
            var check = VaultDoctor.problem("identity", error)
            if check.remedy == nil {
                check.remedy =
                    "get new credentials (aws sso login, or your own way), or choose others: --profile, AWS_PROFILE"
            }
            return ([check], nil)
        }
    }
}
