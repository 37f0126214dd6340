// What the answers of AWS Secrets Manager mean to a store.

import AWS
import Secrets
import World

extension AWSStore {
    /// Runs one call, and says its errors in the words of stores.
    func mapped<Answer>(
        _ name: String, wanted: VersionSelector? = nil, _ body: () async throws -> Answer
    ) async throws -> Answer {
        do {
            return try await body()
        } catch let error as AWSError {
            throw await named(error, name, wanted: wanted)
        } catch let error as CredentialError {
            throw StoreError.noCredentials(error)
        }
    }

    /// The same for a write that changes nothing when it is made again. An answer that came and cannot be read (cut
    /// short, garbled) says nothing of whether the write was done: it is made again, under the same token.
    func repeated<Answer>(_ name: String, _ body: () async throws -> Answer) async throws -> Answer {
        try await mapped(name) {
            for attempt in 1..<Self.mostWrites {
                do { return try await body() } catch let error as AWSError
                    where error.kind == .unexpectedAnswer && error.mayHaveBeenApplied
                {
                    try await world.sleep(.milliseconds(200 * attempt))
                }
            }
            return try await body()
        }
    }

    /// Of one value, while their answers cannot be read.
    private static let mostWrites = 3

    /// The error; with the day a scheduled deletion falls due, if it can be had.
    func named(_ error: AWSError, _ name: String, wanted: VersionSelector? = nil) async -> StoreError {
        let meaning = storeError(error, name: name, wanted: wanted)
        // A secret without any value is told under the same code as none; emulators word it the same, too.
        if case .notFound = meaning, let wanted, (try? await client.describeSecret(name)) != nil {
            return .noSuchVersion(name: name, wanted: Self.words(wanted))
        }
        guard case .scheduledForDeletion = meaning,
            let secret = try? await client.describeSecret(name)
        else { return meaning }
        return .scheduledForDeletion(name: name, until: SecretDescription(secret, now: world.now()).deletionDate)
    }

    /// Classified by kind first: by code, and by message where one code means several things.
    func storeError(_ error: AWSError, name: String, wanted: VersionSelector? = nil) -> StoreError {
        switch error.kind {
        case .accessDenied:
            // A key that may not be used is told under the same code as a call that may not be made.
            if Self.isAboutKeys(error.message) { return .encryption(name: name, reason: error.message) }
            return .accessDenied(action: "\(error.service):\(error.operation)", name: name, error)
        case .notFound:
            return Self.isAboutVersions(error.message)
                ? .noSuchVersion(name: name, wanted: Self.words(wanted)) : .notFound(name: name)
        case .alreadyExists:
            // For a secret that is there, the code means that the token was used for another content.
            return error.operation == "CreateSecret" ? .alreadyExists(name: name) : .conflict(name: name)
        case .invalidState, .invalidInput:
            return invalid(error, name: name, wanted: wanted)
        case .quota: return .quota(name: name, error)
        case .encryption: return .encryption(name: name, reason: error.message)
        case .throttled, .serverFault, .unreachable: return .unreachable(error)
        case .badCredentials, .expiredCredentials, .clockSkew, .unexpectedAnswer, .other: return .aws(error)
        }
    }

    /// The error that a batch gave for one secret.
    func storeError(_ error: SecretsManagerClient.BatchError, name: String) -> StoreError {
        let kind: AWSError.Kind =
            switch error.code {
            case "ResourceNotFoundException": .notFound
            case "AccessDeniedException", "AccessDenied": .accessDenied
            case "DecryptionFailure": .encryption
            case "InvalidRequestException": .invalidState
            case "InvalidParameterException": .invalidInput
            default: .other
            }
        return storeError(
            AWSError(
                kind: kind, operation: "GetSecretValue", service: "secretsmanager", code: error.code,
                message: error.message, endpoint: client.host),
            name: name, wanted: .current)
    }

    /// Whether what a batch says of a secret is the last word. Anything else is asked again singly.
    static func isFinal(_ error: SecretsManagerClient.BatchError) -> Bool {
        let codes = ["ResourceNotFoundException", "AccessDeniedException", "AccessDenied", "DecryptionFailure"]
        return codes.contains(error.code)
    }

    /// Whether reading one by one may give what the whole batch did not: the batch may not be allowed, or one secret
    /// may have failed it for all.
    static func mayStillReadSingly(after kind: AWSError.Kind) -> Bool {
        switch kind {
        case .accessDenied, .notFound, .invalidState, .invalidInput, .encryption, .other: true
        default: false
        }
    }

    /// Whether the label's place can tell more than the error of a move.
    static func mayBeAboutLabels(_ error: AWSError) -> Bool {
        switch error.kind {
        case .invalidState, .invalidInput: !isAboutDeletion(error.message)
        case .notFound: isAboutVersions(error.message)
        case .throttled, .serverFault, .unreachable, .unexpectedAnswer, .other: error.mayHaveBeenApplied
        default: false
        }
    }

    private func invalid(_ error: AWSError, name: String, wanted: VersionSelector?) -> StoreError {
        if Self.isAboutDeletion(error.message) { return .scheduledForDeletion(name: name, until: nil) }
        if error.operation == "UpdateSecretVersionStage", Self.isLostMove(error.message) {
            return .conflict(name: name)
        }
        if Self.isAboutVersions(error.message) { return .noSuchVersion(name: name, wanted: Self.words(wanted)) }
        return .invalid(what: "what \(error.operation) was asked", reason: error.message)
    }

    private static func isAboutDeletion(_ message: String) -> Bool {
        let message = message.lowercased()
        return message.contains("scheduled for deletion") || message.contains("marked for deletion")
            || message.contains("marked deleted")
    }

    private static func isLostMove(_ message: String) -> Bool {
        let message = message.lowercased()
        return message.contains("removefromversionid") || message.contains("currently attached")
            || message.contains("not found in version") || message.contains("not attached")
    }

    // "can't find the specified secret value for staging label: X", "… for VersionId: X", "a VersionStage that is not
    // associated to the provided VersionId", "Not a valid version".
    private static func isAboutVersions(_ message: String) -> Bool {
        let message = message.lowercased()
        return message.contains("secret value") || message.contains("versionid") || message.contains("versionstage")
            || message.contains("valid version")
    }

    private static func isAboutKeys(_ message: String) -> Bool {
        message.contains("Access to KMS") || message.contains("perform: kms:")
    }

    private static func words(_ wanted: VersionSelector?) -> String {
        [wanted?.id, wanted?.stage].compactMap { $0 }.joined(separator: " with ")
    }
}

extension SecretVersion {
    /// - Throws: `StoreError.notAnObject` for what is no text.
    init(_ value: SecretsManagerClient.Value) throws(StoreError) {
        switch value.content {
        case .text(let text):
            self.init(
                name: value.name, arn: value.arn, versionID: value.versionID, stages: value.stages,
                created: value.created, content: text)
        case .binary:
            throw .notAnObject(name: value.name, reason: "it holds binary data, not text")
        case .none:
            throw .noSuchVersion(name: value.name, wanted: value.versionID)
        }
    }
}

extension SecretsManagerClient.Value {
    /// Whether this is what was asked for: by name, by ARN, or by ARN without the six characters at its end.
    func isNamed(_ id: String) -> Bool {
        name == id || arn == id || (id.hasPrefix("arn:") && arn.hasPrefix(id + "-") && arn.dropLast(7) == id)
    }
}

extension SecretDescription {
    /// - Parameter now: tells what DeletedDate means. AWS calls it the date the secret is scheduled for deletion, which
    ///   can be read as the day that was done or the day it falls due; what lies ahead must be the latter.
    init(_ secret: SecretsManagerClient.Description, now: Instant) {
        self.init(name: secret.name)
        arn = secret.arn
        description = secret.description
        kmsKey = secret.kmsKeyID
        if let date = secret.deletedDate {
            deleted = min(date, now)
            deletionDate = date > now ? date : nil
        }
        created = secret.created
        changed = secret.changed
        accessed = secret.accessed
        rotates = secret.rotationEnabled
        owningService = secret.owningService
        tags = secret.tags
        stages = secret.stages
    }
}
