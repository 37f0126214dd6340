// The limits that the service's model sets on what comes in.

/// Values and labels as the service's model limits them.
enum Limits {
    static let valueBytes = 65_536
    static let nameLength = 1...512
    static let tokenLength = 32...64
    static let stageLength = 1...256
    static let stagesPerCall = 1...20

    static func value(_ input: JSONObject) throws(ServiceFailure) -> (string: String?, binary: String?)? {
        let string = input["SecretString"] as? String
        let binary = input["SecretBinary"] as? String
        if string != nil, binary != nil {
            throw .invalidParameter("You can't specify both a binary secret value and a string secret value.")
        }
        if let string {
            guard !string.isEmpty else {
                throw .constraint("secretString", "have length greater than or equal to 1")
            }
            guard string.utf8.count <= valueBytes else {
                throw .constraint("secretString", "have length less than or equal to \(valueBytes)")
            }
        }
        if let binary {
            let padding = binary.utf8.reversed().prefix { $0 == UInt8(ascii: "=") }.count
            let bytes = binary.utf8.count / 4 * 3 - padding
            guard bytes >= 1 else { throw .constraint("secretBinary", "have length greater than or equal to 1") }
            guard bytes <= valueBytes else {
                throw .constraint("secretBinary", "have length less than or equal to \(valueBytes)")
            }
        }
        return string == nil && binary == nil ? nil : (string, binary)
    }

    static func newName(_ input: JSONObject) throws(ServiceFailure) -> String {
        guard let name = input["Name"] as? String else { throw .constraint("name", "not be null") }
        guard nameLength.contains(name.count) else { throw .constraint("name", "have length between 1 and 512") }
        let allowed = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "/_+=.@-!".utf8.contains(byte)
            }
        }
        guard allowed else {
            throw ServiceFailure(
                "ValidationException",
                "Invalid name. Must be a valid name containing alphanumeric characters, "
                    + "or any of the following: -/_+=.@!")
        }
        // The service warns of such a name: a search by partial ARN would take its end for the random characters.
        let end = Array(name.utf8.suffix(7))
        if end.count == 7, end[0] == UInt8(ascii: "-"), end.dropFirst().allSatisfy({ isLetterOrDigit($0) }) {
            throw .invalidParameter("The secret name can't end with a hyphen followed by six characters.")
        }
        return name
    }

    /// The token that becomes the version's id. The service makes none up: tools do.
    static func token(_ input: JSONObject) throws(ServiceFailure) -> String {
        guard let token = input["ClientRequestToken"] as? String else {
            throw ServiceFailure("InvalidRequestException", "You must provide a ClientRequestToken value.")
        }
        guard tokenLength.contains(token.count) else {
            throw .constraint("clientRequestToken", "have length between 32 and 64")
        }
        return token
    }

    static func stages(_ input: JSONObject) throws(ServiceFailure) -> [String]? {
        guard let stages = input["VersionStages"] as? [String] else { return nil }
        guard stagesPerCall.contains(stages.count) else {
            throw .constraint("versionStages", "have length between 1 and 20")
        }
        for stage in stages where !stageLength.contains(stage.count) {
            throw .constraint("versionStages", "satisfy constraint: [length between 1 and 256]")
        }
        return stages
    }

    static func tags(_ input: JSONObject) throws(ServiceFailure) -> [(key: String, value: String)] {
        guard let list = input["Tags"] as? [JSONObject] else { return [] }
        var tags: [(key: String, value: String)] = []
        for tag in list {
            let key = tag["Key"] as? String ?? ""
            let value = tag["Value"] as? String ?? ""
            guard (1...128).contains(key.count) else { throw .constraint("tags", "have keys of 1 to 128 characters") }
            guard value.count <= 256 else { throw .constraint("tags", "have values of 256 characters at most") }
            guard !key.hasPrefix("aws:") else { throw .invalidParameter("aws: prefixed tag key names are not allowed") }
            tags.append((key, value))
        }
        return tags
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
