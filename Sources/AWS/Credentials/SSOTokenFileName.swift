// How the AWS CLI names the file of a sign-in.

import Crypto

enum SSOTokenFileName {
    /// SHA-1 in hexadecimal, of the session's name or, in the older form, of the start URL. It only names a file.
    static func of(_ session: String) -> String {
        let digits = Array("0123456789abcdef".unicodeScalars)
        var name = String.UnicodeScalarView()
        for byte in Insecure.SHA1.hash(data: Array(session.utf8)) {
            name += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        return "\(String(name)).json"
    }
}
