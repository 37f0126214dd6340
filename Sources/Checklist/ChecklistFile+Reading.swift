// Reads the nodes of a checklist's file.

import Settings
import Yams

/// Goes through one file from the top down, and then over the steps as a whole.
struct ChecklistReader {
    static let keys = ["id", "title", "about", "recurring", "steps"]
    static let stepKeys = ["id", "kind", "title", "why", "with", "needs", "emergency-needs"]

    let yaml: YAMLReader
    let kinds: [KindDescription]
    /// Where each step's parts stand, for what is found out later.
    var places: [StepPlace] = []

    /// Lines of a step, from 1.
    struct StepPlace {
        var line: Int
        var needs: [(id: String, line: Int)] = []
        var emergencyNeeds: [(id: String, line: Int)]?

        func needs(in order: Checklist.Order) -> [(id: String, line: Int)] {
            order == .emergency ? emergencyNeeds ?? needs : needs
        }
    }

    init(path: String, kinds: [KindDescription]) {
        yaml = YAMLReader(path: path)
        self.kinds = kinds
    }

    mutating func read(_ bytes: [UInt8]) throws(ConfigurationError) -> Checklist {
        guard let root = try yaml.root(of: bytes, limit: ChecklistFile.largest) else {
            throw ConfigurationError(path: yaml.path, line: 0, reason: "it is empty; a checklist has `id` and `steps`")
        }
        let parts = try parts(of: root, "the file", known: Self.keys)
        let id = try id(required(parts, "id", in: root), "id")
        let title = try line(required(parts, "title", in: root), "title")
        let about = try line(required(parts, "about", in: root), "about")
        let list = try required(parts, "steps", in: root)
        let items = try yaml.items(list, "`steps`")
        guard !items.isEmpty, items.count <= ChecklistFile.mostSteps else {
            throw yaml.failure(list, "`steps` must hold from one to \(ChecklistFile.mostSteps) steps")
        }
        var steps: [Step] = []
        for item in items {
            let step = try readStep(item)
            if let first = steps.firstIndex(where: { $0.id == step.id }) {
                throw yaml.failure(item, "a step `\(step.id)` stands in line \(places[first].line) already")
            }
            steps.append(step)
        }
        try checkNeeds(steps)
        var checklist = Checklist(id: id, title: title, about: about, steps: steps, digest: "")
        checklist.digest = ChecklistFile.digest(of: checklist)
        if let node = parts["recurring"] { checklist.isRecurring = try flag(node, "recurring") }
        return checklist
    }

    private mutating func readStep(_ node: Node) throws(ConfigurationError) -> Step {
        let parts = try parts(of: node, "a step", known: Self.stepKeys)
        let stepID = try id(required(parts, "id", in: node), "id")
        let kindNode = try required(parts, "kind", in: node)
        let name = try yaml.text(kindNode, "kind")
        guard let kind = kinds.first(where: { $0.name == name }) else {
            let known = kinds.map(\.name).sorted()
            let meant = NearestName.of(name, among: known).map { "did you mean `\($0)`?" }
            throw yaml.failure(
                kindNode,
                "there is no kind of step `\(YAMLReader.shown(name))`; "
                    + (meant ?? "known are \(ChecklistFile.names(known))"))
        }
        var step = Step(
            id: stepID, kind: name, title: try line(required(parts, "title", in: node), "title"),
            why: try parts["why"].map { (node) throws(ConfigurationError) in try line(node, "why") })
        step.parameters = try parameters(parts["with"], of: kind, in: node)

        var place = StepPlace(line: yaml.line(node))
        if let needs = parts["needs"] { place.needs = try ids(needs, "needs") }
        if let needs = parts["emergency-needs"] { place.emergencyNeeds = try ids(needs, "emergency-needs") }
        places.append(place)
        step.needs = place.needs.map(\.id)
        step.emergencyNeeds = place.emergencyNeeds?.map(\.id)
        return step
    }

    private func parameters(
        _ node: Node?, of kind: KindDescription, in step: Node
    ) throws(ConfigurationError) -> StepParameters {
        let check = ParameterCheck(path: yaml.path, kind: kind)
        var parameters = StepParameters()
        if let node, !yaml.isNothing(node) {
            for (key, value) in try yaml.pairs(node, "`with`") {
                let name = try yaml.text(key, "with")
                let line = yaml.line(key)
                try check.requireKnown(name, line: line)
                parameters.values[name] = try check.checked(yaml.value(value, name), of: name, line: line)
            }
        }
        if let missing = kind.parameters.first(where: { $0.isRequired && parameters.values[$0.name] == nil }) {
            throw yaml.failure(
                node ?? step, "a step of the kind `\(kind.name)` needs `\(missing.name)` under `with`: \(missing.about)"
            )
        }
        return parameters
    }

    // MARK: Nodes

    private func parts(of node: Node, _ what: String, known: [String]) throws(ConfigurationError) -> [String: Node] {
        var parts: [String: Node] = [:]
        for (key, value) in try yaml.pairs(node, what) {
            guard let name = key.scalar?.string, known.contains(name) else { throw yaml.unknownKey(key, known: known) }
            parts[name] = value
        }
        return parts
    }

    private func required(
        _ parts: [String: Node], _ name: String, in node: Node
    ) throws(ConfigurationError) -> Node {
        guard let part = parts[name] else { throw yaml.failure(node, "`\(name)` is missing here") }
        return part
    }

    /// A text of people, which may be folded over several lines of the file.
    private func line(_ node: Node, _ name: String) throws(ConfigurationError) -> String {
        guard let text = node.scalar?.string, !yaml.isNothing(node) else {
            throw yaml.failure(node, "`\(name)` must be a text")
        }
        let words = text.split { $0 == " " || $0 == "\n" || $0 == "\t" || $0 == "\r\n" }.joined(separator: " ")
        guard !words.isEmpty, words.utf8.count <= 2_000 else {
            throw yaml.failure(node, "`\(name)` must be a text of at most 2000 bytes")
        }
        return try yaml.text(Node.scalar(.init(words, .implicit, .doubleQuoted, node.mark)), name)
    }

    private func flag(_ node: Node, _ name: String) throws(ConfigurationError) -> Bool {
        switch node.scalar?.string {
        case "true": true
        case "false": false
        default: throw yaml.failure(node, "`\(name)` must be true or false")
        }
    }

    private func id(_ node: Node, _ name: String) throws(ConfigurationError) -> String {
        guard let id = node.scalar?.string, Self.isID(id) else {
            throw yaml.failure(
                node,
                "`\(name)` takes lower-case words with dashes, such as `rotate-keys`, not `\(YAMLReader.shown(node.scalar?.string ?? "…"))`"
            )
        }
        return id
    }

    private func ids(_ node: Node, _ name: String) throws(ConfigurationError) -> [(id: String, line: Int)] {
        if yaml.isNothing(node) { return [] }
        // One without brackets is as clear.
        let items = node.scalar == nil ? try yaml.items(node, "`\(name)`") : [node]
        var ids: [(id: String, line: Int)] = []
        for item in items {
            let id = try id(item, name)
            guard !ids.contains(where: { $0.id == id }) else {
                throw yaml.failure(item, "`\(id)` stands twice in `\(name)`")
            }
            ids.append((id, yaml.line(item)))
        }
        return ids
    }

    /// Lower-case letters and digits in words with single dashes between them; a letter comes first.
    private static func isID(_ text: String) -> Bool {
        guard let first = text.utf8.first, (0x61...0x7A).contains(first), text.utf8.count <= 64 else { return false }
        return text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false).allSatisfy { word in
            !word.isEmpty && word.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
        }
    }
}
