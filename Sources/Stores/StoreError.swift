// Why a store did not do it: the same errors whatever the store.

package import AWS
package import World

package enum StoreError: Error, Sendable {
    case notFound(name: String)
    /// The secret is there, and no version of it matches.
    case noSuchVersion(name: String, wanted: String)
    case alreadyExists(name: String)
    /// It cannot be read, written or made anew until it is restored or gone.
    case scheduledForDeletion(name: String, until: Instant?)
    /// Somebody else moved the label, or wrote under the same token.
    case conflict(name: String)
    case accessDenied(action: String, name: String?, AWSError?)
    /// The version that was just written reads back as other bytes than were meant. It was not made live where the store
    /// can do that in a step of its own.
    case readBackDiffers(name: String)
    /// A value the store does not take: what, and why.
    case invalid(what: String, reason: String)
    /// 65,536 bytes are the limit.
    case tooLarge(name: String, bytes: Int)
    case quota(name: String, AWSError?)
    case encryption(name: String, reason: String)
    /// A vault file whose key is another one.
    case wrongKey(path: String)
    /// A vault file that is damaged, cut short, or stands in another's place.
    case damaged(path: String, reason: String)
    /// Reading or writing the vault's files failed.
    case file(path: String, reason: String)
    /// The file that holds the vault's key cannot be used. `isOpenToOthers`: for its mode, which `chmod 600` mends.
    case keyFile(path: String, reason: String, isOpenToOthers: Bool)
    /// The secret is managed by rotation or by a service.
    case managed(name: String, by: String)
    /// The content is not a JSON object.
    case notAnObject(name: String, reason: String)
    /// No answer, throttled to the end, or the service failed: whether it was done may not be known.
    case unreachable(AWSError)
    case noCredentials(CredentialError)
    case aws(AWSError)

    /// Whether trying again later may help, nothing else having changed: the only errors after which a reader may
    /// serve what it still has.
    package var isTransient: Bool {
        switch self {
        case .unreachable: true
        // Where they come from (a container, an instance, STS) gives no answer just now.
        case .noCredentials(let cause): cause.isTransient
        default: false
        }
    }
}
