// What a step is told by its checklist, and by `steps:` in the settings, which comes first.

package import Settings

/// The values of a step's parameters, by name.
package struct StepParameters: Sendable, Equatable {
    package var values: [String: SettingValue]

    package init(_ values: [String: SettingValue] = [:]) { self.values = values }

    package func text(_ name: String) -> String? { if case .text(let text)? = values[name] { text } else { nil } }
    package func number(_ name: String) -> Int? { if case .number(let number)? = values[name] { number } else { nil } }
    package func flag(_ name: String) -> Bool? { if case .flag(let flag)? = values[name] { flag } else { nil } }
    /// A single text counts as a list of one.
    package func list(_ name: String) -> [String]? {
        switch values[name] {
        case .list(let list)?: list
        case .text(let text)?: [text]
        default: nil
        }
    }
    /// In the order of the file.
    package func map(_ name: String) -> [(key: String, value: String)]? {
        if case .map(let pairs)? = values[name] { pairs.map { ($0.key, $0.value) } } else { nil }
    }
}

/// A parameter that a kind of step takes.
package struct ParameterDeclaration: Sendable {
    package enum Kind: String, Sendable { case text, number, flag, list, map }

    package var name: String
    package var kind: Kind
    package var isRequired: Bool
    /// What it means, its unit, its default: one sentence for the settings file and the documentation.
    package var about: String
    /// The only texts that are allowed; empty for any.
    package var choices: [String]
    /// For numbers.
    package var range: ClosedRange<Int>?

    package init(
        _ name: String, _ kind: Kind, isRequired: Bool = false, choices: [String] = [], range: ClosedRange<Int>? = nil,
        about: String
    ) {
        self.name = name
        self.kind = kind
        self.isRequired = isRequired
        self.choices = choices
        self.range = range
        self.about = about
    }
}

/// What a checklist's file is checked against: the name of a kind of step, and the parameters it takes.
package struct KindDescription: Sendable {
    package var name: String
    /// What it does, in one sentence.
    package var about: String
    package var parameters: [ParameterDeclaration]

    package init(name: String, about: String, parameters: [ParameterDeclaration] = []) {
        self.name = name
        self.about = about
        self.parameters = parameters
    }
}
