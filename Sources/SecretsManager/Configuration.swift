// Where an application's secrets are, and how long they are kept.

extension SecretsManager {
    /// Where to read from, and how long to keep what was read.
    public struct Configuration: Sendable {
        /// One store. There is no switching from one to another by itself.
        public enum Store: Sendable, Equatable {
            /// AWS Secrets Manager. What is nil is looked for as every AWS tool does: in the environment, the shared
            /// files, the container, the instance. A region that is named nowhere is an error, not a guess.
            case aws(region: String?, profile: String?, endpoint: String?)
            /// The local vault: a folder of encrypted files, and the file that holds its key (mode 0600).
            case localVault(folder: String, keyFile: String)
        }

        /// Where the secrets are.
        public var store: Store
        /// How long they are kept.
        public var caching: Caching

        /// A configuration in full.
        public init(store: Store, caching: Caching = Caching()) {
            self.store = store
            self.caching = caching
        }

        /// AWS Secrets Manager; see ``Store/aws(region:profile:endpoint:)``.
        public static func aws(
            region: String? = nil, profile: String? = nil, endpoint: String? = nil, caching: Caching = Caching()
        ) -> Configuration {
            Configuration(store: .aws(region: region, profile: profile, endpoint: endpoint), caching: caching)
        }

        /// The local vault, for a laptop or a test; see ``Store/localVault(folder:keyFile:)``.
        public static func localVault(
            folder: String, keyFile: String, caching: Caching = Caching()
        ) -> Configuration {
            Configuration(store: .localVault(folder: folder, keyFile: keyFile), caching: caching)
        }
    }

    /// How long secrets are kept, and what happens when they cannot be read anew.
    ///
    /// The life of a value: it is *fresh* for ``timeToLive``; a read in the last part of that time
    /// (``refreshAhead``) has it read anew behind the reader's back. After that it is *stale*: it is given out only
    /// when the store cannot be reached or is slow, for ``staleFor``, and this is logged. Then it is gone.
    public struct Caching: Sendable, Equatable {
        /// For how long a value is given out without asking the store. 5 minutes, as AWS's own agent has it; zero asks
        /// every time.
        public var timeToLive: Duration = .seconds(300)
        /// How long before the end of ``timeToLive`` the value is read anew in the background; at most half of it
        /// counts.
        public var refreshAhead: Duration = .seconds(60)
        /// For how long after ``timeToLive`` a value is still given out while the store cannot be reached.
        public var staleFor: Duration = .seconds(3_600)
        /// For how long a reader waits for the store when there is a stale value to fall back on; zero for not at all.
        public var patience: Duration = .seconds(1)
        /// How long the store is left alone after a first failure. Each further failure doubles it, and chance takes
        /// away up to half, so that many processes do not come back at once.
        public var firstBackoff: Duration = .seconds(1)
        /// The longest that the store is left alone.
        public var longestBackoff: Duration = .seconds(60)
        /// How many secrets are kept; the one that was read longest ago makes room.
        public var capacity = 1_000

        /// The defaults.
        public init() {}
    }
}

/// ``SecretsManager/Caching`` in nanoseconds, with what makes no sense put right.
struct Lifetimes: Sendable {
    let timeToLive: UInt64
    let refreshAhead: UInt64
    let staleFor: UInt64
    let patience: Duration
    let firstBackoff: UInt64
    let longestBackoff: UInt64
    let capacity: Int

    init(_ caching: SecretsManager.Caching) {
        timeToLive = caching.timeToLive.nanoseconds
        refreshAhead = min(caching.refreshAhead.nanoseconds, timeToLive / 2)
        staleFor = caching.staleFor.nanoseconds
        patience = max(caching.patience, .zero)
        firstBackoff = caching.firstBackoff.nanoseconds
        longestBackoff = caching.longestBackoff.nanoseconds
        capacity = max(caching.capacity, 1)
    }

    /// How long to leave the store alone after that many failures in a row.
    /// - Parameter jitter: from 0 up to 1.
    func backoff(failures: Int, jitter: Double) -> UInt64 {
        // Past 32 doublings of a nanosecond any bound has been reached or does not matter.
        let doublings = min(max(failures, 1) - 1, 32)
        let (product, overflow) = firstBackoff.multipliedReportingOverflow(by: 1 << UInt64(doublings))
        let bound = min(overflow ? .max : product, longestBackoff)
        return UInt64(Double(bound) * (1 - min(max(jitter, 0), 1) / 2))
    }
}

extension Duration {
    /// Whole nanoseconds; zero for less than nothing, and a century for more than that.
    var nanoseconds: UInt64 {
        let century: Int64 = 100 * 366 * 86_400
        let (seconds, attoseconds) = components
        guard self > .zero else { return 0 }
        guard seconds < century else { return UInt64(century) * 1_000_000_000 }
        return UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000)
    }

    /// From nanoseconds, whatever their number.
    init(nanoseconds: UInt64) {
        self = .nanoseconds(Int64(min(nanoseconds, UInt64(Int64.max))))
    }

    /// Whole seconds, for people.
    var words: String { "\(components.seconds) s" }
}
