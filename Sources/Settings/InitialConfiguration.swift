// A first `.migrate/config.yml`: what was found in a repository, and what is left to a person, explained.

/// What is known, or guessed, about a repository that has no settings yet. Its text is read back as these settings.
package struct InitialConfiguration: Sendable, Equatable {
    /// A value, and why it was chosen.
    package struct Choice<Value: Sendable & Equatable>: Sendable, Equatable {
        package var value: Value
        /// A clause in words: "from AWS_REGION".
        package var reason: String

        package init(_ value: Value, _ reason: String) {
            self.value = value
            self.reason = reason
        }
    }

    package var store: StoreSettings.Kind = .aws
    package var secret: Choice<String>
    /// Nil where nothing names one.
    package var region: Choice<String>?
    /// Nil where nothing tells, or several dialects may be meant.
    package var dialect: Choice<String>?
    package var checklist = "aws-secrets-manager"
    /// Ids of the checklist's steps: what is said about other steps is left out.
    package var stepIDs: [String] = []
    /// Dotenv files that hold values, by path.
    package var dotenvFiles: [String] = []
    /// Further ones, of other environments than production.
    package var leftOutFiles: [String] = []
    /// Names of secrets among their keys that the code reads.
    package var requiredKeys: [String] = []
    /// Names among these that look like signing keys, which a machine may make anew.
    package var generatedKeys: [String] = []
    /// The file for local development.
    package var developmentFile: String?
    /// A command that most likely shows that the software works.
    package var testCommand: [String]?
    /// Files that say how production runs, by path.
    package var places: [String] = []
    /// What else was found, a line each, for the head of the file.
    package var findings: [String] = []

    package init(secret: Choice<String>) { self.secret = secret }

    /// The file. Lines of names and paths from the repository are quoted where YAML asks for it.
    package var text: String {
        var page = SettingsPage()
        page.comment("What migrate knows about this repository, and what you tell it. Meant to be committed.")
        page.comment(
            "No value of a secret belongs in here. Lines like #key: are suggestions: take the # away to use them.")
        if !findings.isEmpty {
            page.comment("")
            page.comment("Found by migrate init:")
            for finding in findings { page.comment("  " + finding) }
        }
        page.line("version: 1")
        page.gap()
        page.comment("Where the values go: aws is AWS Secrets Manager; local is an encrypted vault on this machine.")
        page.line("store: \(store.rawValue)")
        page.gap()
        page.comment("The secret that holds all values of one environment: \(secret.reason).")
        page.line("secret: \(SettingsPage.scalar(secret.value))")
        page.gap()
        writeAWS(&page)
        page.gap()
        if let dialect {
            page.comment("Who reads the dotenv files here: \(dialect.reason).")
            page.line("dotenv:")
            page.line("  dialect: \(SettingsPage.scalar(dialect.value))")
        } else {
            page.comment(
                "Who reads the dotenv files here: node, python, compose or shell. It matters for quotes and $.")
            page.suggestion("dotenv:")
            page.suggestion("  dialect: node")
        }
        page.gap()
        page.comment("For a SendGrid account of the European Union:")
        page.suggestion("sendgrid:")
        page.suggestion("  region: eu")
        page.gap()
        page.comment("The steps to go through: a built-in checklist, or the path of one of your own.")
        page.line("checklist: \(SettingsPage.scalar(checklist))")
        page.gap()
        page.comment("What single steps need to know. Shown with their parameters by: migrate plan")
        writeSteps(&page)
        return page.text
    }

    private func writeAWS(_ page: inout SettingsPage) {
        if let region {
            page.line("aws:")
            page.comment("  \(region.reason)")
            page.line("  region: \(SettingsPage.scalar(region.value))")
            page.comment("  The account that the secret belongs to: one of any other account is refused.")
            page.suggestion("  expected-account: \"123456789012\"")
        } else {
            page.comment(
                "The region, where the environment and the AWS profile do not name the right one; and the account")
            page.comment("that the secret belongs to: one of any other account is refused.")
            page.suggestion("aws:")
            page.suggestion("  region: eu-west-1")
            page.suggestion("  expected-account: \"123456789012\"")
        }
    }

    private func writeSteps(_ page: inout SettingsPage) {
        page.line("steps:")
        for id in stepIDs {
            switch id {
            case "store-values": writeStore(&page)
            case "verify-values": writeVerification(&page)
            case "local-development": writeDevelopment(&page)
            case "production-config": writePlaces(&page)
            case "production-test":
                page.gap()
                page.comment("  A command whose success shows that production works; without one, you are asked.")
                page.suggestion("  production-test:")
                page.suggestion("    run: [curl, --fail, --silent, --show-error, https://example.com/health]")
            case "restart-consumers":
                page.gap()
                page.comment("  A command that restarts everything that reads the secret; without one, you are asked.")
                page.suggestion("  restart-consumers:")
                page.suggestion("    run: [./restart-all.sh]")
            case "rotation-schedule":
                page.gap()
                page.comment("  Who sees to it that values are replaced, and after how many days.")
                page.suggestion("  rotation-schedule:")
                page.suggestion("    owner: the team's name")
                page.suggestion("    days: 90")
            case "access-watch":
                page.gap()
                page.comment("  Who may read the secret; * stands for anything. Others are reported.")
                page.suggestion("  access-watch:")
                page.suggestion("    principals: [\"arn:aws:sts::123456789012:assumed-role/app/*\"]")
            default: break
            }
        }
    }

    private func writeStore(_ page: inout SettingsPage) {
        page.gap()
        page.line("  store-values:")
        if dotenvFiles.isEmpty {
            page.comment("    No dotenv file with values is here now: values come from history, or from you.")
            page.suggestion("    files: [.env]")
        } else {
            page.comment(
                "    The files to take values from, and no others; the first counts where several have a key. By")
            page.comment("    default all that may hold values of production, and what history has.")
            page.suggestion("    files:")
            for path in dotenvFiles { page.suggestion("      - \(SettingsPage.scalar(path))") }
            if !leftOutFiles.isEmpty {
                page.comment("    Here as well, and most likely not for this secret:")
                for path in leftOutFiles { page.suggestion("      - \(SettingsPage.scalar(path))") }
            }
        }
        page.comment("    Keys that get a new random value where they have none.")
        page.suggestion(
            "    generate: \(SettingsPage.list(generatedKeys.isEmpty ? ["JWT_SECRET_KEY"] : generatedKeys))")
    }

    private func writeVerification(_ page: inout SettingsPage) {
        page.gap()
        page.comment("  Keys that must be in the secret; by default every secret of the dotenv files.")
        page.suggestion("  verify-values:")
        if requiredKeys.isEmpty {
            page.suggestion("    required: [DATABASE_URL]")
        } else {
            page.comment("    These are read by the code.")
            page.suggestion("    required:")
            for key in requiredKeys { page.suggestion("      - \(SettingsPage.scalar(key))") }
        }
    }

    private func writeDevelopment(_ page: inout SettingsPage) {
        page.gap()
        if let developmentFile {
            page.line("  local-development:")
            page.comment("    The file that software reads on a developer's machine.")
            page.line("    env-file: \(SettingsPage.scalar(developmentFile))")
            page.comment("    A command whose success shows that it still works; without one, you are asked.")
        } else {
            page.comment("  A command whose success shows that local development still works; else you are asked.")
            page.suggestion("  local-development:")
        }
        page.suggestion("    run: \(SettingsPage.list(testCommand ?? ["make", "test"]))")
    }

    private func writePlaces(_ page: inout SettingsPage) {
        page.gap()
        page.comment("  The files that give production its variables; AWS_SECRET_NAME is looked for in all of them.")
        page.comment("  Without any, you are asked.")
        page.suggestion("  production-config:")
        page.suggestion("    places:")
        for path in places.isEmpty ? ["deploy/production.env"] : places {
            page.suggestion("      - \(SettingsPage.scalar(path))")
        }
    }
}
