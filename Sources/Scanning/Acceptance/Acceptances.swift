// `.migrate/ignore.yml`: findings that a team lives with for a while, each with a reason, an owner and an end.

package import Detection
package import Settings
package import World

/// A finding that somebody answers for.
package struct Acceptance: Sendable, Equatable {
    package var fingerprint: String
    package var reason: String
    package var owner: String
    /// From this time on it no longer counts; nil for never.
    package var until: Instant?

    package init(fingerprint: String, reason: String, owner: String, until: Instant?) {
        self.fingerprint = fingerprint
        self.reason = reason
        self.owner = owner
        self.until = until
    }
}

/// All of them.
package struct Acceptances: Sendable, Equatable {
    package var entries: [Acceptance]

    package init(_ entries: [Acceptance] = []) { self.entries = entries }

    /// The name of the file, relative to a repository's root.
    package static let path = ".migrate/ignore.yml"
}
