// What may be done with a secret, found out without doing it.

import AWS
import Reporting
import Stores

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
        "secretsmanager:TagResource", "secretsmanager:UntagResource", "secretsmanager:DeleteSecret",
        "secretsmanager:RestoreSecret",
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
