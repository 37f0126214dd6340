// Whether a parameter's value is one that its kind of step takes.

import Settings

/// Checks the parameters of one kind of step, wherever they are written.
struct ParameterCheck {
    /// Of the file, for errors.
    let path: String
    let kind: KindDescription

    @discardableResult
    func requireKnown(_ name: String, line: Int) throws(ConfigurationError) -> ParameterDeclaration {
        if let declaration = kind.parameters.first(where: { $0.name == name }) { return declaration }
        let known = kind.parameters.map(\.name)
        let advice: String
        if known.isEmpty {
            advice = "it takes none"
        } else if let meant = NearestName.of(name, among: known) {
            advice = "did you mean `\(meant)`?"
        } else {
            advice = "it takes \(ChecklistFile.names(known))"
        }
        throw failure(line, "the kind `\(kind.name)` takes no parameter `\(YAMLReader.shown(name))`; \(advice)")
    }

    /// The value as the declared kind has it: what YAML takes for a number or a flag may be meant as a text, and one
    /// text as a list of one.
    func checked(
        _ value: SettingValue, of name: String, line: Int
    ) throws(ConfigurationError) -> SettingValue {
        let declaration = try requireKnown(name, line: line)
        switch declaration.kind {
        case .text:
            guard let text = Self.text(value), !text.isEmpty else { throw failure(line, "`\(name)` must be a text") }
            guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
                throw failure(line, "`\(name)` must be one line")
            }
            return .text(try choice(text, declaration, line))
        case .number:
            guard case .number(let number) = value else { throw failure(line, "`\(name)` must be a whole number") }
            guard declaration.range?.contains(number) ?? true else {
                let range = declaration.range.map { "from \($0.lowerBound) to \($0.upperBound)" } ?? ""
                throw failure(line, "`\(name)` must be \(range), not \(number)")
            }
            return value
        case .flag:
            guard case .flag = value else { throw failure(line, "`\(name)` must be true or false") }
            return value
        case .list:
            let texts: [String]
            switch value {
            case .list(let list): texts = list
            default:
                guard let text = Self.text(value) else { throw failure(line, "`\(name)` must be a list of texts") }
                texts = [text]
            }
            for text in texts { _ = try choice(text, declaration, line) }
            return .list(texts)
        case .map:
            guard case .map = value else { throw failure(line, "`\(name)` must hold `name: text` lines") }
            return value
        }
    }

    private func choice(
        _ text: String, _ declaration: ParameterDeclaration, _ line: Int
    ) throws(ConfigurationError) -> String {
        guard declaration.choices.isEmpty || declaration.choices.contains(text) else {
            let meant = NearestName.of(text, among: declaration.choices).map { "; did you mean `\($0)`?" } ?? ""
            throw failure(
                line, "`\(declaration.name)` takes one of \(ChecklistFile.names(declaration.choices))" + meant)
        }
        return text
    }

    /// Of a single value, as it was written.
    private static func text(_ value: SettingValue) -> String? {
        switch value {
        case .text(let text): text
        case .number(let number): String(number)
        case .flag(let flag): String(flag)
        case .list, .map: nil
        }
    }

    private func failure(_ line: Int, _ reason: String) -> ConfigurationError {
        ConfigurationError(path: path, line: line, reason: reason)
    }
}
