// `.migrate/config.yml`: which checklist a team goes through, and with which parameters.

import Yams

/// A checklist, by name.
package struct ChecklistReference: Sendable, Equatable {
    /// The id of a built-in one, or the path of a file from the root on.
    package var name: String
    /// In the settings file, from 1.
    package var line: Int

    package init(name: String, line: Int) {
        self.name = name
        self.line = line
    }

    /// Whether a name means a file: it ends in `.yml` or `.yaml`.
    package static func isFile(_ name: String) -> Bool { name.hasSuffix(".yml") || name.hasSuffix(".yaml") }
}

extension ConfigurationReader {
    /// Takes one pair of the file if it is about the checklist.
    mutating func readChecklist(_ key: Node, _ value: Node) throws(ConfigurationError) -> Bool {
        switch key.scalar?.string {
        case "checklist":
            let name = try yaml.text(value, "checklist")
            let isFile = ChecklistReference.isFile(name)
            // What a repository brings along must not make its reader open other files of theirs.
            let isOutside = name.hasPrefix("/") || name.split(separator: "/").contains("..")
            guard isFile ? !isOutside : !name.contains("/") else {
                throw yaml.failure(
                    value,
                    "`checklist` takes the id of a built-in checklist, or a path from the root on that ends in .yml")
            }
            configuration.checklist = ChecklistReference(name: name, line: yaml.line(value))
        case "steps":
            if yaml.isNothing(value) { return true }
            for (id, parameters) in try yaml.pairs(value, "`steps`") { try readStep(id, parameters) }
        case "sendgrid":
            for (key, value) in try yaml.pairs(value, "`sendgrid`") {
                guard key.scalar?.string == "region" else {
                    throw yaml.unknownKey(key, prefix: "sendgrid.", known: ["region"])
                }
                guard let region = value.scalar.flatMap({ SendGridSettings.Region(rawValue: $0.string) }) else {
                    throw yaml.failure(value, "`sendgrid.region` must be `global` or `eu`")
                }
                configuration.sendGrid.region = region
            }
        default: return false
        }
        return true
    }

    /// Which steps and parameters there are is for the checklist to say.
    private mutating func readStep(_ key: Node, _ node: Node) throws(ConfigurationError) {
        let id = try yaml.text(key, "steps")
        var step = StepSettings(id: id, line: yaml.line(key), entries: [])
        // All lines below it are comments.
        let pairs = yaml.isNothing(node) ? [] : try yaml.pairs(node, "`steps.\(YAMLReader.shown(id))`")
        for (key, value) in pairs {
            let name = try yaml.text(key, "steps.\(YAMLReader.shown(id))")
            let full = "steps.\(YAMLReader.shown(id)).\(YAMLReader.shown(name))"
            step.entries.append(.init(name: name, value: try yaml.value(value, full), line: yaml.line(key)))
        }
        configuration.steps.append(step)
    }
}
