// Values of secrets as reports may show them.

import Detection
import JSON
import Reporting
import Secrets
import Stores

enum Shown {
    static func value(_ value: ContentValue) -> ShownValue {
        let text = value.text()
        let state: ShownValue.State =
            value.kind == .null || (value.kind == .string && text.isEmpty)
            ? .empty : value.kind == .string && isPlaceholder(text) ? .placeholder : .present
        // A number may be a PIN, a list may hold passwords: only strings have public parts.
        let mask = value.kind == .string ? text.withBytes { Mask.ofStandalone($0) } : Mask.hidden
        return ShownValue(kind: value.kind.rawValue, state: state, mask: mask)
    }

    /// One key of a plan or a comparison.
    static func row(_ difference: KeyDifference, note: String? = nil) -> ChangeReport.Row {
        let kind = ChangeReport.Kind(rawValue: difference.action.rawValue) ?? .untouched
        var note = note
        if note == nil, difference.changesType, let old = difference.old { note = "was a \(old.kind.rawValue)" }
        if note == nil, kind == .added, !difference.isEnvironmentName { note = "no name for an environment variable" }
        return ChangeReport.Row(
            kind: kind, key: difference.key, old: difference.old.map(value), new: difference.new.map(value), note: note)
    }

    static func isPlaceholder(_ text: SharedSecret) -> Bool {
        !text.isEmpty && text.withBytes { StandaloneValue.isPlaceholder($0) }
    }
}

extension ContentValue {
    var isContainer: Bool { kind == .object || kind == .array }

    /// The strings in a list or an object, at any depth.
    func leafTexts() -> [SharedSecret] {
        let text = literal().withBytes { SecretValue(copying: $0) }
        guard let document = try? JSONDocument(parsing: text) else { return [] }
        return Self.leaves(document.root)
    }

    private static func leaves(_ value: JSONValue) -> [SharedSecret] {
        switch value.kind {
        case .string: value.secret().map { [$0] } ?? []
        case .array: value.elements.flatMap(leaves)
        case .object: value.members.flatMap { leaves($0.value) }
        case .number, .boolean, .null: []
        }
    }
}
