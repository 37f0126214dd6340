// Kinds of steps with parameters of every sort, and checklists made of them.

import Checklist
import Settings

/// A kind for each thing that a file can get wrong.
enum SampleKinds {
    static let all = [
        KindDescription(name: "plain", about: "Takes nothing."),
        KindDescription(
            name: "store-values", about: "Takes all sorts.",
            parameters: [
                ParameterDeclaration("description", .text, about: "A text."),
                ParameterDeclaration("colour", .text, choices: ["red", "green"], about: "A choice."),
                ParameterDeclaration("seconds", .number, range: 1...60, about: "A number."),
                ParameterDeclaration("strict", .flag, about: "A flag."),
                ParameterDeclaration("files", .list, about: "A list."),
                ParameterDeclaration("tags", .map, about: "A map."),
            ]),
        KindDescription(
            name: "run-command", about: "Must be told what.",
            parameters: [ParameterDeclaration("run", .list, isRequired: true, about: "The command and its arguments.")]),
    ]
}

/// Parses lines as a checklist with these steps; `steps:` stands in line 4.
func checklist(_ steps: String) throws -> Checklist {
    try parse("id: sample\ntitle: Sample\nabout: For tests.\nsteps:\n" + steps)
}

func parse(_ text: String) throws -> Checklist {
    try ChecklistFile.parse(Array(text.utf8), path: "team.yml", kinds: SampleKinds.all)
}

/// `- {id: …, kind: plain, title: …}` in one line, with the needs.
func plainStep(_ id: String, needs: String? = nil, emergency: String? = nil) -> String {
    var line = "  - {id: \(id), kind: plain, title: T"
    if let needs { line += ", needs: [\(needs)]" }
    if let emergency { line += ", emergency-needs: [\(emergency)]" }
    return line + "}\n"
}
