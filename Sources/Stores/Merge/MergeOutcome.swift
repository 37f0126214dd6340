// How a merge is asked for, how it goes, and how it ends.

package struct MergeOptions: Sendable {
    /// Tries in all. Each lost round means that another writer won, so twelve writers at once all get through in
    /// twelve, whatever their timing; what they leave behind (at most 66 versions) fits AWS's hundred.
    package var rounds = 12
    /// Fail where labels cannot be moved, rather than write without compare-and-swap.
    package var requiresCompareAndSwap = false
    /// Write even to a secret that rotation or a service of AWS manages.
    package var includesManaged = false
    /// The plan that a person agreed to: a requested key that has another value by now is not overwritten.
    package var expected: ChangePlan?
    /// Make the secret when it is not there; nil for an error.
    package var creation: CreationOptions?

    package init() {}
}

/// A step of a merge that has been taken, for progress and the journal. Holds no values.
package enum MergeEvent: Sendable {
    /// The description could not be read: whether the secret is managed is not known.
    case uninspected
    case read(versionID: String?)
    case planned(ChangePlan)
    /// A version is about to be written under this token. Whoever keeps a journal has kept the run key by now.
    case writing(versionID: String)
    case staged(versionID: String, stage: String)
    /// The version was read back and has the bytes that were meant.
    case verified(versionID: String)
    case live(versionID: String)
    case created(versionID: String)
    /// Somebody else was faster in this round (from 1).
    case conflict(round: Int)
    case waiting(Duration)
    /// Labels may not be moved: the version is written without compare-and-swap.
    case withoutCompareAndSwap
    case unlabelled(stage: String, versionID: String)
}

package struct MergeOutcome: Sendable {
    package enum Kind: Sendable, Equatable {
        /// Everything was so already. Nothing was written.
        case unchanged
        case written
        case created
        /// These requested keys have other values than in the expected plan. Nothing is live that was not before.
        case superseded([String])
    }

    package enum Guarantee: Sendable, Equatable {
        /// The store itself made sure that no other write was lost.
        case compareAndSwap
        /// A write between our last look and our own may be lost: labels could not be moved.
        case weak
    }

    package var kind: Kind
    /// The version that is AWSCURRENT as far as is known; nil only when there is none.
    package var versionID: String?
    /// The last plan, on the version that was found last.
    package var plan: ChangePlan
    package var guarantee: Guarantee
    /// From 1.
    package var rounds: Int
    /// Whether the description could be read, and with it whether the secret is managed.
    package var isInspected: Bool
    /// Private labels that could not be taken away; harmless, but they keep their versions from being cleared.
    package var leftLabels: [String]
}
