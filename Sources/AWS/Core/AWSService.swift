// The services that are called, and how each is spoken to.

/// What sets one service apart: its names, its protocol, where it lives.
package struct AWSService: Sendable, Hashable {
    package enum Wire: Sendable, Hashable {
        /// JSON 1.1; an operation's X-Amz-Target is this, a dot and its name.
        case json(targetPrefix: String)
        /// Form parameters in, XML out.
        case query(version: String)
    }

    /// As requests are signed for and hosts are called: `secretsmanager`.
    package let name: String
    /// As settings files call it, in lower case with underscores: `secrets_manager`.
    package let settingsName: String
    package let wire: Wire
    /// One endpoint for a whole partition, signed for one region of it.
    package let isGlobal: Bool

    package static let secretsManager = AWSService(
        name: "secretsmanager", settingsName: "secrets_manager", wire: .json(targetPrefix: "secretsmanager"),
        isGlobal: false)
    package static let sts = AWSService(
        name: "sts", settingsName: "sts", wire: .query(version: "2011-06-15"), isGlobal: false)
    package static let iam = AWSService(
        name: "iam", settingsName: "iam", wire: .query(version: "2010-05-08"), isGlobal: true)
    package static let cloudTrail = AWSService(
        name: "cloudtrail", settingsName: "cloudtrail",
        wire: .json(targetPrefix: "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101"), isGlobal: false)
}
