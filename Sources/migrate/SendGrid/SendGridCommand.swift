// `migrate sendgrid`: the keys of an account.

import ArgumentParser

struct SendGridCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sendgrid", abstract: "Shows the keys of a SendGrid account.",
        subcommands: [SendGridKeysCommand.self])
}
