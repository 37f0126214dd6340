// The built-in checklists with the real kinds of steps.

import Checklist
import Settings
import Testing

@testable import Steps

@Suite("Built-in checklists and their kinds")
struct BuiltInChecklistTests {
    @Test(arguments: BuiltInChecklists.all.map(\.id))
    func `each is valid, and explains itself`(id: String) throws {
        let checklist = try ChecklistFile.load(
            id, settings: Configuration(), root: "/nonexistent", kinds: StepCatalog.descriptions)
        #expect(checklist.id == id)
        #expect(checklist.steps.allSatisfy { $0.why?.isEmpty == false })
    }

    @Test func `the standard one has the guide's items in the guide's order`() throws {
        let checklist = try ChecklistFile.load(
            settings: Configuration(), root: "/nonexistent", kinds: StepCatalog.descriptions)
        let guide = [
            "Revoke exposed API keys in SendGrid dashboard", "Create new SendGrid API key", "Create AWS secret",
            "Store all secrets in AWS", "Verify secrets", "Update .env.example with placeholders",
            "Update .gitignore to exclude all .env files", "Remove .env files from git",
            "Test local development still works with .env.development",
            "Configure production environment with AWS_SECRET_NAME", "Test production deployment",
            "Delete old API keys from SendGrid", "Document secret rotation schedule",
        ]
        #expect(checklist.steps.map(\.title).filter(guide.contains) == guide)
        #expect(checklist.steps.count == 18)
    }

    @Test func `production never goes dark in the default order`() throws {
        let checklist = try ChecklistFile.load(
            settings: Configuration(), root: "/nonexistent", kinds: StepCatalog.descriptions)
        #expect(
            checklist.steps(in: .standard).map(\.id) == [
                "create-secret", "create-sendgrid-key", "store-values", "verify-values", "env-example", "gitignore",
                "untrack", "local-development", "production-config", "production-test", "restart-consumers",
                "revoke-keys", "delete-old-keys", "other-credentials", "rotation-schedule", "history", "gate",
                "access-watch",
            ])
        #expect(checklist.steps(in: .emergency).first?.id == "revoke-keys")
        #expect(checklist["revoke-keys"]?.needs(in: .emergency) == [])
        #expect(checklist["other-credentials"]?.needs(in: .emergency) == [])
    }

    @Test func `the answer to a leak revokes before anything else`() throws {
        let checklist = try ChecklistFile.load(
            "leak-response", settings: Configuration(), root: "/nonexistent", kinds: StepCatalog.descriptions)
        for order in Checklist.Order.allCases {
            #expect(checklist.steps(in: order).prefix(2).map(\.id) == ["revoke-keys", "other-credentials"])
        }
    }

    @Test func `one settings file serves all of them`() throws {
        // `local-development` is a step of the standard checklist alone.
        let text = "steps:\n  local-development:\n    run: [make, test]\n  rotation-schedule:\n    days: 30\n"
        let settings = try Configuration.parse(Array(text.utf8), path: "config.yml")
        let checklist = try ChecklistFile.load(
            "rotate-sendgrid", settings: settings, root: "/nonexistent", kinds: StepCatalog.descriptions)
        #expect(checklist["rotation-schedule"]?.parameters.number("days") == 30)
    }
}
