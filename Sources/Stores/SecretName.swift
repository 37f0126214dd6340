// What a secret may be called, the same in every store.

package import AWS

/// A secret's name, or its ARN where a name is expected, checked before it goes anywhere.
package struct SecretName: Sendable, Hashable {
    /// In characters, which are bytes: names are ASCII.
    package static let longest = 512

    /// As it was given.
    package let text: String
    /// The name alone: of an ARN, without the six characters that AWS adds. (Of an ARN that lacks them and whose name
    /// ends in a dash and six characters of its own, too much is taken away; AWS warns of such names for that reason.)
    package let name: String
    /// Taken apart, when an ARN was given.
    package let arn: ARN?

    /// The name of a secret that is there.
    /// - Throws: `StoreError.invalid`.
    package init(_ text: String) throws(StoreError) {
        self.text = text
        guard text.hasPrefix("arn:") else {
            arn = nil
            name = text
            try Self.check(text)
            return
        }
        guard let arn = ARN(text), arn.service == "secretsmanager", arn.resource.hasPrefix("secret:") else {
            throw Self.invalid("it begins like an ARN and is not one of a secret")
        }
        let isRegion = !arn.region.isEmpty && arn.region.utf8.allSatisfy { Self.isLetterOrDigit($0) || $0 == 0x2D }
        let isAccount = arn.account.utf8.count == 12 && arn.account.utf8.allSatisfy { (0x30...0x39).contains($0) }
        guard isRegion, isAccount else {
            throw Self.invalid("region or account in the ARN are not what they should be")
        }
        let resource = String(arn.resource.dropFirst("secret:".count))
        try Self.check(resource, longest: Self.longest + 7)
        self.arn = arn
        // An ARN without them names the secret too.
        name = Self.endsLikeARN(resource) ? String(resource.dropLast(7)) : resource
        if name.isEmpty { throw Self.invalid("it is empty") }
    }

    /// The name of a secret that is to be made: no ARN, and nothing that could be taken for the end of one.
    /// - Throws: `StoreError.invalid`.
    package init(new text: String) throws(StoreError) {
        try self.init(text)
        guard arn == nil else { throw Self.invalid("a new secret needs a name, and this is an ARN") }
        guard !Self.endsLikeARN(text) else {
            throw Self.invalid(
                "it ends in a dash and six characters, as the ARNs of secrets do, and would be taken for one")
        }
    }

    /// From the ARN; nil for a name.
    package var region: String? { arn?.region }
    /// From the ARN; nil for a name.
    package var account: String? { arn?.account }

    /// Whether a secret's name can begin like this.
    package static func isPrefix(_ text: String) -> Bool {
        text.utf8.count <= longest && text.utf8.allSatisfy { isNameByte($0) }
    }

    private static func check(_ name: String, longest: Int = Self.longest) throws(StoreError) {
        guard !name.isEmpty else { throw invalid("it is empty") }
        guard name.utf8.count <= longest else { throw invalid("it is longer than \(Self.longest) characters") }
        guard name.utf8.allSatisfy({ isNameByte($0) }) else {
            throw invalid("only ASCII letters, digits and / _ + = . @ - may be in it")
        }
    }

    // `-` and six characters, which is how AWS ends the ARN of a secret.
    private static func endsLikeARN(_ name: String) -> Bool {
        let end = name.utf8.suffix(7)
        return end.count == 7 && end.first == UInt8(ascii: "-")
            && end.dropFirst().allSatisfy { isLetterOrDigit($0) }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        isLetterOrDigit(byte) || Array("/_+=.@-".utf8).contains(byte)
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: false
        }
    }

    private static func invalid(_ reason: String) -> StoreError { .invalid(what: "the secret's name", reason: reason) }
}
