// What is wrong with a setting: facts, for whoever words the message.

/// A flag, a variable or a line of a configuration file that cannot be used.
package struct AWSConfigurationError: Error, Sendable, Equatable {
    /// Where it stands: "AWS_MAX_ATTEMPTS", "--region", "~/.aws/config, line 12".
    package var place: String
    /// One line, without the value of what may be a secret.
    package var reason: String
    /// What to do, where one thing would help.
    package var remedy: String?

    package init(_ place: String, _ reason: String, remedy: String? = nil) {
        self.place = place
        self.reason = reason
        self.remedy = remedy
    }
}
