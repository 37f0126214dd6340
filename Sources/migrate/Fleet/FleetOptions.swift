// `scan --repos`: many repositories, and a part of them for each of several machines.

import ArgumentParser
import Reporting
import Scanning

struct FleetOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Scan the repositories in this list, a path a line, relative to the list; - is standard input.",
            valueName: "list"),
        completion: .file())
    var repos: String?

    @Option(help: ArgumentHelp("With --repos: only this part of the list, such as 2/4.", valueName: "i/n"))
    var shard: Shard = .whole

    @Flag(help: "With --repos: take up a run that did not end, from what it left beside the JSON file.")
    var resume = false

    @Flag(help: "With --repos: print the repositories of this shard, a path a line, and scan nothing.")
    var listRepos = false

    /// The forms that many repositories can be reported in.
    static let formats: [ReportFormat] = [.human, .json, .jsonl, .markdown]

    func validate() throws {
        if repos == "" { throw ValidationError("--repos is empty: a variable that is not set, perhaps?") }
        if repos == nil, shard != .whole { throw ValidationError("--shard is a part of a list: add --repos LIST.") }
        if repos == nil, listRepos { throw ValidationError("--list-repos is about a list: add --repos LIST.") }
        if repos == nil, resume { throw ValidationError("--resume takes up a scan of a list: add --repos LIST.") }
    }

    static func requireFormat(_ format: ReportFormat) throws {
        if formats.contains(format) { return }
        throw ValidationError(
            "Many repositories are reported as \(formats.map(\.rawValue).joined(separator: ", ")), "
                + "and not as \(format.rawValue): for that form, scan each by itself.")
    }
}

extension Shard: ExpressibleByArgument {
    /// From `2/4`.
    public init?(argument: String) { self.init(argument) }
    /// As it is given.
    public var defaultValueDescription: String { description }
}
