// The judgement of values by name, shape and context, for what no vendor's format tells.

/// Where a value was found, which decides how much doubt it gets.
package enum ValueContext: Sendable {
    /// The value of a dotenv entry: nearly everything there is a value, few are code.
    case dotenv
    /// A quoted string assigned in code or configuration.
    case quoted
    /// Unquoted text after `=` or `:` in configuration (YAML, INI, shell).
    case unquoted
}

/// What a value is, as far as its name and its bytes tell.
package enum ValueClass: String, Sendable, CaseIterable {
    case secret
    /// A URL or connection string that holds a password.
    case connectionString = "connection-string"
    /// Meant to be seen: a Sentry DSN, a publishable key, a public key.
    case publicByDesign = "public"
    /// A port, flag, host, level, path, name: no secret.
    case configuration
    /// A stand-in for a real value.
    case placeholder
    /// Names another variable or a place in a secret store: `${OTHER}`.
    case reference
    case empty
}

/// A class with the reason for it, for `-v`.
package struct Judgement: Sendable, Equatable {
    package let valueClass: ValueClass
    /// A short sentence without any byte of the value.
    package let reason: String

    package init(_ valueClass: ValueClass, _ reason: String) {
        self.valueClass = valueClass
        self.reason = reason
    }
}
