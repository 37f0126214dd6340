// What follows a name: the operator and the value.

/// Reads from the end of a name to the end of its value.
struct AssignmentReader {
    let name: Assignment.Name
    private var position: Int

    init(_ name: Assignment.Name) {
        self.name = name
        position = name.end
    }

    mutating func read(_ bytes: Span<UInt8>) -> Assignment.Parsed? {
        if let address = registryAddress(bytes) { return readRegistryKey(bytes, address) }
        if let markup = readMarkup(bytes) ?? readNamedValue(bytes) ?? readVariable(bytes) { return markup }
        // `config["password"]`, `getenv("PASSWORD")`, `password?:`, `password!`.
        var isSubscript = false
        var isCall = false
        if name.isQuoted {
            if byte(bytes) == UInt8(ascii: "]") { isSubscript = true; position += 1 }
            if byte(bytes) == UInt8(ascii: ")") { isCall = true; position += 1 }
        } else if byte(bytes) == UInt8(ascii: "?"), next(bytes) == UInt8(ascii: ":") {
            position += 1
        } else if byte(bytes) == UInt8(ascii: "[") {
            // `char password[32] = "…"`.
            var index = position + 1
            while index < bytes.count, index - position < 16, bytes[index].isDigit { index += 1 }
            guard index < bytes.count, bytes[index] == UInt8(ascii: "]") else { return nil }
            position = index + 1
        }
        let gap = skipBlanks(bytes, 64)
        guard position < bytes.count else { return nil }
        guard let operation = readOperator(bytes, gap: gap, isAccess: isSubscript || isCall) else {
            return isCall || isSubscript ? nil : readSpaced(bytes, gap: gap)
        }
        // A call's result is not assigned to.
        if isCall, operation == .assignment || operation == .mapping { return nil }
        return readValue(bytes, operation, gap: gap)
    }

    var placeOfValue: Int { position }

    mutating func move(to place: Int) { position = place }

    func byte(_ bytes: Span<UInt8>) -> UInt8 { position < bytes.count ? bytes[position] : 0 }
    func next(_ bytes: Span<UInt8>) -> UInt8 { position + 1 < bytes.count ? bytes[position + 1] : 0 }

    @discardableResult
    mutating func skipBlanks(_ bytes: Span<UInt8>, _ limit: Int) -> Int {
        let start = position
        while position < bytes.count, position - start < limit, bytes[position].isBlank { position += 1 }
        return position - start
    }

    // MARK: - Operators

    private mutating func readOperator(_ bytes: Span<UInt8>, gap: Int, isAccess: Bool) -> Assignment.Operator? {
        let third = position + 2 < bytes.count ? bytes[position + 2] : 0
        switch (Unicode.Scalar(byte(bytes)), Unicode.Scalar(next(bytes))) {
        case ("=", "="), ("!", "="):
            position += third == UInt8(ascii: "=") ? 3 : 2
            return .comparison
        case ("=", ">"):
            position += 2
            return .mapping
        case ("=", "~"): return nil
        case ("=", _):
            position += 1
            return .assignment
        case (":", "="), ("?", "="), ("+", "="), ("<", "-"):
            position += 2
            return .assignment
        case (":", ":"): return nil
        case (":", _):
            position += 1
            return .mapping
        case ("|", "|"), ("?", "?"), ("?", ":"):
            position += third == UInt8(ascii: "=") ? 3 : 2
            return .fallback
        case ("(", _):
            guard gap == 0, !name.isQuoted else { return nil }
            position += 1
            return .argument
        case (",", _):
            guard name.isQuoted, !isAccess, opensArguments(bytes) else { return nil }
            position += 1
            return .argument
        case ("o", "r"):
            guard isAccess, third == UInt8(ascii: " ") else { return nil }
            position += 3
            return .fallback
        default: return nil
        }
    }

    /// The quoted name is the first argument of a call or the first of a pair in braces.
    private func opensArguments(_ bytes: Span<UInt8>) -> Bool {
        var index = name.range.lowerBound - 2
        while index > 0, bytes[index].isBlank, name.range.lowerBound - index < 16 { index -= 1 }
        return index >= 0 && (bytes[index] == UInt8(ascii: "(") || bytes[index] == UInt8(ascii: "{"))
    }

    // MARK: - Values

    private mutating func readValue(_ bytes: Span<UInt8>, _ operation: Assignment.Operator, gap: Int) -> Assignment
        .Parsed?
    {
        let spaceAfter = skipBlanks(bytes, 64)
        skipToNextLine(bytes)
        if operation == .argument, bytes.matches("default", at: position) {
            // `config("PASSWORD", default="…")`.
            position += 7
            skipBlanks(bytes, 2)
            guard byte(bytes) == UInt8(ascii: "=") || byte(bytes) == UInt8(ascii: ":") else { return nil }
            position += 1
            skipBlanks(bytes, 2)
        }
        if let value = readQuoted(bytes) { return parsed(bytes, value, isQuoted: true, operation) }
        if operation == .mapping, !name.isQuoted {
            let start = position
            if skipType(bytes), let value = readQuoted(bytes) {
                return parsed(bytes, value, isQuoted: true, .assignment)
            }
            position = start
        }
        if skipWrapper(bytes), let value = readQuoted(bytes) { return parsed(bytes, value, isQuoted: true, operation) }
        guard operation == .assignment || operation == .mapping else { return nil }
        return readUnquoted(bytes, operation, gap: gap, spaceAfter: spaceAfter)
    }

    /// The result, without the scheme of an authorization header before the value.
    func parsed(
        _ bytes: Span<UInt8>, _ value: Range<Int>, isQuoted: Bool, _ operation: Assignment.Operator
    ) -> Assignment.Parsed? {
        var start = value.lowerBound
        for scheme in ["bearer ", "basic ", "token "] as [StaticString] where bytes.matches(scheme, at: start) {
            start = min(start + scheme.utf8CodeUnitCount, value.upperBound)
        }
        guard start < value.upperBound else { return nil }
        return Assignment.Parsed(
            key: name.range, value: start..<value.upperBound, isQuoted: isQuoted, operation: operation)
    }

    /// One line end before a quoted value, as formatters break long lines.
    private mutating func skipToNextLine(_ bytes: Span<UInt8>) {
        var index = position
        guard index < bytes.count, bytes[index].isLineEnd || bytes[index] == UInt8(ascii: "\\") else { return }
        if bytes[index] == UInt8(ascii: "\\") { index += 1 }
        if index < bytes.count, bytes[index] == 0x0D { index += 1 }
        guard index < bytes.count, bytes[index] == 0x0A else { return }
        index += 1
        let start = index
        while index < bytes.count, index - start < 64, bytes[index].isBlank { index += 1 }
        guard index > start, index < bytes.count,
            bytes[index] == UInt8(ascii: "\"") || bytes[index] == UInt8(ascii: "'")
        else { return }
        // A quoted text with a colon after it is the next name of a mapping.
        position = index
    }

    /// The text inside quotes at the position, its prefix (`b`, `r`, `u`, `f`, `L`, `@`, `$`, `N`, `r#`) aside.
    mutating func readQuoted(_ bytes: Span<UInt8>) -> Range<Int>? {
        var index = position
        while index < bytes.count, index - position < 3, "bBrRuUfFLN@$#".utf8.contains(bytes[index]) { index += 1 }
        guard index < bytes.count else { return nil }
        var isEscaped = false
        if bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.count {
            isEscaped = true
            index += 1
        }
        let quote = bytes[index]
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") || quote == UInt8(ascii: "`") else {
            return nil
        }
        // The quote that ends the string around the name opens no value.
        if name.quote == quote, !name.isQuoted, !isEscaped { return nil }
        index += 1
        // Three quotes: the text is between them.
        let isTriple = index + 1 < bytes.count && bytes[index] == quote && bytes[index + 1] == quote
        if isTriple { index += 2 }
        let start = index
        let limit = min(bytes.count, start + Assignment.valueLimit)
        while index < limit {
            let byte = bytes[index]
            if byte.isLineEnd { return nil }
            if byte == UInt8(ascii: "\\") {
                if isEscaped, index + 1 < limit, bytes[index + 1] == quote { break }
                index += 2
                continue
            }
            if byte == quote { break }
            index += 1
        }
        guard index < limit else { return nil }
        position = index + (isEscaped ? 2 : isTriple ? 3 : 1)
        return start..<index
    }

    /// Steps over a type between `:` and `=`: `: Optional[String] = "…"`.
    private mutating func skipType(_ bytes: Span<UInt8>) -> Bool {
        guard byte(bytes).isLetter || byte(bytes) == UInt8(ascii: "&") || byte(bytes) == UInt8(ascii: "[") else {
            return false
        }
        var index = position
        while index < bytes.count, index - position < 48 {
            let byte = bytes[index]
            if byte == UInt8(ascii: "=") {
                guard index + 1 < bytes.count, bytes[index + 1] != UInt8(ascii: "="),
                    bytes[index + 1] != UInt8(ascii: ">")
                else { return false }
                position = index + 1
                skipBlanks(bytes, 16)
                return true
            }
            guard byte.isAlphanumeric || "_.<>&'?!*[]| ,:".utf8.contains(byte) else { return false }
            index += 1
        }
        return false
    }

    private static let wrappers = WordSet(
        """
        string new secretstr secretstring some ok bytes str of from create valueof value secret securestring text
        protectedstring sensitive nonsensitive unicode decode b64decode frombase64string atob buffer.from string.from
        string.init data std.string to_string cstring
        """)

    /// Steps over a call that only wraps a text: `SecretStr("…")`, `String::from("…")`, `new String("…")`.
    private mutating func skipWrapper(_ bytes: Span<UInt8>) -> Bool {
        var index = position
        for command in ["convertto-securestring -string ", "convertto-securestring "] as [StaticString]
        where bytes.matches(command, at: position) {
            position += command.utf8CodeUnitCount
            return true
        }
        if bytes.matches("new ", at: index) { index += 4 }
        var start = index
        while index < bytes.count, index - position < 40,
            bytes[index].isAlphanumeric || "_.:!".utf8.contains(bytes[index])
        {
            if bytes[index] == UInt8(ascii: ".") || bytes[index] == UInt8(ascii: ":") { start = index + 1 }
            index += 1
        }
        guard index < bytes.count, bytes[index] == UInt8(ascii: "("), start < index,
            Self.wrappers.contains(bytes.extracting(start..<index))
        else { return false }
        position = index + 1
        skipBlanks(bytes, 4)
        return true
    }
}
