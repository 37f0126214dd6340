// What AWS Secrets Manager takes of a secret and its parts, the same in every store: what a vault takes, the service
// takes too. Names are in SecretName.swift.

import JSON
import Secrets

enum SecretLimits {
    /// Of one version's whole text, as AWS counts SecretString.
    static let contentBytes = 65_536
    static let recoveryDays = 7...30

    /// - Throws: `StoreError.invalid` for what is empty or no text, `tooLarge`.
    static func check(content: SharedSecret, of name: String) throws(StoreError) {
        guard content.count <= contentBytes else { throw .tooLarge(name: name, bytes: content.count) }
        guard !content.isEmpty else { throw .invalid(what: "the secret's content", reason: "it is empty") }
        guard content.withBytes({ JSONWriter.isText($0) }) else {
            throw .invalid(what: "the secret's content", reason: "it is not UTF-8")
        }
    }

    static func check(recoveryDays days: Int) throws(StoreError) {
        guard recoveryDays.contains(days) else {
            throw .invalid(
                what: "the recovery window",
                reason: "it lasts \(recoveryDays.lowerBound) to \(recoveryDays.upperBound) days, not \(days)")
        }
    }

    static func check(token: String) throws(StoreError) {
        guard (32...64).contains(token.utf8.count) else {
            throw .invalid(what: "the token", reason: "it must have 32 to 64 characters")
        }
    }

    static func check(stages: [String]) throws(StoreError) {
        guard stages.count <= 20 else { throw .invalid(what: "the stage labels", reason: "there are more than 20") }
        guard stages.allSatisfy({ (1...256).contains($0.unicodeScalars.count) }) else {
            throw .invalid(what: "a stage label", reason: "it must have 1 to 256 characters")
        }
    }

    static func check(tagKeys keys: [String]) throws(StoreError) {
        guard keys.count <= 50 else { throw .invalid(what: "the tags", reason: "there are more than 50") }
        guard keys.allSatisfy({ (1...128).contains($0.unicodeScalars.count) }) else {
            throw .invalid(what: "a tag", reason: "its key has 1 to 128 characters")
        }
    }

    static func check(tags: [String: String]) throws(StoreError) {
        guard tags.count <= 50 else { throw .invalid(what: "the tags", reason: "there are more than 50") }
        for (key, value) in tags {
            guard (1...128).contains(key.unicodeScalars.count), value.unicodeScalars.count <= 256 else {
                throw .invalid(what: "a tag", reason: "its key has 1 to 128 characters, its value up to 256")
            }
        }
    }
}
