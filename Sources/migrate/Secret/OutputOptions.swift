// How a command about secrets says what it has to say.

import ArgumentParser
import Reporting

enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case human, json
}

struct OutputOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "How to report.")
    var format: OutputFormat = .human

    @Flag(help: "No colour, whatever the terminal can do.")
    var noColor = false

    var choice: OutputChoice { OutputChoice(format: format, noColor: noColor) }
}

struct OutputChoice {
    var format: OutputFormat
    var noColor: Bool

    /// For text that goes to that stream.
    func style(_ terminal: Terminal = .standardOutput) -> TerminalStyle {
        TerminalStyle(
            colour: !noColor && terminal.hasColour, unicode: Terminal.isUTF8,
            width: terminal.isTerminal ? terminal.width : 100)
    }

    func write(human: (TerminalStyle) -> String, json: () throws -> [UInt8]) throws {
        switch format {
        case .human: try StandardOutput.write(Array(human(style()).utf8))
        case .json: try StandardOutput.write(json())
        }
    }
}

struct ConsentOptions: ParsableArguments {
    @Flag(name: .shortAndLong, help: "Do it without asking.")
    var yes = false

    @Flag(name: [.customLong("dry-run"), .customShort("n")], help: "Show what would change, and change nothing.")
    var dryRun = false

    func validate() throws {
        if yes && dryRun { throw ValidationError("--yes and --dry-run contradict each other.") }
    }
}
