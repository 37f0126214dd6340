// What is known about a step, in words and numbers that may be published.

/// Names and small values that go into the state file: ids, versions, digests, counts, times. Never a secret, and
/// nothing that is derived from a live one.
package struct Facts: Sendable, Equatable {
    /// By name, which is written as lower-case words with dashes: `version-id`.
    package var values: [String: Fact]

    package init(_ values: [String: Fact] = [:]) { self.values = values }

    package var isEmpty: Bool { values.isEmpty }
    /// In the order in which they are written.
    package var names: [String] { values.keys.sorted() }

    package subscript(_ name: String) -> Fact? {
        get { values[name] }
        set { values[name] = newValue }
    }

    package func text(_ name: String) -> String? { if case .text(let text)? = values[name] { text } else { nil } }
    package func number(_ name: String) -> Int? { if case .number(let number)? = values[name] { number } else { nil } }
    package func flag(_ name: String) -> Bool? { if case .flag(let flag)? = values[name] { flag } else { nil } }
    package func list(_ name: String) -> [String]? { if case .list(let list)? = values[name] { list } else { nil } }
}

/// One fact.
package enum Fact: Sendable, Equatable {
    case text(String)
    case number(Int)
    case flag(Bool)
    case list([String])
}

extension Facts: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, Fact)...) {
        self.init(Dictionary(elements) { _, last in last })
    }
}

extension Fact: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral
{
    package init(stringLiteral value: String) { self = .text(value) }
    package init(integerLiteral value: Int) { self = .number(value) }
    package init(booleanLiteral value: Bool) { self = .flag(value) }
    package init(arrayLiteral elements: String...) { self = .list(elements) }
}
