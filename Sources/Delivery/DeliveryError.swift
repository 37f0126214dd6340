// Why values cannot be delivered: by key, without a byte of the values.

package import Dotenv

package enum DeliveryError: Error, Sendable, Equatable {
    /// Every key that stands in the way, in order. Nothing was delivered.
    case refused([RefusedKey])
    /// Keys or patterns asked for that nothing has.
    case noSuchKeys([String])
    /// No value is left to deliver.
    case empty
    /// The environment and the arguments are more than the kernel passes on to a program: bytes in all, the most there
    /// may be, and the key of the secret with the longest value.
    case environmentTooLarge(bytes: Int, limit: Int, longest: String?)
    /// The format points at a secret of AWS, and this one has no ARN.
    case needsARN(ExportFormat)
    /// A prefix that no environment name can begin with.
    case invalidPrefix(String)
    /// A name for a Kubernetes or Terraform object that the platform does not take.
    case invalidResourceName(String)
}

/// A key that cannot be delivered, and why.
package struct RefusedKey: Sendable, Equatable {
    package enum Reason: Sendable, Equatable {
        /// Environment names are letters, digits and underscores, and do not begin with a digit.
        case notAnEnvironmentName
        /// Setting it would change what the program runs or reads.
        case protected(ProtectedName.Group)
        /// The value has a NUL byte, which ends a text in the environment.
        case nul
        case notUTF8
        /// The value has a line feed or carriage return, which the format cannot hold.
        case lineBreak
        /// No way of writing the value is read back the same by all of these.
        case unwritable([Dialect])
        /// Another key gets the same name on the platform.
        case collides(with: String, as: String)
        /// In bytes, with the name.
        case tooLong(bytes: Int, limit: Int)
        /// The platform sets this variable itself and passes over ours.
        case reservedByPlatform
        /// The shell does not let a script set it.
        case readOnly
        /// The platform's way of pointing into a secret cannot spell this key.
        case unaddressable
        /// The platform takes strings only, or would spell this number or object in its own way.
        case notAString
        /// What was written was not read back the same: a fault of this program, caught before anybody used it.
        case notReadBack
    }

    package let key: String
    package let reason: Reason

    package init(key: String, reason: Reason) {
        self.key = key
        self.reason = reason
    }
}
