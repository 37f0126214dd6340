// The form before events were kept: a flat list. No release wrote it; it keeps the way from old files to new ones open.

import JSON
import World

extension StateParser {
    /// `{"schema": "migrate.state/0", "checklist": "ID", "steps": [{"id", "state", "at", "by", "tool", "summary"}]}`, in
    /// which `state` is pending, applied, verified, failed or waived, and `summary` may be missing.
    func schema0(_ root: JSONValue) throws(StateError) -> StateFile {
        try members(of: root, ["schema", "checklist", "steps"])
        let checklist = try text(root, "checklist")
        var file = StateFile(checklist: checklist, digest: "", order: .standard, entries: [])
        file.readVersion = 0
        var seen: Set<String> = []
        for step in try member(root, "steps", .array).elements {
            guard step.kind == .object else { throw damage(step, "an object was expected") }
            try members(of: step, ["id", "state", "at", "by", "tool", "summary"])
            let id = try text(step, "id")
            guard seen.insert(id).inserted else { throw damage(step, "the step \(id) is there twice") }
            var record = StepRecord()
            if let event = try schema0Event(step) {
                record.events = [event]
                record.events[0].digest = EventChain.digest(
                    of: event, after: EventChain.root(checklist: checklist, step: id))
                record.state = StepState.pending.after(event.event) ?? .pending
            }
            file.entries.append(StateFile.Entry(id: id, record: record))
        }
        return file
    }

    /// The one event that explains the state; nil for a pending step.
    private func schema0Event(_ step: JSONValue) throws(StateError) -> RecordedEvent? {
        let kind: StepEvent
        switch try word(step, "state", StepState.self) {
        case .pending: return nil
        case .applied: kind = .applied
        case .verified: kind = .verified
        case .failed: kind = .failed
        case .waived: kind = .waived
        case .intended, .waiting, .drifted, .undone:
            throw damage(step["state"] ?? step, "a state that files of this schema do not have")
        }
        return RecordedEvent(
            event: kind, at: try time(step, "at"), by: try text(step, "by"), tool: try text(step, "tool"),
            summary: step["summary"] == nil ? nil : try text(step, "summary"))
    }
}
