// CloudTrail: what was called, by whom, newest first and in pages. Values never get into it.

/// One event of the trail, as a test may also inject it.
package struct TrailEvent: Sendable {
    package var name: String
    package var source: String
    package var username: String
    package var accessKeyID: String
    /// Seconds since 1970.
    package var time: Double
    package var isReadOnly: Bool
    /// The `resources` that the event lists; the service often leaves it empty.
    package var resources: [String]
    /// The event record, JSON.
    package var record: String

    package init(
        name: String, source: String = "secretsmanager.amazonaws.com", username: String = "tester",
        accessKeyID: String = "", time: Double, isReadOnly: Bool = true, resources: [String] = [], record: String
    ) {
        self.name = name
        self.source = source
        self.username = username
        self.accessKeyID = accessKeyID
        self.time = time
        self.isReadOnly = isReadOnly
        self.resources = resources
        self.record = record
    }
}

struct CloudTrailLog {
    var events: [TrailEvent] = []
    /// Events in one page, whatever more was asked for; the service gives 50 at most.
    var pageSize = 50
    /// LookupEvents above two in one second are throttled, as by the service.
    var limitsRate = false
    /// In seconds: two lookups are allowed in it.
    var rateWindow = 1.0
    private var recentLookups: [Double] = []

    mutating func record(
        _ operation: String, _ input: JSONObject, caller: KnownKey, region: String, error: ServiceFailure?, now: Double
    ) {
        var parameters: JSONObject = [:]
        for name in ["secretId", "clientRequestToken", "versionId", "versionStage", "name", "description"] {
            parameters[name] = input[name.prefix(1).uppercased() + name.dropFirst()]
        }
        var record: JSONObject = [
            "eventVersion": "1.11", "eventName": operation, "eventSource": "secretsmanager.amazonaws.com",
            "eventTime": isoDate(now), "awsRegion": region, "eventID": newRequestID(),
            "sourceIPAddress": "127.0.0.1", "requestParameters": parameters,
            "userIdentity": ["arn": caller.arn, "accessKeyId": caller.accessKeyID],
        ]
        record["errorCode"] = error?.code
        record["errorMessage"] = error?.message
        let readOnly = ["Get", "Describe", "List", "BatchGet"].contains { operation.hasPrefix($0) }
        events.append(
            TrailEvent(
                name: operation, username: caller.arn.split(separator: "/").last.map(String.init) ?? "",
                accessKeyID: caller.accessKeyID, time: now, isReadOnly: readOnly,
                record: String(decoding: encoded(record), as: UTF8.self)))
    }

    mutating func lookup(_ input: JSONObject, now: Double) throws(ServiceFailure) -> JSONObject {
        if limitsRate {
            recentLookups.removeAll { $0 <= now - rateWindow }
            guard recentLookups.count < 2 else { throw ServiceFailure("ThrottlingException", "Rate exceeded") }
            recentLookups.append(now)
        }
        let attributes = input["LookupAttributes"] as? [JSONObject] ?? []
        guard attributes.count <= 1 else {
            throw ServiceFailure("InvalidLookupAttributesException", "You can only provide one lookup attribute.")
        }
        let count = input["MaxResults"] as? Int ?? 50
        guard (1...50).contains(count) else {
            throw ServiceFailure("InvalidMaxResultsException", "The MaxResults value must be between 1 and 50.")
        }
        let from = max(input["StartTime"] as? Double ?? 0, now - 90 * 86_400)
        let until = input["EndTime"] as? Double ?? now
        let found =
            events
            .filter { $0.time >= from.rounded(.down) && $0.time <= until.rounded(.up) && passes($0, attributes.first) }
            .sorted { $0.time > $1.time }
        var start = 0
        if let token = input["NextToken"] as? String {
            guard token.hasPrefix("page-"), let parsed = UInt16(token.dropFirst(5)) else {
                throw ServiceFailure("InvalidNextTokenException", "Invalid or expired NextToken.")
            }
            start = Int(parsed)
        }
        let end = min(start + min(count, pageSize), found.count)
        var answer: JSONObject = ["Events": found[min(start, end)..<end].map(shown)]
        if end < found.count { answer["NextToken"] = "page-\(end)" }
        return answer
    }

    private func passes(_ event: TrailEvent, _ attribute: JSONObject?) -> Bool {
        guard let attribute else { return true }
        let value = attribute["AttributeValue"] as? String
        return switch attribute["AttributeKey"] as? String {
        case "EventSource": event.source == value
        case "EventName": event.name == value
        case "Username": event.username == value
        case "AccessKeyId": event.accessKeyID == value
        case "ReadOnly": String(event.isReadOnly) == value
        case "ResourceName": event.resources.contains(value ?? "")
        default: false
        }
    }

    private func shown(_ event: TrailEvent) -> JSONObject {
        [
            "EventId": newRequestID(), "EventName": event.name, "ReadOnly": String(event.isReadOnly),
            "AccessKeyId": event.accessKeyID, "EventTime": event.time, "EventSource": event.source,
            "Username": event.username,
            "Resources": event.resources.map {
                ["ResourceType": "AWS::SecretsManager::Secret", "ResourceName": $0]
            },
            "CloudTrailEvent": event.record,
        ]
    }
}
