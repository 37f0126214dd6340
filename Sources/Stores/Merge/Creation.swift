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

    /// The id of the version that `create` makes under this key: whoever was cut short finds out by it whether the
    /// secret that is there is theirs.
    /// - Throws: as `create`, but for what only the store knows.
    package static func versionID(_ name: String, with changes: [Change] = [], run: RunKey) throws(StoreError)
        -> String
    {
        let plan = try ChangePlan(name: name, version: nil, changes: changes)
        return run.token(.create, name: name, base: nil, content: plan.result)
    }
}
