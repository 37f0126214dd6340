// A new secret.

package enum Creation {
    /// Makes the secret with these values, or as an empty object without any. The same again with the same key is the
    /// same success.
    /// - Throws: `StoreError`: `alreadyExists`; `scheduledForDeletion`, after which `restore` brings the name back;
    ///   `invalid`, `tooLarge`, whatever the store throws.
    package static func create(
        _ name: String, with changes: [Change] = [], in store: any SecretStore, run: RunKey,
        options: CreationOptions = CreationOptions()
    ) async throws -> (reference: VersionReference, plan: ChangePlan) {
        let plan = try ChangePlan(name: name, version: nil, changes: changes)
        let token = run.token(.create, name: name, base: nil, content: plan.result)
        return (try await store.create(name, plan.result, token: token, options: options), plan)
    }
}
