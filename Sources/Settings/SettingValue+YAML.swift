// Values of parameters, as a person writes them in YAML.

package import Yams

extension YAMLReader {
    /// The value of a parameter: a text, a whole number, `true` or `false`, a list of texts, or names with texts.
    ///
    /// Only what would be written back in the same way is a number or a flag: `007`, `1e3` and `yes` are texts, and a
    /// text in quotes is one whatever it says.
    ///
    /// - Parameter name: for errors.
    package func value(_ node: Node, _ name: String) throws(ConfigurationError) -> SettingValue {
        if isNothing(node) {
            throw failure(node, "`\(name)` has no value; write one, or leave out the line")
        }
        if node.sequence != nil { return .list(try texts(node, name)) }
        if node.mapping != nil {
            var values: [SettingValue.Pair] = []
            for (key, value) in try pairs(node, "`\(name)`") {
                let key = try entry(key, name)
                values.append(SettingValue.Pair(key: key, value: try entry(value, "\(name).\(Self.shown(key))")))
            }
            return .map(values)
        }
        let text = try entry(node, name)
        guard node.scalar?.style == .plain else { return .text(text) }
        if let number = Int(text), String(number) == text { return .number(number) }
        if text == "true" || text == "false" { return .flag(text == "true") }
        return .text(text)
    }

    private func texts(_ node: Node, _ name: String) throws(ConfigurationError) -> [String] {
        var texts: [String] = []
        for item in try items(node, "`\(name)`") { texts.append(try entry(item, name)) }
        return texts
    }

    /// Of a list or a map: the scalar's own text.
    private func entry(_ node: Node, _ name: String) throws(ConfigurationError) -> String {
        guard let scalar = node.scalar, !isNothing(node) else {
            throw failure(node, "`\(name)` may hold texts, not lists or further keys in it")
        }
        // Lines of a script are an argument as good as any; other control characters are no typing.
        guard
            scalar.string.unicodeScalars.allSatisfy({
                $0 == "\n" || $0 == "\t" || $0.properties.generalCategory != .control
            })
        else { throw failure(node, "`\(name)` must not hold control characters") }
        return scalar.string
    }
}
