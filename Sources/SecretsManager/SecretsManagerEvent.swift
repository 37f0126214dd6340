// What an application may count.

/// Something that happened to a read, for an application's metrics. None holds a value.
public enum SecretsManagerEvent: Sendable, Equatable {
    /// A fresh value was given out without asking the store.
    case hit(name: String)
    /// A reader had to wait for the store.
    case miss(name: String)
    /// The store was read. `background` when no reader had to wait for it.
    case refresh(name: String, duration: Duration, background: Bool)
    /// A value past its time to live was given out, read that long ago.
    case stale(name: String, age: Duration)
    /// The store was asked in vain.
    case failure(name: String, error: SecretsManagerError, duration: Duration)
    /// A variable of the environment stood in.
    case fallback(name: String, variable: String)
}
