// Why reports on fleets cannot be read or are not one report.

/// What is wrong with documents that ought to be merged: facts, for whoever words the message.
package enum FleetError: Error, Sendable, Equatable {
    /// The file is no whole document of a fleet; the reason in words.
    case notFleet(file: String, reason: String)
    /// A document of ours that is not what we write.
    case damaged(String)
    /// Two files are about different things: `list`, `version`, `rules`, `settings`, `shards`.
    case different(String, first: String, second: String)
    /// Two files are the same part and do not say the same.
    case overlapping(shard: Int, first: String, second: String)
    /// Parts that no file has, from 1.
    case missing([Int], count: Int)
    /// Repositories of the list, by their positions, that no part has.
    case uncovered([Int])
}
