// All built-in rules, by provider.

extension Rule {
    /// The rules that every scan starts from. The order is that of reports that list rules.
    package static let builtIn: [Rule] = [
        sendGrid, aws, gitHub, gitLab, packageRegistries, chat, payments, messaging, google, languageModels, azure,
        atlassian, hosting, infrastructure, observability, developerTools, dataPlatforms, commerce,
        standardFormats, urls, [genericAssignment],
    ].flatMap { $0 }
}
