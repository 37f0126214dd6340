// All that a command needs to speak to AWS.

package import HTTP
package import World

/// Settings, credentials and transport of one run.
package struct AWSContext: Sendable {
    package var settings: AWSSettings
    package var credentials: CredentialChain
    package var transport: any Transport
    package var world: World
    private var instance: InstanceCredentials

    /// Reads flags, environment and files. Nothing is asked of the network.
    /// - Parameters:
    ///   - transport: nil for the real one, made from the settings.
    ///   - mfaCode: nil where nobody can be asked.
    /// - Throws: `AWSConfigurationError`.
    package static func make(
        overrides: AWSOverrides = AWSOverrides(), world: World, transport: (any Transport)? = nil,
        mfaCode: MFACode? = nil
    ) throws -> AWSContext {
        let resolved = try AWSSettings.resolve(overrides: overrides, world: world)
        let transport = try transport ?? realTransport(resolved.settings)
        return AWSContext(
            settings: resolved.settings,
            credentials: CredentialChain(resolved: resolved, world: world, transport: transport, mfaCode: mfaCode),
            transport: transport, world: world,
            instance: InstanceCredentials(
                config: resolved.config, profile: resolved.profileName, world: world, transport: transport))
    }

    /// A client of a service in the region that is set.
    /// - Throws: `AWSConfigurationError` when none is; `AWSError` of kind `invalidInput`.
    package func client(_ service: AWSService) throws -> AWSClient {
        try AWSClient(
            service: service, settings: settings, region: requiredRegion(), credentials: credentials,
            transport: transport, world: world)
    }

    /// The region that is set.
    /// - Throws: `AWSConfigurationError` when none is.
    package func requiredRegion() throws -> String {
        guard let region = settings.region else {
            throw AWSConfigurationError(
                "region", "no AWS region is set",
                remedy: "give --region, set AWS_REGION, or set `region` in the profile")
        }
        return region.value
    }

    /// Takes the region of the EC2 instance this runs on where no other is set. A step of its own, since elsewhere it
    /// costs a second.
    /// - Throws: `CredentialError`; `CancellationError`.
    package mutating func takeRegionFromInstance() async throws {
        guard settings.region == nil, let region = try await instance.region() else { return }
        settings.region = AWSSettings.Origin(region, "EC2 instance metadata")
    }

    private static func realTransport(_ settings: AWSSettings) throws -> any Transport {
        do { return try HTTPTransport(settings: settings) } catch {
            // Nothing else can go wrong before the first request.
            throw AWSConfigurationError(settings.certificateBundle?.origin ?? "certificates", error.reason)
        }
    }
}
