// Everything outside that steps touch, opened when one of them needs it.

import AWS
import Checklist
import HTTP
import Scanning
import Secrets
import SendGrid
import Settings
import Steps
import Stores
import World

/// The workbench of a run, and what of it is remembered between steps.
struct WorkbenchOpening {
    let workbench: Workbench
    let world: World
    let remembered: RememberedSteps
    private let findings: Once<RepositoryFindings>

    /// A key of SendGrid that may manage keys.
    static let adminKeyVariable = "SENDGRID_ADMIN_KEY"

    init(_ options: ChecklistOptions, place: RepositoryPlace, identity: String, keepsNothing: Bool) {
        var world = World.real()
        let adminKey = world.variable(Self.adminKeyVariable).map { SharedSecret(copying: $0.utf8) }
        // Programs that are started have no business with the keys to everything.
        world.environment[Self.adminKeyVariable] = nil
        var stepWorld = world
        stepWorld.environment[VaultPlace.passphraseVariable] = nil
        let settings = place.settings
        let outside = OutsideOpening(options: options, settings: settings, world: world)
        let store = Once { try await outside.store() }
        let transport = ProviderTransport { try outside.transport() }
        let findings = Once {
            try await FindingsOpening(place: place, keepsNothing: keepsNothing).findings()
        }
        let remembered = RememberedSteps()
        self.world = world
        self.remembered = remembered
        self.findings = findings
        let reach = SendGridReach()
        var workbench = Workbench(
            root: place.root, settings: settings.configuration, world: stepWorld, identity: identity,
            localFolder: place.root + "/" + LocalFolder.path, probesProviders: options.probe,
            store: { try await store.value().access },
            sendGrid: { try outside.sendGrid($0, try transport.value(), reach) },
            sendGridAdminKey: { adminKey },
            findings: { try await findings.value() },
            accessHistory: { try await store.value().accessHistory() },
            transport: { try transport.value() },
            records: { await remembered.records(ofKind: $0) })
        workbench.livenesses = LivenessMemo()
        self.workbench = workbench
    }

    /// Something was changed: what was found in the repository, and what SendGrid has said, is asked for again.
    func forgetFindings() async {
        await findings.forget()
        await workbench.livenesses?.forget()
    }
}
