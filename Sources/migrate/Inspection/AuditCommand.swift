// `migrate audit`: who read or wrote a secret.

import AWS
import ArgumentParser
import Reporting
import Settings
import Stores
import World

struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Lists who read or wrote a secret in the last 90 days, from CloudTrail.",
        discussion: """
            CloudTrail gives two pages of 50 events a second for the whole account, so a busy one takes a while; a \
            shorter --since is faster. An event shows up there some minutes after it happened.
            """)

    @Argument(help: "The secret. Default: AWS_SECRET_NAME, else `secret` in the settings.")
    var name: String?

    @Option(help: "How far back: 2025-01-31, or 90d, 12w ago.")
    var since = "90d"

    @OptionGroup var secretOption: SecretOption
    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if store.store == .local { throw ValidationError("The local vault keeps no record of who reads it.") }
        if PointInTime.parse(since, now: PointInTime.now()) == nil {
            throw ValidationError("--since takes a date (2025-01-31) or an age (90d, 12w), not '\(since)'.")
        }
    }

    func run() async throws {
        let (session, named) = try await StoreSession.open(store, secret: secretOption.secret, word: name)
        guard let aws = session.aws else { throw StoreKindMismatch() }
        let secret = try SecretName(named)
        var arn = secret.arn?.description
        // A secret that is gone may still be asked about.
        if arn == nil { arn = (try? await session.store.describe(named))?.arn }
        try session.checkAccount(arn: arn)
        let start = Instant(seconds: Double(PointInTime.parse(since, now: session.world.now().wholeSeconds) ?? 0))
        let shows = Terminal.standardError.isTerminal && output.format == .human
        let entries = try await AccessHistory(
            client: CloudTrailClient(client: try aws.client(.cloudTrail), world: session.world)
        ).entries(name: secret.name, arn: arn, since: start) { progress in
            if shows {
                ProgressLine.show(
                    "CloudTrail: \(Wording.count(progress.events, "event")) read, \(progress.found) about it"
                        + (progress.reached.map { ", back to \($0.iso8601.prefix(10))" } ?? ""))
            }
        }
        if shows { ProgressLine.clear() }
        let report = AccessReport(name: secret.name, since: start.wholeSeconds, entries: entries)
        try output.choice.write(
            human: { report.text($0, now: session.world.now().wholeSeconds) }, json: { try report.json() })
    }
}
