// `.migrate/ignore.yml`: findings that a team lives with for a while, each with a reason, an owner and an end.

package import Detection
import Files
package import Settings
package import World

/// A finding that somebody answers for.
package struct Acceptance: Sendable, Equatable {
    /// Sixteen digits, in lower case.
    package var fingerprint: String
    package var reason: String
    package var owner: String
    /// From this time on it no longer counts; nil for never. The file names a day, and this is its last second, UTC.
    package var until: Instant?
    /// What it is, for people who read the file: rule and path. Nothing depends on it.
    package var note: String?

    package init(fingerprint: String, reason: String, owner: String, until: Instant?, note: String? = nil) {
        self.fingerprint = fingerprint
        self.reason = reason
        self.owner = owner
        self.until = until
        self.note = note
    }

    /// Whether it no longer counts.
    package func isExpired(at now: Instant) -> Bool { until.map { now > $0 } ?? false }

    /// Whether it counts, and will not in fourteen days.
    package func isExpiring(at now: Instant) -> Bool {
        !isExpired(at: now) && isExpired(at: now + Self.notice)
    }

    /// How long before its end an entry is told of, in seconds: fourteen days.
    private static let notice = 14.0 * 86_400
}

/// All of them.
package struct Acceptances: Sendable, Equatable {
    /// Each fingerprint once. In the order of the file when they come from one.
    package var entries: [Acceptance]

    package init(_ entries: [Acceptance] = []) { self.entries = entries }

    /// The name of the file, relative to a repository's root.
    package static let path = ".migrate/ignore.yml"
    /// Bytes that the file may have: 1 MiB.
    package static let largest = 1 << 20
    /// Entries that it may have.
    package static let mostEntries = 10_000

    /// Reads the file of the repository or folder at `root`; without one, nothing is accepted.
    ///
    /// - Throws: `ConfigurationError`: nothing is scanned under half an ignore file.
    package static func load(root: String) throws(ConfigurationError) -> Acceptances {
        let path = root + "/" + Self.path
        let bytes: [UInt8]?
        do { bytes = try FileContent.read(path, limit: largest) } catch {
            let reason = error.isTooLarge ? "it has more than \(largest >> 10) KiB" : error.reason
            throw ConfigurationError(path: path, line: 0, reason: reason)
        }
        return try bytes.map { bytes throws(ConfigurationError) in try parse(bytes, path: path) } ?? Acceptances()
    }

    /// The entry for a finding, if it still counts.
    package func acceptance(of fingerprint: Fingerprint, now: Instant) -> Acceptance? {
        let name = fingerprint.description
        return entries.first { $0.fingerprint == name && !$0.isExpired(at: now) }
    }

    /// The entries by fingerprint.
    package var byFingerprint: [String: Acceptance] {
        Dictionary(entries.map { ($0.fingerprint, $0) }, uniquingKeysWith: { first, _ in first })
    }
}
