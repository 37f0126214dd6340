// What a command's flags and configuration say about AWS, ahead of environment and files.

/// Each with the words for where it was given ("--region", "`region` in .migrate/config.yml").
package struct AWSOverrides: Sendable {
    package var region: AWSSettings.Origin<String>?
    /// Used where nothing else names a region: the one inside a secret's ARN.
    package var fallbackRegion: AWSSettings.Origin<String>?
    /// A profile named here also says that access keys in the environment are not meant.
    package var profile: AWSSettings.Origin<String>?
    /// Of Secrets Manager. One on this machine is an emulator, which then answers for the other services too.
    package var endpointURL: AWSSettings.Origin<String>?

    package init(
        region: AWSSettings.Origin<String>? = nil, fallbackRegion: AWSSettings.Origin<String>? = nil,
        profile: AWSSettings.Origin<String>? = nil, endpointURL: AWSSettings.Origin<String>? = nil
    ) {
        self.region = region
        self.fallbackRegion = fallbackRegion
        self.profile = profile
        self.endpointURL = endpointURL
    }
}
