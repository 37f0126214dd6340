// Who read or wrote one secret, from CloudTrail.

import JSON
package import World

/// Finds the events about one secret among all of Secrets Manager's.
///
/// Looking events up by the secret's name would miss some: CloudTrail lists no resources for many of them. So all
/// events of the service are read, and those about the secret picked by what was asked for: its name, its ARN, its ARN
/// without the six characters that AWS adds, in any of the places where the calls have it.
package struct AccessHistory: Sendable {
    package struct Entry: Sendable, Equatable {
        package enum Access: String, Sendable { case read, write }

        package var time: Instant?
        /// `GetSecretValue`
        package var event: String
        package var access: Access
        /// A user's name, a role with its session, a service: for people.
        package var who: String
        /// ARN of who; nil when the event has none.
        package var arn: String?
        package var accessKeyID: String?
        /// An address, or a service's host name.
        package var source: String?
        /// Nil for what succeeded.
        package var errorCode: String?
        package var eventID: String
    }

    /// How far the search has come.
    package struct Progress: Sendable, Equatable {
        package var pages = 0
        package var events = 0
        package var found = 0
        /// Of the oldest event read so far: they come newest first.
        package var reached: Instant?
    }

    private let client: CloudTrailClient

    package init(client: CloudTrailClient) { self.client = client }

    /// - Parameters:
    ///   - name: the secret's name.
    ///   - arn: its ARN, if known: without it, ARNs match by the name in them.
    ///   - since: earlier than 90 days ago is the same as 90 days ago.
    ///   - progress: told after each page.
    /// - Returns: the newest first.
    /// - Throws: `AWSError`; `CredentialError`; `CancellationError`.
    package func entries(
        name: String, arn: String?, since: Instant, until: Instant? = nil,
        progress: @Sendable (Progress) async -> Void = { _ in }
    ) async throws -> [Entry] {
        let matcher = SecretMatcher(name: name, arn: arn)
        var entries: [Entry] = []
        var state = Progress()
        try await client.lookupEvents(source: "secretsmanager.amazonaws.com", since: since, until: until) { events in
            entries += events.filter { matcher.matches($0) }.map { Entry($0) }
            state.pages += 1
            state.events += events.count
            state.found = entries.count
            state.reached = events.compactMap(\.time).min() ?? state.reached
            await progress(state)
            return true
        }
        return entries
    }
}

/// Whether an event is about one secret.
struct SecretMatcher: Sendable {
    private let name: String
    private let arn: String?
    private let partialARN: String?

    init(name: String, arn: String?) {
        self.name = name
        self.arn = arn
        partialARN = arn.flatMap { Self.withoutSuffix($0) }
    }

    func matches(_ event: CloudTrailClient.Event) -> Bool {
        if event.resources.contains(where: { isSecret($0) }) { return true }
        guard let record = event.record?.root else { return false }
        let request = record["requestParameters"]
        let answer = record["responseElements"]
        var ids = [
            request?["secretId"], request?["name"], request?["arn"], request?["aRN"], answer?["arn"],
            // Until February 2024.
            answer?["aRN"],
            // Events that no call made: the end of a deletion, a rotation.
            record["additionalEventData"]?["SecretId"],
        ].compactMap { $0?.string }
        ids += (request?["secretIdList"]?.elements ?? []).compactMap(\.string)
        ids += (record["resources"]?.elements ?? []).compactMap { ($0["ARN"] ?? $0["arn"])?.string }
        return ids.contains { isSecret($0) }
    }

    func isSecret(_ id: String) -> Bool {
        if id == name { return true }
        guard id.hasPrefix("arn:") else { return false }
        // The ARN that is known may lack the six characters itself.
        if let arn { return id == arn || id == partialARN || Self.withoutSuffix(id) == arn }
        guard let other = ARN(id), other.service == "secretsmanager", other.resource.hasPrefix("secret:") else {
            return false
        }
        let resource = other.resource.dropFirst("secret:".count)
        return resource == name || Self.withoutSuffix(String(resource)) == name
    }

    // Without the dash and the six letters and digits that AWS puts behind a name.
    private static func withoutSuffix(_ text: String) -> String? {
        let suffix = text.utf8.suffix(7)
        guard suffix.count == 7, suffix.first == UInt8(ascii: "-"),
            suffix.dropFirst().allSatisfy({ byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "a")...UInt8(ascii: "z"):
                    true
                default: false
                }
            })
        else { return nil }
        return String(text.dropLast(7))
    }
}

extension AccessHistory.Entry {
    init(_ event: CloudTrailClient.Event) {
        let record = event.record?.root
        let identity = record?["userIdentity"]
        let arn = identity?["arn"]?.string
        // An assumed role's session is told with its role: the session alone is often just a number.
        let session = arn.flatMap { ARN($0) }.flatMap { arn in
            arn.resource.hasPrefix("assumed-role/") ? String(arn.resource.dropFirst("assumed-role/".count)) : nil
        }
        self.init(
            time: event.time ?? record?["eventTime"]?.string.flatMap { Instant(iso8601: $0) }, event: event.name,
            access: event.isReadOnly ?? Self.reads(event.name) ? .read : .write,
            who: session ?? identity?["userName"]?.string ?? event.username ?? identity?["invokedBy"]?.string
                ?? identity?["type"]?.string ?? "unknown",
            arn: arn, accessKeyID: event.accessKeyID ?? identity?["accessKeyId"]?.string,
            source: record?["sourceIPAddress"]?.string, errorCode: record?["errorCode"]?.string, eventID: event.id)
    }

    private static func reads(_ event: String) -> Bool {
        ["Get", "BatchGet", "Describe", "List"].contains { event.hasPrefix($0) }
    }
}
