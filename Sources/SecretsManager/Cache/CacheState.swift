// What is being read, for whom, and what went wrong last: everything that readers who miss the cache have in common.

/// Decisions only: no clock, no store, no log. Lives behind one lock, which readers of fresh values never take.
struct CacheState {
    private(set) var entries: [String: CachedSecret] = [:]
    private(set) var failures: [String: Failure] = [:]
    private(set) var flights: [UInt64: Flight] = [:]
    /// The read that new readers of a name join.
    private var joinable: [String: UInt64] = [:]
    private(set) var nextSerial: UInt64 = 1
    private(set) var isShutDown = false

    struct Failure {
        var error: SecretsManagerError
        /// Until then the store is left alone.
        var until: UInt64
        /// In a row.
        var count: Int
        /// Variables whose use has been logged since.
        var variablesSaid: Set<String> = []
    }

    /// One read of the store, for however many wait for it.
    struct Flight {
        let name: String
        /// No reader waited when it began.
        let isBackground: Bool
        /// The cache was cleared meanwhile: its result is for those who wait, and is not kept.
        var isForgotten = false
        var waiters: [UInt64: Waiter] = [:]
        var task: Task<Void, Never>?
    }

    struct Waiter {
        let continuation: CheckedContinuation<Answer, Never>
        /// Came with `refreshing`: nothing older than its call will do.
        let isRefreshing: Bool
        /// Came so after this read had begun: its result is too old.
        let wantsLater: Bool
    }

    /// What a reader is told in the end.
    enum Answer: Sendable {
        case fresh(SecretBundle)
        case stale(SecretBundle, age: Duration)
        case failed(any Error)
        /// Ask once more.
        case again
    }

    /// What a reader is told at first.
    enum Decision {
        case answer(Answer)
        /// The same, and a read begins in the background.
        case answerAndRead(Answer)
        case join(serial: UInt64, wantsLater: Bool)
        case read
    }

    /// - Parameter newerThan: the reader wants a read with at least this serial; nil when what is there will do.
    func decide(_ name: String, newerThan least: UInt64?, now: UInt64, patience: Duration) -> Decision {
        if isShutDown { return .answer(.failed(SecretsManagerError.shutDown)) }
        let entry = entries[name].flatMap { $0.isUsable(at: now) ? $0 : nil }
        let failure = failures[name]
        let isLeftAlone = failure.map { now < $0.until } ?? false
        if let least {
            if let entry, entry.serial >= least { return .answer(.fresh(entry.bundle)) }
            if let serial = joinable[name] { return .join(serial: serial, wantsLater: serial < least) }
            if let failure, isLeftAlone { return .answer(.failed(failure.error)) }
            return .read
        }
        if let entry, entry.isFresh(at: now) {
            let answer = Answer.fresh(entry.bundle)
            return joinable[name] == nil && !isLeftAlone ? .answerAndRead(answer) : .answer(answer)
        }
        // A failure that is not transient has taken the entry with it.
        if let entry, failure != nil || patience == .zero {
            let answer = Answer.stale(entry.bundle, age: entry.age(at: now))
            return joinable[name] == nil && !isLeftAlone ? .answerAndRead(answer) : .answer(answer)
        }
        if let serial = joinable[name] { return .join(serial: serial, wantsLater: false) }
        if let failure, isLeftAlone { return .answer(.failed(failure.error)) }
        return .read
    }

    /// Begins a read; the caller starts the task that ends in `land`.
    mutating func depart(_ name: String, isBackground: Bool, now: UInt64) -> UInt64 {
        let serial = nextSerial
        nextSerial += 1
        flights[serial] = Flight(name: name, isBackground: isBackground)
        joinable[name] = serial
        // Readers of what is fresh still need not come here until it ends; of what is stale and known to be, neither.
        if let entry = entries[name] {
            if entry.isFresh(at: now) {
                entry.beQuiet(until: entry.expiresAt)
            } else if isBackground {
                entry.beQuiet(until: .max)
            }
        }
        return serial
    }

    mutating func setTask(_ task: Task<Void, Never>, of serial: UInt64) { flights[serial]?.task = task }
    mutating func add(_ waiter: Waiter, id: UInt64, to serial: UInt64) { flights[serial]?.waiters[id] = waiter }

    /// The waiter that gives up, if it still waits.
    mutating func removeWaiter(_ id: UInt64) -> Waiter? {
        for serial in flights.keys {
            if let waiter = flights[serial]?.waiters.removeValue(forKey: id) { return waiter }
        }
        return nil
    }

    /// The read takes longer than readers have patience: those who can get what is stale do, and later ones at once.
    mutating func lose(_ serial: UInt64, now: UInt64) -> (entry: CachedSecret, waiters: [Waiter])? {
        guard let flight = flights[serial], !flight.isForgotten, let entry = entries[flight.name],
            entry.isUsable(at: now)
        else { return nil }
        entry.beQuiet(until: .max)
        let released = flight.waiters.filter { !$0.value.isRefreshing }
        for id in released.keys { flights[serial]?.waiters[id] = nil }
        return (entry, Array(released.values))
    }

    /// The read is over. Nil when nobody wants to know any more.
    mutating func land(_ serial: UInt64) -> Flight? {
        guard let flight = flights.removeValue(forKey: serial) else { return nil }
        if joinable[flight.name] == serial { joinable[flight.name] = nil }
        return flight
    }

    /// - Returns: the failures in a row that this ends.
    mutating func keep(_ entry: CachedSecret, capacity: Int, now: UInt64) -> Int {
        let name = entry.bundle.name
        let failed = failures.removeValue(forKey: name)?.count ?? 0
        // A read that began later may have come back earlier.
        guard (entries[name]?.serial ?? 0) < entry.serial else { return failed }
        entries[name] = entry
        if entries.count > capacity { entries = entries.filter { $0.value.isUsable(at: now) } }
        while entries.count > capacity, let oldest = entries.min(by: { $0.value.loadedAt < $1.value.loadedAt }) {
            entries[oldest.key] = nil
        }
        return failed
    }

    mutating func fail(_ name: String, _ error: SecretsManagerError, until: UInt64, capacity: Int, now: UInt64) {
        failures[name] = Failure(error: error, until: until, count: (failures[name]?.count ?? 0) + 1)
        if error.isTransient {
            entries[name]?.beQuiet(until: until)
        } else {
            entries[name] = nil
        }
        // Names may come from outside; what failed long ago need not be remembered.
        if failures.count > capacity { failures = failures.filter { $0.key == name || now < $0.value.until } }
        while failures.count > capacity, let first = failures.min(by: { $0.value.until < $1.value.until }) {
            failures[first.key] = nil
        }
    }

    /// Whether this use of the variable is the first since the failure.
    mutating func sayFallback(_ name: String, variable: String) -> Bool {
        failures[name]?.variablesSaid.insert(variable).inserted ?? true
    }

    /// Nil for all.
    mutating func forget(_ name: String?) {
        for (serial, flight) in flights where name == nil || flight.name == name {
            flights[serial]?.isForgotten = true
            joinable[flight.name] = nil
        }
        if let name {
            entries[name] = nil
            failures[name] = nil
        } else {
            entries = [:]
            failures = [:]
        }
    }

    /// The reads that are under way, to be cancelled.
    mutating func shutDown() -> [Flight] {
        isShutDown = true
        forget(nil)
        let left = Array(flights.values)
        flights = [:]
        return left
    }
}
