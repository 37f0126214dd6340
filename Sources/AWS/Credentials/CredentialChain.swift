// Asks one source after the other, and keeps what it found for as long as it is good.

package import HTTP
package import World

/// The credentials that a run uses. Many callers at once cause one search.
///
/// Order, as in botocore: environment (left out when a flag names the profile; AWS_PROFILE does not have that effect),
/// the profile's role, web identity of the environment, the profile's web identity, SSO, access keys of the credentials
/// file, `credential_process`, access keys of the config file, container, instance metadata. A source that is set up
/// and fails ends the search: no other identity is taken in its place.
package actor CredentialChain: CredentialSource {
    private let providers: [any CredentialProvider]
    private let world: World
    private var kept: AWSCredentials?
    private var lastTrace: CredentialTrace?
    private var search: Search?
    private var searches = 0

    private struct Search {
        var number: Int
        var task: Task<AWSCredentials, any Error>
        var waiting: Int
    }

    /// How long before their end credentials are renewed, in seconds.
    private static let margin = 5.0 * 60

    package init(providers: [any CredentialProvider], world: World) {
        self.providers = providers
        self.world = world
    }

    /// The usual sources.
    /// - Parameter mfaCode: nil where nobody can be asked.
    package init(resolved: AWSSettings.Resolved, world: World, transport: any Transport, mfaCode: MFACode?) {
        let profile = resolved.profileName
        let config = resolved.config
        let settings = resolved.settings
        let sources = ProfileSources(
            profile: profile, config: config, settings: settings, world: world, transport: transport)
        self.init(
            providers: [
                EnvironmentCredentials(world: world, isSkipped: resolved.isProfileExplicit),
                AssumedRoleCredentials(
                    profile: profile, config: config, settings: settings, world: world, transport: transport,
                    mfaCode: mfaCode),
                WebIdentityCredentials(
                    place: .environment, config: config, settings: settings, world: world, transport: transport,
                    isSkipped: resolved.isProfileExplicit),
            ] + sources.withoutRole + [
                ContainerCredentials(world: world, transport: transport),
                InstanceCredentials(config: config, profile: profile, world: world, transport: transport),
            ],
            world: world)
    }

    package func credentials(refreshing: Bool) async throws -> AWSCredentials {
        if !refreshing, let kept, isFresh(kept) { return kept }
        do {
            return try await sharedSearch()
        } catch let error as CredentialError {
            // Still good for some minutes: whatever hinders the renewal may be over by then.
            if !refreshing, let kept, let end = kept.expiration, end > world.now() { return kept }
            throw error
        }
    }

    /// How the latest search went. Searches first if there was none; the outcome says whether that failed.
    /// - Throws: `CancellationError`.
    package func trace() async throws -> CredentialTrace {
        if lastTrace == nil {
            do { _ = try await credentials(refreshing: false) } catch is CredentialError {}
        }
        return lastTrace ?? CredentialTrace(entries: [])
    }

    private func isFresh(_ credentials: AWSCredentials) -> Bool {
        guard let end = credentials.expiration else { return true }
        return end - world.now() > Self.margin
    }

    /// Joins the search that is under way, or begins one. It ends early once everyone who waits has been cancelled.
    private func sharedSearch() async throws -> AWSCredentials {
        try Task.checkCancellation()
        let current: Search
        if let search {
            current = search
        } else {
            searches += 1
            let number = searches
            current = Search(
                number: number,
                task: Task {
                    // Before anyone hears of the outcome, so that nobody joins a search that is over.
                    defer { if search?.number == number { search = nil } }
                    return try await self.findCredentials()
                }, waiting: 0)
        }
        search = current
        search?.waiting += 1
        let number = current.number
        return try await withTaskCancellationHandler {
            try await current.task.value
        } onCancel: {
            Task { await self.leave(number) }
        }
    }

    private func leave(_ number: Int) {
        guard search?.number == number else { return }
        search?.waiting -= 1
        guard let abandoned = search, abandoned.waiting == 0 else { return }
        abandoned.task.cancel()
        search = nil
    }

    private func findCredentials() async throws -> AWSCredentials {
        var isUnanswered = false
        var entries = providers.map { CredentialTrace.Entry(source: $0.name, outcome: .notTried) }
        defer { lastTrace = CredentialTrace(entries: entries) }
        for (index, provider) in providers.enumerated() {
            do {
                switch try await provider.load() {
                case .found(let credentials):
                    entries[index].outcome = .used
                    kept = credentials
                    return credentials
                case .notConfigured(let reason): entries[index].outcome = .notConfigured(reason)
                case .unanswered(let reason):
                    entries[index].outcome = .notConfigured(reason)
                    isUnanswered = true
                }
            } catch let error as CredentialError {
                entries[index].outcome = .failed(error.reason)
                throw error
            }
        }
        throw CredentialError(
            kind: .none, source: "all sources", reason: "no AWS credentials are set up",
            remedy: "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile (`aws configure`)",
            // There were some: then what does not answer is there, and busy.
            isTransient: isUnanswered && kept != nil)
    }
}
