// Checks of AWS, from the settings outward: each only when those before it allow it.

import AWS
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
            context = try await AWSContext.make(
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
            let check = await VaultDoctor.secretCheck(secret, store)
            isAbsent = check.status == .note && check.finding.contains("does not exist")
            checks.append(check)
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

/// Permissions on the secret: simulated where that is allowed, tried where it does no harm.
struct PermissionDoctor {
    let context: AWSContext
    let store: AWSStore
    let secret: String?
    /// Known not to be there: nothing can be tried on it.
    let isAbsent: Bool
    let identity: STSClient.Identity?

    private static let needed = [
        "secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret", "secretsmanager:ListSecretVersionIds",
        "secretsmanager:CreateSecret", "secretsmanager:PutSecretValue", "secretsmanager:UpdateSecretVersionStage",
        "secretsmanager:TagResource", "secretsmanager:DeleteSecret", "secretsmanager:RestoreSecret",
    ]

    private static let noVersion = "00000000-0000-0000-0000-000000000000"

    func checks() async -> [DoctorReport.Check] {
        guard let name = secret else {
            return [.init("permissions", .note, "not checked, as no secret is named: migrate doctor NAME")]
        }
        let region = context.settings.region?.value ?? ""
        var why = identity == nil ? "the identity is not known" : "this identity has no policies of its own"
        if let identity, let source = PrincipalARN.policySource(of: identity.arn), let secret = try? SecretName(name) {
            let arn =
                secret.arn?.description
                ?? "arn:\(ARN.partition(ofRegion: region)):secretsmanager:\(region):\(identity.account):secret:\(secret.name)-??????"
            do {
                let evaluations = try await IAMClient(client: context.client(.iam)).simulatePrincipalPolicy(
                    source: source.arn, actions: Self.needed, resources: [arn])
                return Self.checks(evaluations)
            } catch let error as AWSError {
                why = error.operation + ": " + (error.code.isEmpty ? error.message : error.code)
            } catch {
                why = "it was not asked"
            }
        }
        if isAbsent {
            return [
                .init(
                    "permissions", .unknown,
                    "IAM cannot say what is allowed (\(why)), and on a secret that does not exist nothing can be tried")
            ]
        }
        return [
            .init("simulation", .note, "IAM cannot say what is allowed (\(why)); trying what does no harm"),
            await probe("secretsmanager:DescribeSecret") { _ = try await store.describe(name) },
            await probe("secretsmanager:ListSecretVersionIds") { _ = try await store.versions(name) },
            // A version that no secret has: no value is read, and none is moved.
            await probe("secretsmanager:GetSecretValue") {
                _ = try await store.read(name, VersionSelector(id: Self.noVersion))
            },
            await probe("secretsmanager:UpdateSecretVersionStage") {
                try await store.moveStage(name, StagingLabel.prefix + "00000000", from: Self.noVersion, to: nil)
            },
            .init(
                "permissions", .unknown,
                "PutSecretValue, CreateSecret, DeleteSecret and TagResource cannot be tried without effect"),
        ]
    }

    private static func checks(_ evaluations: [IAMClient.Evaluation]) -> [DoctorReport.Check] {
        let denied = evaluations.filter { $0.decision != .allowed }
        let allowed = evaluations.filter { $0.decision == .allowed }.map { short($0.action) }
        var checks: [DoctorReport.Check] = []
        if !allowed.isEmpty {
            checks.append(.init("permissions", .good, "allowed: " + Wording.list(allowed)))
        }
        for evaluation in denied {
            let reason =
                evaluation.allowedByBoundary == false
                ? "denied by a permissions boundary"
                : evaluation.allowedByOrganization == false
                    ? "denied by an organization's policy"
                    : evaluation.decision == .explicitDeny ? "denied by a policy" : "allowed by no policy"
            let isFallback = evaluation.action.hasSuffix("UpdateSecretVersionStage")
            checks.append(
                .init(
                    "permissions", .problem,
                    "\(short(evaluation.action)) is \(reason)"
                        + (isFallback
                            ? ": changes are then written without compare-and-swap, and rollback is not possible" : ""),
                    remedy: "ask for \(evaluation.action) (migrate policy migrator writes the whole policy)"))
        }
        return checks
    }

    private static func short(_ action: String) -> String {
        action.hasPrefix("secretsmanager:") ? String(action.dropFirst(15)) : action
    }

    private func probe(_ action: String, _ call: () async throws -> Void) async -> DoctorReport.Check {
        do {
            try await call()
            return .init("permissions", .good, "allowed: " + Self.short(action))
        } catch let error as StoreError {
            switch error {
            // The question was understood and answered: that is permission enough.
            case .notFound, .scheduledForDeletion, .noSuchVersion, .conflict, .invalid:
                return .init("permissions", .good, "allowed: " + Self.short(action))
            case .accessDenied:
                return .init(
                    "permissions", .problem, "\(Self.short(action)) is not allowed",
                    remedy: "ask for \(action) (migrate policy migrator writes the whole policy)")
            default: return VaultDoctor.problem("permissions", error)
            }
        } catch {
            return VaultDoctor.problem("permissions", error)
        }
    }
}
