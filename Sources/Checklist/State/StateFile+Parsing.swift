// The state file from text, strictly: what is not understood is not kept, so it is not accepted either.

import JSON
import Secrets
import World

extension StateFile {
    /// - Parameter path: for errors.
    /// - Throws: `StateError`; a broken chain of events is no error, but reported as `tampering`.
    package static func parse(_ bytes: [UInt8], path: String) throws(StateError) -> StateFile {
        guard bytes.count <= largest else { throw .tooLarge(path: path, limit: largest) }
        let document: JSONDocument
        do { document = try JSONDocument(parsing: bytes) } catch {
            // No line of a JSON text begins with a marker, since a string cannot run over a line end.
            if let conflict = MergeConflict(in: bytes) { throw conflict.error(path: path) }
            throw .damaged(path: path, line: error.line, what: Self.words(for: error.reason))
        }
        return try StateParser(bytes: bytes, path: path).file(document.root)
    }

    private static func words(for reason: JSONError.Reason) -> String {
        switch reason {
        case .empty: "it is empty"
        case .syntax(let words): words
        case .invalidUTF8: "a byte is not UTF-8"
        case .duplicateKey(let name): "two members are named \(StateText.oneLine(name, limit: 60))"
        case .tooDeep: "it is nested too deeply"
        }
    }
}

/// Reads one file.
struct StateParser {
    let bytes: [UInt8]
    let path: String

    func file(_ root: JSONValue) throws(StateError) -> StateFile {
        guard root.kind == .object else { throw damage(root, "an object was expected") }
        let schema = try text(root, "schema")
        guard let version = Self.version(schema) else { throw damage(root["schema"] ?? root, "it is no state file") }
        switch version {
        case 0: return try schema0(root)
        case 1: break
        default: throw .newerSchema(path: path, schema: schema)
        }
        try members(of: root, ["schema", "checklist", "steps"])
        let checklist = try member(root, "checklist", .object)
        try members(of: checklist, ["id", "digest", "order"])
        let order = try text(checklist, "order")
        guard let order = Checklist.Order(rawValue: order) else {
            throw damage(checklist["order"] ?? checklist, "no such order")
        }
        let id = try text(checklist, "id")
        var file = StateFile(checklist: id, digest: try text(checklist, "digest"), order: order, entries: [])
        let steps = try member(root, "steps", .object)
        // Names that differ in their bytes and mean the same text are one name to a dictionary.
        var seen: Set<String> = []
        for (step, value) in steps.members {
            guard seen.insert(step).inserted else { throw damage(value, "the step is there twice") }
            guard isText(step) else { throw damage(value, "a step's name is too long or has control characters") }
            guard value.kind == .object else { throw damage(value, "an object was expected") }
            try members(of: value, ["state", "events"])
            let list = try member(value, "events", .array)
            var events: [RecordedEvent] = []
            for element in list.elements { events.append(try event(element)) }
            let written = try word(value, "state", StepState.self)
            let (told, flaw) = EventChain.replay(events, checklist: id, step: step)
            if let (flaw, index) = flaw {
                file.tampering.append(
                    TamperedStep(step: step, flaw: flaw, line: line(of: list.elements[index])))
            } else if written != told {
                let place = line(of: value["state"] ?? value)
                file.tampering.append(
                    TamperedStep(step: step, flaw: .state(written: written, told: told), line: place))
            }
            file.entries.append(StateFile.Entry(id: step, record: StepRecord(state: told, events: events)))
        }
        return file
    }

    private func event(_ value: JSONValue) throws(StateError) -> RecordedEvent {
        guard value.kind == .object else { throw damage(value, "an event was expected") }
        try members(
            of: value,
            ["event", "at", "by", "tool", "effect", "mark", "summary", "until", "facts", "digest"])
        var event = RecordedEvent(
            event: try word(value, "event", StepEvent.self), at: try time(value, "at"), by: try text(value, "by"),
            tool: try text(value, "tool"), digest: try text(value, "digest"))
        for (name, place) in [
            ("effect", \RecordedEvent.effect), ("mark", \RecordedEvent.token), ("summary", \RecordedEvent.summary),
        ] where value[name] != nil {
            event[keyPath: place] = try text(value, name)
        }
        if value["until"] != nil { event.until = try time(value, "until") }
        switch event.event {
        case .intended, .effected, .undoing, .reverted:
            guard event.effect != nil, event.token != nil else {
                throw damage(value, "the event has no effect, or no mark")
            }
        default: break
        }
        if value["facts"] != nil {
            for (name, fact) in try member(value, "facts", .object).members {
                guard isText(name) else { throw damage(fact, "a fact's name is too long or has control characters") }
                event.facts[name] = try self.fact(fact)
            }
        }
        return event
    }

    private func fact(_ value: JSONValue) throws(StateError) -> Fact {
        switch value.kind {
        case .string: return .text(try text(value))
        case .boolean: return .flag(value.bool ?? false)
        case .number:
            guard let number = value.int else { throw damage(value, "a whole number was expected") }
            return .number(number)
        case .array:
            var texts: [String] = []
            for element in value.elements { texts.append(try text(element)) }
            return .list(texts)
        case .object, .null: throw damage(value, "a fact is a text, a number, true, false or a list of texts")
        }
    }

    // The parts.

    private static func version(_ schema: String) -> Int? {
        guard schema.hasPrefix("migrate.state/") else { return nil }
        let digits = schema.dropFirst("migrate.state/".count)
        guard !digits.isEmpty, digits.utf8.count < 10, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(digits)
    }

    func members(of value: JSONValue, _ names: Set<String>) throws(StateError) {
        for (name, member) in value.members where !names.contains(name) {
            throw damage(member, "nothing is known of a member named \(StateText.oneLine(name, limit: 60))")
        }
    }

    func member(_ value: JSONValue, _ name: String, _ kind: JSONValue.Kind) throws(StateError) -> JSONValue {
        guard let member = value[name] else { throw damage(value, "`\(name)` is missing") }
        guard member.kind == kind else { throw damage(member, "`\(name)` is no \(kind.rawValue)") }
        return member
    }

    func text(_ value: JSONValue, _ name: String) throws(StateError) -> String {
        try text(try member(value, name, .string))
    }

    func text(_ value: JSONValue) throws(StateError) -> String {
        guard let text = value.string else { throw damage(value, "a text was expected") }
        // It will be shown on somebody's terminal.
        guard isText(text) else { throw damage(value, "a text is too long or has control characters") }
        return text
    }

    func time(_ value: JSONValue, _ name: String) throws(StateError) -> Instant {
        let text = try text(value, name)
        // As it is written: another spelling of the same time would not come back as it was.
        guard let time = Instant(iso8601: text), time.iso8601 == text else {
            throw damage(value[name] ?? value, "`\(name)` is no time such as 2026-11-24T08:59:03Z")
        }
        return time
    }

    func word<Word: RawRepresentable<String>>(
        _ value: JSONValue, _ name: String, _ type: Word.Type
    ) throws(StateError) -> Word {
        guard let word = Word(rawValue: try text(value, name)) else {
            throw damage(value[name] ?? value, "`\(name)` has a value that is not known")
        }
        return word
    }

    private func isText(_ text: String) -> Bool { text.utf8.count <= StateText.longest && StateText.isPlain(text) }

    func damage(_ value: JSONValue, _ what: String) -> StateError {
        .damaged(path: path, line: line(of: value), what: what)
    }

    private func line(of value: JSONValue) -> Int {
        let start = value.keyRange?.lowerBound ?? value.range.lowerBound
        return 1 + bytes[..<start].count { $0 == 0x0A }
    }
}
