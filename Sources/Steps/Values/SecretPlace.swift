// The secret that a checklist is about, checked against what the settings expect.

import AWS
import Checklist
import Stores
import World

/// The secret and the store that holds it.
struct SecretPlace: Sendable {
    let access: StoreAccess

    init(_ workbench: Workbench) async throws { access = try await workbench.store() }

    var store: any SecretStore { access.store }
    var name: String { access.name }
    /// "fluxion/production in AWS Secrets Manager in eu-west-1"
    var words: String { "\(PlainText.line(name)) in \(PlainText.line(store.place))" }

    /// Nil when there is no such secret.
    /// - Throws: `StepFailure` for one in another account or region than is expected; whatever the store throws.
    func describe() async throws -> SecretDescription? {
        do {
            let description = try await store.describe(name)
            try await requireExpected(arn: description.arn)
            return description
        } catch StoreError.notFound {
            try await requireExpected(arn: nil)
            return nil
        }
    }

    /// The current version, and what it holds; nil for a secret that has no version yet.
    /// - Throws: `StepFailure` when there is no such secret; whatever the store throws.
    func current() async throws -> (version: SecretVersion, content: SecretContent)? {
        do {
            let version = try await store.read(name, .current)
            try await requireExpected(arn: version.arn)
            return (version, try SecretContent(parsing: version.content, name: name))
        } catch StoreError.noSuchVersion {
            return nil
        }
    }

    /// What says whose secret this is, as facts.
    func facts(_ description: SecretDescription) -> Facts {
        var facts: Facts = ["name": .text(PlainText.line(name))]
        if let arn = description.arn { facts["arn"] = .text(arn) }
        if let account = description.arn.flatMap({ ARN($0) })?.account { facts["account"] = .text(account) }
        if let region = access.region { facts["region"] = .text(region) }
        if let created = description.created { facts["created"] = .text(created.iso8601) }
        return facts
    }

    /// The account in the ARN costs no request; without an ARN, AWS is asked whose credentials these are.
    private func requireExpected(arn: String?) async throws {
        let parsed = arn.flatMap { ARN($0) }
        if let region = access.region, let parsed, parsed.region != region {
            throw StepFailure(
                "\(PlainText.line(name)) is in \(PlainText.line(parsed.region)), and \(region) was asked for",
                remedy: "correct `aws.region` in .migrate/config.yml", kind: .refused)
        }
        guard let expected = access.expectedAccount else { return }
        let found = if let account = parsed?.account { account } else { try await access.account() }
        guard let found, found != expected else { return }
        throw StepFailure(
            "the credentials belong to account \(PlainText.line(found)), and the settings expect \(expected)",
            remedy: "use credentials of account \(expected), or correct `aws.expected-account` in .migrate/config.yml",
            kind: .refused)
    }
}
