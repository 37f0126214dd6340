// What files that configure a deployment say about one environment variable.

import JSON

/// A variable as a file sets it.
struct EnvironmentEntry: Sendable, Equatable {
    enum Value: Sendable, Equatable {
        case text(String)
        /// It comes from elsewhere at run time: a parameter store, a secret. Not to be seen in the file.
        case elsewhere
    }

    /// From 1.
    var line: Int
    var value: Value
}

enum EnvironmentEntries {
    /// Every place where the file sets the variable, in order. JSON (task definitions) is read as such; everything else
    /// (dotenv and unit files, YAML with or without templates, Terraform, shell) line by line.
    static func of(_ variable: String, in bytes: [UInt8], path: String) -> [EnvironmentEntry] {
        if path.hasSuffix(".json"), let document = try? JSONDocument(parsing: bytes) {
            var found: [EnvironmentEntry] = []
            collect(variable, document.root, bytes, &found)
            return found.sorted { $0.line < $1.line }
        }
        return LineReader(variable: variable, text: String(decoding: bytes, as: UTF8.self)).entries()
    }

    // MARK: JSON

    private static func collect(
        _ variable: String, _ value: JSONValue, _ bytes: [UInt8], _ found: inout [EnvironmentEntry]
    ) {
        func line(_ value: JSONValue) -> Int { 1 + bytes[..<value.range.lowerBound].count { $0 == 0x0A } }
        switch value.kind {
        case .object:
            func member(_ names: String...) -> JSONValue? { names.lazy.compactMap { value[$0] }.first }
            if member("name", "Name", "key", "Key")?.string == variable {
                if let text = member("value", "Value"), let string = text.string {
                    found.append(EnvironmentEntry(line: line(text), value: .text(string)))
                } else if let other = member("valueFrom", "ValueFrom") {
                    found.append(EnvironmentEntry(line: line(other), value: .elsewhere))
                }
            }
            for (key, inner) in value.members {
                if key == variable {
                    let string = inner.string
                    found.append(
                        EnvironmentEntry(line: line(inner), value: string.map { .text($0) } ?? .elsewhere))
                } else {
                    collect(variable, inner, bytes, &found)
                }
            }
        case .array:
            for inner in value.elements {
                // Compose files may be JSON as well: `"NAME=value"`.
                if let text = inner.string, text.hasPrefix(variable + "=") {
                    found.append(
                        EnvironmentEntry(line: line(inner), value: .text(String(text.dropFirst(variable.count + 1)))))
                }
                collect(variable, inner, bytes, &found)
            }
        case .string, .number, .boolean, .null: break
        }
    }
}

/// Reads `NAME=value`, `NAME: value`, `ENV NAME value`, and a name and its value on two lines of a list.
private struct LineReader {
    let variable: String
    let lines: [Substring]

    /// How far from its name a value may stand.
    private static let nearness = 3
    private static let quotes: Set<Character> = ["\"", "'"]

    init(variable: String, text: String) {
        self.variable = variable
        lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
    }

    func entries() -> [EnvironmentEntry] {
        var found: [EnvironmentEntry] = []
        for (number, line) in lines.enumerated() {
            let text = line.drop { $0 == " " || $0 == "\t" }
            guard !["#", "//", ";"].contains(where: { text.hasPrefix($0) }) else { continue }
            for range in text.ranges(of: variable) where isWord(range, in: text) {
                if let entry = entry(text[..<range.lowerBound], text[range.upperBound...], number) {
                    found.append(entry)
                }
            }
        }
        return found
    }

    private func isWord(_ range: Range<Substring.Index>, in text: Substring) -> Bool {
        func goesOn(_ character: Character?) -> Bool {
            character.map { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "$" || $0 == "{" } ?? false
        }
        return !goesOn(text[..<range.lowerBound].last)
            && !(text[range.upperBound...].first.map { $0.isLetter || $0.isNumber || $0 == "_" } ?? false)
    }

    private func entry(_ before: Substring, _ after: Substring, _ number: Int) -> EnvironmentEntry? {
        var rest = after
        if let quote = rest.first, Self.quotes.contains(quote), before.last == quote { rest = rest.dropFirst() }
        rest = rest.drop { $0 == " " || $0 == "\t" }
        // A name in a list of names and values.
        if isName(before) { return valueNearby(rest, number) }
        if let sign = rest.first, sign == "=" || sign == ":" {
            // `:=` and `?=` are other languages' ways.
            rest = rest.dropFirst().drop { $0 == " " || $0 == "\t" }
            return EnvironmentEntry(line: number + 1, value: Self.value(rest, closing: before.last))
        }
        let words = before.split(separator: " ")
        guard words.last?.uppercased() == "ENV", !rest.isEmpty else { return nil }
        return EnvironmentEntry(line: number + 1, value: Self.value(rest, closing: nil))
    }

    /// Whether what stands before is `name:`, `name =`, `"name": "`.
    private func isName(_ before: Substring) -> Bool {
        let text = before.filter { !$0.isWhitespace && !Self.quotes.contains($0) }.lowercased()
        return ["name:", "name=", "key:", "key="].contains { text.hasSuffix($0) }
    }

    /// The value that belongs to a name: on the same line, or on one close by in the same item.
    private func valueNearby(_ rest: Substring, _ number: Int) -> EnvironmentEntry? {
        if let value = Self.named(rest) { return EnvironmentEntry(line: number + 1, value: value) }
        func startsItem(_ line: Substring) -> Bool {
            let text = line.drop { $0.isWhitespace }
            return text.hasPrefix("- ") || text.hasPrefix("}") || text.hasPrefix("env {")
        }
        for next in (number + 1)..<(number + 1 + Self.nearness) where next < lines.count {
            if startsItem(lines[next]) { break }
            if let value = Self.named(lines[next]) { return EnvironmentEntry(line: next + 1, value: value) }
            if Self.named(lines[next], "valueFrom", "value_from") != nil || lines[next].contains("valueFrom:") {
                return EnvironmentEntry(line: next + 1, value: .elsewhere)
            }
        }
        // `- value: x`, then `name: NAME`.
        if number > 0, !startsItem(lines[number]), let value = Self.named(lines[number - 1]) {
            return EnvironmentEntry(line: number, value: value)
        }
        return nil
    }

    /// What a line says after `value:` or `value =`.
    private static func named(_ line: Substring, _ names: String...) -> EnvironmentEntry.Value? {
        for name in names.isEmpty ? ["value", "Value"] : names {
            for range in line.ranges(of: name) {
                let before = line[..<range.lowerBound].last
                guard before.map({ !$0.isLetter && !$0.isNumber && $0 != "_" }) ?? true else { continue }
                var rest = line[range.upperBound...]
                if let quote = rest.first, quotes.contains(quote) { rest = rest.dropFirst() }
                rest = rest.drop { $0 == " " || $0 == "\t" }
                guard let sign = rest.first, sign == ":" || sign == "=" else { continue }
                return value(rest.dropFirst().drop { $0 == " " || $0 == "\t" }, closing: nil)
            }
        }
        return nil
    }

    /// What is set, without quotes and comment.
    /// - Parameter closing: what stood before the name: a quote that goes around name and value together.
    private static func value(_ text: Substring, closing: Character?) -> EnvironmentEntry.Value {
        if let quote = text.first, quotes.contains(quote) {
            return .text(String(text.dropFirst().prefix { $0 != quote }))
        }
        let around = closing.flatMap { quotes.contains($0) ? $0 : nil }
        return .text(
            String(
                text.prefix {
                    $0 != around && (around != nil || !$0.isWhitespace) && $0 != "," && $0 != ";" && $0 != "}"
                }))
    }
}
