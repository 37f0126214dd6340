// Errors of the check of what is staged.

import Gate
import Git

/// Standard input does not hold what git hands to the hook.
struct HookInputError: Error {}

extension Failure {
    /// Words for the errors that only `hook run` meets; nil for all others.
    static func hookWords(for error: any Error) -> Words? {
        switch error {
        case let error as IndexFormatError:
            (.failed, "the index cannot be read: \(error.reason).", "git itself says more: git fsck")
        case let error as KnownValuesError:
            (
                .failed, "\(quoted(error.path)): \(error.reason).",
                "remove it: later commands remember their values anew"
            )
        case is HookInputError:
            (.failed, "standard input does not hold the list that git hands to pre-push.", nil)
        default: nil
        }
    }
}
