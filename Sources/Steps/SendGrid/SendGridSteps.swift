// The kinds of steps in this folder.

import Checklist

enum SendGridSteps {
    static let all: [StepKindDeclaration] = [createKey, revoke, proof]

    private static let key = ParameterDeclaration(
        "key", .text,
        about: "The key of the secret that holds the SendGrid key in use, SENDGRID_API_KEY by default.")

    private static let createKey = StepKindDeclaration(
        KindDescription(
            name: "sendgrid-create-key",
            about: "Makes a SendGrid key of least privilege and puts it straight into the secret, never on screen.",
            parameters: [
                key,
                ParameterDeclaration(
                    "name", .text,
                    about: "What the key is called at SendGrid, before eight digits that make it unique; by default "
                        + "the secret's name."),
                ParameterDeclaration(
                    "scopes", .list, about: "What the key may do at SendGrid, mail.send alone by default."),
            ])
    ) { step, workbench in
        let scopes = step.parameters.list("scopes") ?? ["mail.send"]
        guard !scopes.isEmpty, scopes.allSatisfy({ !$0.isEmpty }) else {
            throw StepFailure(
                "\(step.id): `scopes` must name one scope at least", remedy: "mail.send, say", kind: .refused)
        }
        return SendGridCreateKeyStep(
            workbench: workbench, key: step.parameters.text("key") ?? defaultKey, name: step.parameters.text("name"),
            scopes: scopes)
    }

    private static let revoke = StepKindDeclaration(
        KindDescription(
            name: "sendgrid-revoke",
            about: "Deletes, or reduces, exactly the SendGrid keys that leaked; never one that the secret holds.",
            parameters: [key])
    ) { step, workbench in
        SendGridRevokeStep(workbench: workbench, key: step.parameters.text("key") ?? defaultKey)
    }

    private static let proof = StepKindDeclaration(
        KindDescription(
            name: "sendgrid-proof",
            about: "Shows that every SendGrid key that leaked is dead: refused twice, some time apart.",
            parameters: [
                key,
                ParameterDeclaration(
                    "seconds-apart", .number, range: 1...3_600,
                    about: "Seconds between the two refusals that count as proof, 60 by default."),
            ])
    ) { step, workbench in
        SendGridProofStep(
            workbench: workbench, key: step.parameters.text("key") ?? defaultKey,
            secondsApart: Double(step.parameters.number("seconds-apart") ?? 60))
    }

    private static let defaultKey = "SENDGRID_API_KEY"
}
