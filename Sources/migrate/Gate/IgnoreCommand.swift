import ArgumentParser

struct IgnoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "ignore", abstract: "")
}
