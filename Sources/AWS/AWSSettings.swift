// Where requests go and how often they are tried again, once flags, environment and files have been read.

package import Secrets

/// Everything about AWS but the credentials.
package struct AWSSettings: Sendable {
    package enum RetryMode: String, Sendable { case legacy, standard, adaptive }

    /// A value and where it was found, for `doctor`: "AWS_REGION", "profile `work` in ~/.aws/config".
    package struct Origin<Value: Sendable>: Sendable {
        package var value: Value
        package var origin: String

        package init(_ value: Value, _ origin: String) {
            self.value = value
            self.origin = origin
        }
    }

    /// Nil when none is named anywhere: no default is taken in silence.
    package var region: Origin<String>?
    /// The profile whose settings count; nil for none.
    package var profile: Origin<String>?
    /// For Secrets Manager; nil for AWS's own.
    package var secretsManagerEndpoint: Origin<String>?
    /// For all services, unless one has its own.
    package var endpoint: Origin<String>?
    /// Endpoints of other services by their SDK id in lower case with underscores ("sts", "iam", "cloudtrail").
    package var serviceEndpoints: [String: Origin<String>] = [:]
    package var usesFIPS = false
    package var usesDualStack = false
    /// Requests in all for one call, the first one counted.
    package var maxAttempts = 3
    package var retryMode = RetryMode.standard
    /// A file of PEM certificates to trust instead of the system's.
    package var certificateBundle: Origin<String>?
    /// `http://user:password@host:port`; its password is a secret.
    package var httpsProxy: SharedSecret?
    /// The same for plain http. Only told: plain http goes to this machine alone, and past all proxies.
    /// Hosts and domain suffixes that are reached directly, as NO_PROXY lists them.
    package var noProxy: [String] = []
    /// What a person should know: two variables that disagree, a setting that is ignored.
    package var warnings: [String] = []

    package init() {}
}
