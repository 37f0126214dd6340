// Cached reads from a secret store, for server-side applications.

package import Logging
package import Stores
import Synchronization
package import World

/// Reads secrets from AWS Secrets Manager or the local vault, and keeps them in memory.
///
/// Make one for the whole application, and hand it to whoever needs it:
///
/// ```swift
/// let secrets = try await SecretsManager(configuration: .aws(region: "eu-west-1"))
/// let key = try await secrets.requiredValue(
///     "SENDGRID_API_KEY", in: "shop/production", fallbackEnvironment: "SENDGRID_API_KEY")
/// ```
///
/// A read of what is cached takes no actor hop and no lock that readers share. Any number of callers who miss the cache
/// make one request together; when one of them is cancelled, the others go on. See <doc:Outages> for what happens when
/// the store cannot be reached.
public final class SecretsManager: Sendable {
    let store: any SecretStore
    let lifetimes: Lifetimes
    let world: World
    let ticks: @Sendable () -> UInt64
    let logger: Logger
    let metrics: (@Sendable (SecretsManagerEvent) -> Void)?
    let snapshot = Snapshot()
    let state = Mutex(CacheState())
    let waiterIDs = Atomic<UInt64>(0)
    private let close: @Sendable () async -> Void

    /// - Parameters:
    ///   - ticks: nanoseconds that only go forward; nil for the system's.
    ///   - close: ends what the store holds open.
    package init(
        store: any SecretStore, caching: Caching = Caching(), world: World,
        ticks: (@Sendable () -> UInt64)? = nil, logger: Logger = Logger(label: "SecretsManager"),
        metrics: (@Sendable (SecretsManagerEvent) -> Void)? = nil, close: @escaping @Sendable () async -> Void = {}
    ) {
        self.store = store
        lifetimes = Lifetimes(caching)
        self.world = world
        self.ticks = ticks ?? { CacheClock.now() }
        self.logger = logger
        self.metrics = metrics
        self.close = close
    }

    /// All keys and values of a secret.
    ///
    /// - Parameters:
    ///   - name: its name, or its ARN.
    ///   - refreshing: past the cache: what comes back was read after this call began. It comes from the store or not
    ///     at all, while what is cached stays there for other readers. Ask for it once, when a provider has refused a
    ///     value, not in a loop.
    /// - Throws: ``SecretsManagerError``; `CancellationError` when the calling task is cancelled while it waits.
    public func get(_ name: String, refreshing: Bool = false) async throws -> SecretBundle {
        if !refreshing, let entry = snapshot.entry(name) {
            switch entry.use(at: ticks()) {
            case .fresh:
                metrics?(.hit(name: name))
                return entry.bundle
            case .stale(let age):
                metrics?(.stale(name: name, age: age))
                return entry.bundle
            case .ask: break
            }
        }
        return try await ask(name, refreshing: refreshing)
    }

    /// The value of one key, or what stands in for it.
    ///
    /// | In the store | Gives |
    /// | --- | --- |
    /// | a value | the value |
    /// | an empty value | the empty value (``Secret/isEmpty``): somebody stored it so, and a default would hide that |
    /// | a placeholder | the placeholder (``Secret/isPlaceholder``), likewise |
    /// | no such key, or `null` | `default`, or nil |
    /// | no such secret, no access, no credentials | throws: neither `default` nor the environment stands in |
    /// | cannot be reached | what is cached, for as long as ``Caching/staleFor`` allows; then the environment variable, if it is named, set and not empty, which is logged; then throws |
    ///
    /// - Parameters:
    ///   - key: the key within the secret.
    ///   - name: the name of the secret, or its ARN.
    ///   - default: stands in for an absent key, never for a store that fails.
    ///   - fallbackEnvironment: the name of a variable, as it was set when the ``SecretsManager`` was made.
    /// - Throws: ``SecretsManagerError``; `CancellationError`.
    public func value(
        _ key: String, in name: String, default: String? = nil, fallbackEnvironment: String? = nil
    ) async throws -> Secret? {
        let bundle: SecretBundle
        do {
            bundle = try await get(name)
        } catch let error as SecretsManagerError where error.isTransient {
            guard let variable = fallbackEnvironment, let text = world.variable(variable) else { throw error }
            standIn(variable, for: key, in: name, because: error)
            return Secret(text)
        }
        return bundle[key] ?? `default`.map { Secret($0) }
    }

    /// The value of one key that the application cannot do without.
    ///
    /// - Parameters:
    ///   - key: the key within the secret.
    ///   - name: the name of the secret, or its ARN.
    ///   - fallbackEnvironment: the name of a variable that stands in while the store cannot be reached.
    /// - Throws: as ``value(_:in:default:fallbackEnvironment:)``, and ``SecretsManagerError/missingKey(key:name:)``,
    ///   ``SecretsManagerError/emptyValue(key:name:)`` or ``SecretsManagerError/placeholderValue(key:name:)``.
    public func requiredValue(
        _ key: String, in name: String, fallbackEnvironment: String? = nil
    ) async throws -> Secret {
        guard let secret = try await value(key, in: name, fallbackEnvironment: fallbackEnvironment) else {
            throw SecretsManagerError.missingKey(key: key, name: name)
        }
        if secret.isEmpty { throw SecretsManagerError.emptyValue(key: key, name: name) }
        if secret.isPlaceholder { throw SecretsManagerError.placeholderValue(key: key, name: name) }
        return secret
    }

    /// The whole secret as a type of the application's; see ``SecretBundle/decode(_:)``.
    ///
    /// - Throws: ``SecretsManagerError``; `CancellationError`.
    public func decode<T: Decodable>(_ type: T.Type, from name: String) async throws -> T {
        try await get(name).decode(type)
    }

    /// Forgets all secrets. Reads that are under way go to those who wait for them, and are not kept.
    public func clearCache() { clear(nil) }

    /// Forgets one secret, and that the store failed to give it.
    public func clearCache(of name: String) { clear(name) }

    /// Ends reads that are under way and closes the connections; later reads throw ``SecretsManagerError/shutDown``.
    ///
    /// Call it when the application ends.
    public func shutdown() async {
        let (isFirst, left) = state.withLock { state in
            let isFirst = !state.isShutDown
            let left = state.shutDown()
            snapshot.replace(with: [:])
            return (isFirst, left)
        }
        for flight in left {
            flight.task?.cancel()
            for waiter in flight.waiters.values {
                waiter.continuation.resume(returning: .failed(SecretsManagerError.shutDown))
            }
        }
        for flight in left { await flight.task?.value }
        if isFirst { await close() }
    }

    private func clear(_ name: String?) {
        state.withLock { state in
            state.forget(name)
            snapshot.replace(with: state.entries)
        }
    }

    private func standIn(_ variable: String, for key: String, in name: String, because error: SecretsManagerError) {
        metrics?(.fallback(name: name, variable: variable))
        guard state.withLock({ $0.sayFallback(name, variable: variable) }) else { return }
        logger.warning(
            "environment variable \(variable.oneLine) stands in for \(key.oneLine) of secret \(name.oneLine): \(error)")
    }
}
