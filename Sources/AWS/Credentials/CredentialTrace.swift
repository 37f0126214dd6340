// How the search for credentials went, for people who ask why it is these.

/// Every source in the order in which it is asked.
package struct CredentialTrace: Sendable, Equatable {
    package enum Outcome: Sendable, Equatable {
        /// Its credentials are the ones in use.
        case used
        /// It is not set up, and why that is so.
        case notConfigured(String)
        /// It is set up and does not work; the search ended there.
        case failed(String)
        /// Another one before it won, or failed.
        case notTried
    }

    package struct Entry: Sendable, Equatable {
        package var source: String
        package var outcome: Outcome

        package init(source: String, outcome: Outcome) {
            self.source = source
            self.outcome = outcome
        }
    }

    package var entries: [Entry]

    package init(entries: [Entry]) { self.entries = entries }
}
