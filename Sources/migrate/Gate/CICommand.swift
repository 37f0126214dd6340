import ArgumentParser

struct CICommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "ci", abstract: "")
}
