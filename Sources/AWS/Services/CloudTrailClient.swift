// AWS CloudTrail: the record of calls, read page by page within its rate limit.

import JSON
import Secrets
package import World

/// The one call of CloudTrail that commands make.
package struct CloudTrailClient: Sendable {
    /// CloudTrail takes two LookupEvents a second, for an account in a region.
    static let pause = Duration.milliseconds(500)
    /// Events are kept for 90 days.
    package static let keptSeconds = 90.0 * 86_400

    private let client: AWSClient
    private let world: World

    package init(client: AWSClient, world: World) {
        self.client = client
        self.world = world
    }

    /// One event as CloudTrail lists it.
    package struct Event: Sendable {
        package var id: String
        package var name: String
        package var time: Instant?
        package var isReadOnly: Bool?
        package var accessKeyID: String?
        package var username: String?
        /// ARNs and names that CloudTrail says the event was about; often none.
        package var resources: [String]
        /// The whole record; nil when it is no JSON.
        let record: JSONDocument?
    }

    /// Events of one source (`secretsmanager.amazonaws.com`), the newest first, one page after the other.
    /// - Parameters:
    ///   - since: earlier than 90 days ago is the same as 90 days ago.
    ///   - page: takes one page; false when no more are wanted.
    /// - Throws: `AWSError`; `CredentialError`; `CancellationError`.
    package func lookupEvents(
        source: String, since: Instant, until: Instant? = nil, page: ([Event]) async throws -> Bool
    ) async throws {
        let start = max(since, world.now() + -Self.keptSeconds)
        try await client.pages("LookupEvents") { json in
            json.key("LookupAttributes")
            json.beginArray()
            json.beginObject()
            json.member("AttributeKey", "EventSource")
            json.member("AttributeValue", source)
            json.endObject()
            json.endArray()
            json.key("StartTime")
            json.number(Int(start.wholeSeconds))
            if let until {
                json.key("EndTime")
                json.number(Int(until.wholeSeconds))
            }
            json.key("MaxResults")
            json.number(50)
        } page: { answer in
            guard try await page(try answer.answers("Events").map { try $0.event() }) else { return false }
            if answer.string("NextToken") != nil { try await world.sleep(Self.pause) }
            return true
        }
    }
}

extension JSONAnswer {
    fileprivate func event() throws -> CloudTrailClient.Event {
        let record = value["CloudTrailEvent"]?.secret().flatMap { text in
            try? JSONDocument(parsing: text.withBytes { SecretValue(copying: $0) })
        }
        return CloudTrailClient.Event(
            id: string("EventId") ?? "", name: try required("EventName"), time: instant("EventTime"),
            // A text here, "true" or "false"; a boolean in the record.
            isReadOnly: string("ReadOnly").map { $0 == "true" } ?? record?.root["readOnly"]?.bool,
            accessKeyID: string("AccessKeyId"), username: string("Username"),
            resources: answers("Resources").compactMap { $0.string("ResourceName") }, record: record)
    }
}
