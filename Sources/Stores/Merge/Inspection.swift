// Whether a secret may be written at all.

enum Inspection {
    /// - Returns: nil when describing is not allowed, as with policies that know only reading and writing.
    /// - Throws: `StoreError.managed`, `scheduledForDeletion`, whatever the store throws.
    static func check(_ name: String, in store: any SecretStore, includingManaged: Bool) async throws
        -> SecretDescription?
    {
        let description: SecretDescription
        do { description = try await store.describe(name) } catch StoreError.accessDenied { return nil }
        if description.deleted != nil {
            throw StoreError.scheduledForDeletion(name: name, until: description.deletionDate)
        }
        if !includingManaged {
            if let service = description.owningService { throw StoreError.managed(name: name, by: service) }
            if description.rotates { throw StoreError.managed(name: name, by: "rotation") }
        }
        return description
    }
}
