// Something that is made when it is first asked for.

/// The same answer to everybody, and a failure too: what cannot be opened for one step is not tried again for each of
/// the others. Whoever asks while it is being made waits.
actor Once<Value: Sendable> {
    private let make: @Sendable () async throws -> Value
    private var made: Task<Value, any Error>?

    init(_ make: @escaping @Sendable () async throws -> Value) { self.make = make }

    func value() async throws -> Value {
        if let made { return try await made.value }
        let task = Task { [make] in try await make() }
        made = task
        return try await task.value
    }

    /// The next one who asks has it made anew.
    func forget() { made = nil }
}
