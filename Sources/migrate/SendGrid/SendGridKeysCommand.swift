// `migrate sendgrid keys`: which keys there are, which one is in use, and which leaked here.

import ArgumentParser
import Checklist
import Secrets
import SendGrid
import Steps
import Stores
import World

struct SendGridKeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Lists the keys of the SendGrid account: ids, names, scopes; never a key itself.",
        discussion: """
            Says which key the secret holds, and which leaked in this repository. Needs a key that may read keys: in \
            SENDGRID_ADMIN_KEY, or typed when asked for it.
            """)

    @OptionGroup var checklist: ChecklistOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let place = try RepositoryPlace.find()
        let workbench = WorkbenchOpening(checklist, place: place, identity: "", keepsNothing: true).workbench
        // Before the question: who has no network settings to speak of should not type a key first.
        let held = try await heldKeys(workbench)
        let leaked = Set(try LeakedSendGridKey.all(in: try await workbench.findings()).map(\.id))
        let admin =
            try workbench.sendGridAdminKey()
            ?? Prompt.secret(
                "SendGrid key that may read keys: ", need: "a SendGrid key that may read keys",
                remedy: "set \(WorkbenchOpening.adminKeyVariable)")
        let client = try workbench.sendGrid(admin)
        var rows: [SendGridKeyRow] = []
        for key in try await client.keys() {
            // One that was deleted since is no longer of interest.
            guard let detail = try await client.key(key.id) else { continue }
            rows.append(
                SendGridKeyRow(
                    id: detail.id, name: detail.name, scopes: detail.scopes, heldAs: held[detail.id],
                    isLeaked: leaked.contains(detail.id), isOwn: detail.id == client.publicID))
        }
        let list = SendGridKeyList(place: client.place, rows: rows)
        try output.choice.write(human: { _ in list.text(Failure.clean) }, json: { list.json() })
    }

    /// Names of the secret's keys by the id of the SendGrid key that they hold. Without a secret there are none.
    private func heldKeys(_ workbench: Workbench) async throws -> [String: String] {
        do {
            let access = try await workbench.store()
            let version = try await access.store.read(access.name, .current)
            let content = try SecretContent(parsing: version.content, name: access.name)
            var held: [String: String] = [:]
            for name in content.keys {
                if let id = content.value(of: name).flatMap({ SendGridKey.publicID(of: $0.text()) }) { held[id] = name }
            }
            return held
        } catch is NoSecretNamed {
            Diagnostics.note("no secret is named, so which key it holds is not shown: --secret NAME")
        } catch StoreError.notFound(let name) {
            Diagnostics.note("there is no secret \(Failure.quoted(name)) yet.")
        } catch StoreError.noSuchVersion {}
        return [:]
    }
}
