// Rules, made ready to be searched for together.

/// The rules of a scan, in a fixed order, with their anchors joined.
package struct RuleSet: Sendable {
    package let rules: [Rule]
    /// Each distinct anchor once.
    let anchors: [AnchorEntry]
    /// Bytes of the longest anchor.
    let longestAnchor: Int

    /// One literal, and the rules that it speaks for.
    struct AnchorEntry: Sendable {
        let anchor: Anchor
        let length: Int
        let rules: [Int]
    }

    /// The rule under which secrets of no known kind are reported.
    package let genericRule: Int
    /// The rule under which connection strings of dotenv files are reported.
    package let connectionRule: Int

    /// - Parameter chosen: the rules to search for. Those that dotenv files are reported under are always there.
    package init(_ chosen: [Rule] = Rule.builtIn) {
        var rules = chosen
        func place(of rule: Rule) -> Int {
            if let place = rules.firstIndex(where: { $0.id == rule.id }) { return place }
            rules.append(rule)
            return rules.count - 1
        }
        genericRule = place(of: .genericAssignment)
        connectionRule = place(of: .dotenvConnectionString)
        self.rules = rules
        var places: [String: Int] = [:]
        var entries: [(anchor: Anchor, rules: [Int])] = []
        // Rules that are only there to report under are not searched for.
        for (index, rule) in chosen.enumerated() {
            for anchor in rule.anchors {
                let key = anchor.ignoresCase ? "i" + anchor.literal.lowercased() : "c" + anchor.literal
                if let place = places[key] {
                    if entries[place].rules.last != index { entries[place].rules.append(index) }
                } else {
                    places[key] = entries.count
                    entries.append((anchor, [index]))
                }
            }
        }
        anchors = entries.map {
            AnchorEntry(anchor: $0.anchor, length: $0.anchor.literal.utf8.count, rules: $0.rules)
        }
        longestAnchor = anchors.map(\.length).max() ?? 0
    }
}

extension Confirmation {
    /// Which of two overlapping matches tells more: the higher.
    var specificity: Int {
        switch self {
        case .expression, .privateKeyBlock: 3
        case .assigned: 2
        case .urlPassword: 1
        case .genericAssignment: 0
        }
    }
}
