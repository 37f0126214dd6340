// How the AWS CLI names the file of a sign-in.

import Crypto

enum SSOTokenFileName {
    /// SHA-1 in hexadecimal, of the session's name or, in the older form, of the start URL. It only names a file.
    static func of(_ session: String) -> String {
        Signer.hex(Insecure.SHA1.hash(data: Array(session.utf8))) + ".json"
    }
}
