// What may be shown of a secret value.

/// Values with everything secret hidden.
package enum Mask {
    /// Stands for the hidden part, whatever its length.
    package static let hidden = "********"
    /// A public part longer than this is not a name any more.
    private static let longestPublicPart = 64

    /// The value's public part, where its rule names one, and a fixed mark for the rest: nothing tells how long it is.
    package static func of(_ value: Span<UInt8>, _ rule: Rule) -> String {
        guard let range = rule.publicPart?(value), !range.isEmpty, range.lowerBound >= 0,
            range.upperBound <= value.count,
            range.count <= longestPublicPart
        else { return hidden }
        let shown = String(decoding: range.map { value[$0] }, as: UTF8.self)
        // An AWS key id is public whole: it names the key that its secret opens.
        if range == 0..<value.count { return shown }
        return (range.lowerBound == 0 ? "" : hidden) + shown + hidden
    }
}
