// What a scan of a fleet and the merging of its parts refuse, and why.

import Reporting
import Scanning

extension Failure {
    static func fleetWords(for error: any Error) -> Words? {
        switch error {
        case let error as UnusableList:
            (
                .usage,
                (error.path == "-" ? "the list on standard input" : quoted(error.path))
                    + (error.cause.line > 0 ? ", line \(error.cause.line)" : "") + ": " + error.cause.reason + ".",
                "a list has a repository's path a line, and # before comments"
            )
        case let error as NoRepository:
            (
                .failed,
                error.isInside.map { $0 ? "it is a folder inside a repository." : "it is no git repository." }
                    ?? "there is nothing at this path.",
                error.isInside == true ? "put the repository itself into the list" : nil
            )
        case let error as FleetFileError: words(for: error)
        case let error as FleetError: words(for: error)
        default: nil
        }
    }

    private static func words(for error: FleetFileError) -> Words {
        switch error {
        case .busy(let path):
            (.failed, "another run is writing \(quoted(path)).", "wait for it, or give this run a file of its own")
        case .begunOtherwise(let path):
            (
                .failed,
                "\(quoted(path)) was begun with another list, shard, version or with other options; nothing was changed.",
                "begin anew without --resume"
            )
        }
    }

    private static func words(for error: FleetError) -> Words {
        switch error {
        case .notFleet(let file, let reason):
            (
                .failed, "\(quoted(file)) is no whole report of a fleet: \(clean(reason)).",
                "such files come from: migrate scan --repos LIST --format json --output FILE"
            )
        case .damaged(let what):
            (.bug, "\(clean(what)) cannot be read back. This is a bug in migrate: please report what you ran.", nil)
        case .different(let what, let first, let second):
            (
                .failed, "\(quoted(first)) and \(quoted(second)) \(difference(what)), so they are not one report.",
                "scan all shards with the same list, options and version of migrate"
            )
        case .overlapping(let shard, let first, let second):
            (
                .failed, "\(quoted(first)) and \(quoted(second)) are both shard \(shard), and do not say the same.",
                "leave out the one that is out of date"
            )
        case .missing(let shards, let count):
            (
                .incomplete,
                "shard \(Wording.list(shards.map(String.init), limit: 20)) of \(count) \(shards.count == 1 ? "is" : "are") missing: what is in its repositories is not known.",
                "run it again, and merge all: migrate scan --repos LIST --shard \(shards.first ?? 1)/\(count) --format json --output FILE"
            )
        case .uncovered(let positions):
            (
                .incomplete,
                "repository \(Wording.list(positions.map(String.init), limit: 20)) of the list is in no shard's report.",
                "run the shards again, and merge all"
            )
        }
    }

    private static func difference(_ what: String) -> String {
        switch what {
        case "list": "are about different lists"
        case "version": "were written by different versions of migrate"
        case "rules": "were written under different rules"
        case "shards": "divide the list into a different number of shards"
        default: "were made with different options"
        }
    }
}
