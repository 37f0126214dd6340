// What can be told of a key from its text.

package import Secrets

/// Texts of the form `SG.<id>.<secret>`: the id is the key's name in SendGrid's API and on its pages, and no secret.
package enum SendGridKey {
    // 22 and 43 on every key that was seen; others have met a few more or fewer.
    private static let idLength = 20...24
    private static let secretLength = 39...50

    /// The id within the key; nil for what is no SendGrid key.
    package static func publicID(of key: SharedSecret) -> String? {
        key.withBytes { bytes in
            guard bytes.count > 3, bytes[0] == UInt8(ascii: "S"), bytes[1] == UInt8(ascii: "G"),
                bytes[2] == UInt8(ascii: "."),
                let dot = (3..<bytes.count).first(where: { bytes[$0] == UInt8(ascii: ".") }),
                idLength.contains(dot - 3), secretLength.contains(bytes.count - dot - 1),
                (3..<bytes.count).allSatisfy({ $0 == dot || isBase64URL(bytes[$0]) })
            else { return nil }
            return String(decoding: (3..<dot).map { bytes[$0] }, as: UTF8.self)
        }
    }

    private static func isBase64URL(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"): true
        default: false
        }
    }
}
