// The keys of `.npmrc`, which open with the address of a registry: `//registry.host.io/:_authToken=…`.

extension AssignmentReader {
    /// The address before a name, as far as it matters.
    struct RegistryAddress {
        /// Where its `//` stands.
        let start: Int
        /// The quote before it, 0 for none.
        let quote: UInt8
    }

    /// The address of a registry that ends in `/:` right before the name; nil when something else stands there.
    func registryAddress(_ bytes: Span<UInt8>) -> RegistryAddress? {
        let end = name.range.lowerBound
        guard end >= 2, bytes[end - 1] == UInt8(ascii: ":"), bytes[end - 2] == UInt8(ascii: "/") else { return nil }
        var index = end - 1
        let limit = max(1, end - Assignment.addressLimit)
        while index > limit {
            index -= 1
            if bytes[index] == UInt8(ascii: "/"), bytes[index - 1] == UInt8(ascii: "/") {
                let before = index > 1 ? bytes[index - 2] : 0
                return RegistryAddress(start: index - 1, quote: "\"'`".utf8.contains(before) ? before : 0)
            }
            guard bytes[index].isAlphanumeric || "-._~/:%@[]".utf8.contains(bytes[index]) else { return nil }
        }
        return nil
    }

    /// `//host/:_authToken = …`, `echo "//host/:_authToken=…"`, `npm config set //host/:_password …`.
    mutating func readRegistryKey(_ bytes: Span<UInt8>, _ address: RegistryAddress) -> Assignment.Parsed? {
        // `"//host/:_authToken": "…"`.
        let isQuoted = address.quote != 0 && byte(bytes) == address.quote
        if isQuoted { move(to: placeOfValue + 1) }
        let gap = skipBlanks(bytes, 64)
        let operation: Assignment.Operator
        switch (Unicode.Scalar(byte(bytes)), Unicode.Scalar(next(bytes))) {
        case ("=", "="), ("=", ">"): return nil
        case ("=", _): operation = .assignment
        case (":", _) where isQuoted: operation = .mapping
        default:
            guard gap > 0, follows(bytes, "set ", before: address.start) else { return nil }
            operation = .space
        }
        if operation != .space { move(to: placeOfValue + 1) }
        skipBlanks(bytes, 64)
        if let value = readQuoted(bytes) { return parsed(bytes, value, isQuoted: true, operation) }
        let value = placeOfValue..<endInString(bytes, address.quote)
        // `_password` is base64, which may open with a slash; a path is not expected here.
        if value.count >= 8, byte(bytes) == UInt8(ascii: "/") {
            return parsed(bytes, value, isQuoted: false, operation)
        }
        return plain(bytes, value, operation)
    }
}
