// What detection returns: plain records that point into the scanned bytes.

/// Bytes that a rule accepts.
package struct Match: Sendable, Equatable {
    /// The rule's place in its `RuleSet`.
    package let rule: Int
    /// The secret value, as offsets into the scanned bytes.
    package let value: Range<Int>
    /// The name that the value is assigned to, where there is one.
    package let key: Range<Int>?
    package let verdict: Verdict

    package init(rule: Int, value: Range<Int>, key: Range<Int>? = nil, verdict: Verdict) {
        self.rule = rule
        self.value = value
        self.key = key
        self.verdict = verdict
    }
}
