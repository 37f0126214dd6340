// The kinds of steps in this folder.

import Checklist

enum SendGridSteps {
    static let all: [StepKindDeclaration] = [createKey, revoke, proof]

    private static let key = ParameterDeclaration(
        "key", .text,
        about: "The key of the secret that holds the SendGrid key in use, SENDGRID_API_KEY by default.")

    static let createKeyName = "sendgrid-create-key"
    static let revokeName = "sendgrid-revoke"

    private static let which = ParameterDeclaration(
        "which", .text, choices: ["leaked", "replaced"],
        about: "The keys that leaked in this repository (leaked, by default), or those that a rotation in the same "
            + "checklist has replaced (replaced).")

    private static func isAboutReplaced(_ step: Step) -> Bool { step.parameters.text("which") == "replaced" }

    private static let createKey = StepKindDeclaration(
        KindDescription(
            name: createKeyName,
            about: "Makes a SendGrid key of least privilege and puts it straight into the secret, never on screen.",
            parameters: [
                key,
                ParameterDeclaration(
                    "name", .text,
                    about: "What the key is called at SendGrid, before eight digits that make it unique; by default "
                        + "the secret's name."),
                ParameterDeclaration(
                    "scopes", .list, about: "What the key may do at SendGrid, mail.send alone by default."),
                ParameterDeclaration(
                    "rotate", .flag,
                    about: "Whether a new key is made although the old one is good; false by default."),
                ParameterDeclaration(
                    "days", .number, range: 1...3_650,
                    about: "With `rotate`: days until the next rotation is due, 90 by default."),
            ])
    ) { step, workbench in
        let scopes = step.parameters.list("scopes") ?? ["mail.send"]
        guard !scopes.isEmpty, scopes.allSatisfy({ !$0.isEmpty }) else {
            throw StepFailure(
                "\(step.id): `scopes` must name one scope at least", remedy: "mail.send, say", kind: .refused)
        }
        return SendGridCreateKeyStep(
            workbench: workbench, key: step.parameters.text("key") ?? defaultKey, name: step.parameters.text("name"),
            scopes: scopes,
            days: step.parameters.flag("rotate") == true ? step.parameters.number("days") ?? 90 : nil)
    }

    private static let revoke = StepKindDeclaration(
        KindDescription(
            name: revokeName,
            about: "Deletes, or reduces, exactly the SendGrid keys that leaked; never one that the secret holds.",
            parameters: [key, which])
    ) { step, workbench in
        let key = step.parameters.text("key") ?? defaultKey
        if isAboutReplaced(step) { return SendGridRevokeReplacedStep(workbench: workbench, key: key) }
        return SendGridRevokeStep(workbench: workbench, key: key)
    }

    private static let proof = StepKindDeclaration(
        KindDescription(
            name: "sendgrid-proof",
            about: "Shows that every SendGrid key that leaked is dead: refused twice, some time apart.",
            parameters: [
                key, which,
                ParameterDeclaration(
                    "seconds-apart", .number, range: 1...3_600,
                    about: "Seconds between the two refusals that count as proof, 60 by default."),
            ])
    ) { step, workbench in
        let key = step.parameters.text("key") ?? defaultKey
        let secondsApart = Double(step.parameters.number("seconds-apart") ?? 60)
        if isAboutReplaced(step) {
            return SendGridProofReplacedStep(workbench: workbench, key: key, secondsApart: secondsApart)
        }
        return SendGridProofStep(workbench: workbench, key: key, secondsApart: secondsApart)
    }

    private static let defaultKey = "SENDGRID_API_KEY"
}
