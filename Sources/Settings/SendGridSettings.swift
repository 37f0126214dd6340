// `.migrate/config.yml`: where the account of SendGrid is.

/// The part of a repository's settings that is about SendGrid. There is no host among them: a repository that a person
/// has just cloned must not be able to send their admin key elsewhere.
package struct SendGridSettings: Sendable, Equatable {
    /// SendGrid keeps accounts of the European Union behind a host of their own.
    package enum Region: String, Sendable, CaseIterable {
        case global, eu
    }

    package var region: Region?

    package init() {}
}
