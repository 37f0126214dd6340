// A checklist in the middle of its life, with a step in every standing.

import Checklist
import World

@testable import Reporting

enum ChecklistStory {
    static let now = Instant(seconds: 1_795_000_000)

    static func step(_ id: String, _ title: String, needs: [String] = [], why: String? = nil) -> Step {
        Step(id: id, kind: "kind-of-\(id)", title: title, why: why, needs: needs)
    }

    /// In the order of the document.
    static let steps = [
        step("revoke", "Revoke exposed API keys in SendGrid dashboard", needs: ["deploy"]),
        step("create-key", "Create new SendGrid API key"),
        step("create-secret", "Create AWS secret"),
        step(
            "store-values", "Store all secrets in AWS", needs: ["create-secret"],
            why: "From here on the values live in one place, with versions, access rules and an audit trail."),
        step("verify-values", "Verify secrets", needs: ["store-values"]),
        step("template", "Update `.env.example` with placeholders"),
        step("gitignore", "Update `.gitignore` to exclude all `.env` files"),
        step("untrack", "Remove `.env` files from git"),
        step("local", "Test local development still works with `.env.development`", needs: ["verify-values"]),
        step("deploy", "Test production deployment", needs: ["verify-values", "local"]),
        step("rotation", "Document secret rotation schedule"),
        step("history", "Check history"),
    ]

    static let checklist = Checklist(
        id: "aws-secrets-manager", title: "From committed .env files to AWS Secrets Manager", about: "",
        steps: steps, digest: "sha256:" + String(repeating: "0a", count: 32))

    static let standings: [String: Standing] = [
        "revoke": .blocked(by: ["deploy"], reason: "SG.AbCdEfGhIjKlMnOpQrStUv is alive, with 12 scopes"),
        "create-key": .waiting(
            reason: "the new key SG.ZyXwVuTsRqPoNmLkJiHgFe does not work everywhere yet", until: now + 240),
        "create-secret": .done(
            Evidence(
                "arn:aws:secretsmanager:eu-west-1:123456789012:secret:fluxion/production-a1B2c3 has the expected tags",
                facts: [
                    "arn": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:fluxion/production-a1B2c3",
                    "tags": 3, "kms": false, "regions": ["eu-west-1"],
                ], warnings: ["the secret has no resource policy"])),
        "store-values": .ready(reason: "7 values are not in the secret yet", wasCutShort: true),
        "verify-values": .blocked(by: ["store-values"], reason: "the secret holds no version"),
        "template": .done(Evidence("backend/.env.example has all 7 keys and no value that leaked")),
        "gitignore": .drifted(reason: "backend/.env.staging is not ignored"),
        "untrack": .failed(reason: "a merge is in progress"),
        "local": .waived(by: "Ada Lovelace <ada@example.com>", reason: "nobody runs it locally", until: now + 864_000),
        "deploy": .unknown(
            reason: "the credentials have expired", remedy: "aws sso login --profile production, then try again"),
        "rotation": .due(
            Evidence("docs/secret-rotation.md names an owner for each of 7 keys", due: now + -86_400)),
        "history": .undone(reason: "6 findings are still alive"),
    ]

    static let statuses: [StepStatus] = checklist.steps(in: .standard).map { step in
        let standing = standings[step.id] ?? .unknown(reason: "the story does not tell", remedy: nil)
        let record =
            switch standing {
            case .done: record(.verified, .verified)
            case .waiting: record(.waiting, .waiting)
            default: StepRecord()
            }
        return StepStatus(step: step, record: record, standing: standing)
    }

    /// What an hour ago was written down.
    static func record(_ state: StepState, _ event: StepEvent) -> StepRecord {
        StepRecord(
            state: state,
            events: [
                RecordedEvent(
                    event: event, at: now + -3_600, by: "Ada Lovelace <ada@example.com>", tool: "0.4.0",
                    summary: "seen")
            ])
    }

    static let middle = ChecklistReport(
        checklist: checklist, order: .standard, statuses: statuses,
        notes: ["The record of create-secret was edited by hand: event 3 is not what was written."], now: now)

    static let finished = ChecklistReport(
        checklist: checklist, order: .emergency,
        statuses: checklist.steps(in: .emergency).map {
            StepStatus(step: $0, record: StepRecord(state: .verified), standing: .done(Evidence("seen just now")))
        }, now: now)

    static let preview = Preview(
        changes: [
            PlannedChange(
                "put a new version of fluxion/production in AWS Secrets Manager in eu-west-1",
                lines: [
                    PreviewLine(.added, "SENDGRID_API_KEY    SG.ZyXwVuTsRqPoNmLkJiHgFe.********"),
                    PreviewLine(.changed, "JWT_SECRET_KEY      ******** (leaked) is replaced by a generated one"),
                    PreviewLine(.removed, "OLD_KEY             ********"),
                    PreviewLine(.context, "    PORT = 8080"),
                    PreviewLine(.note, "3 keys stay as they are"),
                    PreviewLine(.added, String(repeating: "long/", count: 40)),
                ]),
            PlannedChange("write backend/.gitignore"),
        ],
        questions: [
            Question(
                "replace/JWT_SECRET_KEY", "What is to happen with JWT_SECRET_KEY, which leaked?",
                .choice([.init("generate", "a new one"), .init("keep", "carry it over")], suggested: "generate")),
            Question("admin-key", "A key that may manage keys", .secret, isRequired: false),
        ],
        irreversible: ["SendGrid shows a key once: a copy exists in the secret only."],
        byHand: ["Open https://app.sendgrid.com/settings/api_keys", "Delete the key named \"fluxion old\""],
        basis: "1")

    static let plan = PlanReport(
        list: middle,
        outlooks: [
            "store-values": .preview(preview),
            "verify-values": .preview(Preview()),
            "gitignore": .preview(Preview(changes: [PlannedChange("write backend/.gitignore")])),
            "untrack": .unknown(reason: "a merge is in progress"),
            "revoke": .preview(
                Preview(
                    changes: [PlannedChange("delete key SG.AbCdEfGhIjKlMnOpQrStUv at SendGrid")],
                    irreversible: ["A deleted key cannot be brought back."])),
        ])
}
