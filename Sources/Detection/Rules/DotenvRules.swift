// The rules that only dotenv files have. Their parser finds them, not the engine. Secrets of no known kind are
// reported under `generic-secret`, in dotenv files as in code: the same password in both is one finding.

extension Rule {
    /// An entry whose value is a URL or connection string with a password.
    package static let dotenvConnectionString = dotenv(
        "dotenv-connection-string", "Connection string with a password in a dotenv file", .high,
        revocation: "Change the password on the server that the string points to.")

    /// A dotenv file that is committed, whatever it holds.
    package static let dotenvFile = dotenv(
        "dotenv-file", "Committed dotenv file", .medium,
        revocation: "Run `git rm --cached` on the file, and have .gitignore name it.")

    /// Without anchors, so that the engine never tries them.
    private static func dotenv(_ id: String, _ title: String, _ severity: Severity, revocation: String) -> Rule {
        Rule(
            id: id, title: title, provider: "", severity: severity, anchors: [], confirmation: .genericAssignment,
            revocation: revocation, references: ["https://12factor.net/config"], examples: { [] },
            counterexamples: { [] })
    }
}
