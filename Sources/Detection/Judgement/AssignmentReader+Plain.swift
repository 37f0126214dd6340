// Values without quotes, after markup, after a blank, and in lines of configuration.

extension AssignmentReader {
    /// `<password>…</password>`, `key="password" value="…"`, `<key>password</key><string>…</string>`.
    mutating func readMarkup(_ bytes: Span<UInt8>) -> Assignment.Parsed? {
        let before = name.range.lowerBound > 0 ? bytes[name.range.lowerBound - 1] : 0
        if before == UInt8(ascii: "<") || (before == UInt8(ascii: ":") && byte(bytes) == UInt8(ascii: ">")) {
            guard let start = endOfTag(bytes, from: name.end) else { return nil }
            return readText(bytes, from: start)
        }
        if before == UInt8(ascii: ">"), bytes.matches("</key>", at: name.end) || bytes.matches("</name>", at: name.end)
        {
            return readText(
                bytes, from: tag(bytes, "<string>", from: name.end + 6) ?? tag(bytes, "<value>", from: name.end + 6))
        }
        guard name.isQuoted, !name.isEscaped else { return nil }
        var index = name.end
        while index < bytes.count, index - name.end < 8, bytes[index].isBlank { index += 1 }
        if index > name.end, bytes.matches("value", at: index) {
            index += 5
            while index < bytes.count, index - name.end < 32, bytes[index].isBlank { index += 1 }
            guard index < bytes.count, bytes[index] == UInt8(ascii: "=") else { return nil }
            return readAttribute(bytes, from: index + 1)
        }
        if index < bytes.count, bytes[index] == UInt8(ascii: ">"), isAttribute(bytes) {
            return readText(bytes, from: tag(bytes, "<value>", from: index + 1) ?? index + 1)
        }
        // `name="Password" serializeAs="String"><value>…`, `name="Password" type="x" value="…"`.
        guard index > name.end, isAttribute(bytes) else { return nil }
        var place = index
        while place < bytes.count, place - index < 100, !bytes[place].isLineEnd, bytes[place] != UInt8(ascii: "<") {
            if bytes[place] == UInt8(ascii: ">") {
                return readText(bytes, from: tag(bytes, "<value>", from: place + 1))
            }
            if bytes[place].isBlank, bytes.matches("value=", at: place + 1) {
                return readAttribute(bytes, from: place + 7)
            }
            place += 1
        }
        return nil
    }

    /// The quoted name is the value of an attribute: `name="password"`.
    private func isAttribute(_ bytes: Span<UInt8>) -> Bool {
        name.range.lowerBound >= 2 && bytes[name.range.lowerBound - 2] == UInt8(ascii: "=")
    }

    private func endOfTag(_ bytes: Span<UInt8>, from start: Int) -> Int? {
        var index = start
        while index < bytes.count, index - start < 100 {
            if bytes[index] == UInt8(ascii: ">") {
                return bytes[index - 1] == UInt8(ascii: "/") ? nil : index + 1
            }
            if bytes[index].isLineEnd || bytes[index] == UInt8(ascii: "<") { return nil }
            index += 1
        }
        return nil
    }

    /// The end of `literal` when nothing but white space stands before it.
    private func tag(_ bytes: Span<UInt8>, _ literal: StaticString, from start: Int) -> Int? {
        var index = start
        while index < bytes.count, index - start < 64,
            bytes[index].isBlank || bytes[index].isLineEnd || bytes[index] == UInt8(ascii: ">")
        {
            index += 1
        }
        return bytes.matches(literal, at: index) ? index + literal.utf8CodeUnitCount : nil
    }

    private func readText(_ bytes: Span<UInt8>, from start: Int?) -> Assignment.Parsed? {
        guard var start else { return nil }
        if bytes.matches("<![cdata[", at: start) { start += 9 }
        var index = start
        let limit = min(bytes.count, start + Assignment.valueLimit)
        while index < limit, bytes[index] != UInt8(ascii: "<"), bytes[index] != UInt8(ascii: "]"),
            !bytes[index].isLineEnd
        {
            index += 1
        }
        guard index < limit, bytes[index] == UInt8(ascii: "<") || bytes[index] == UInt8(ascii: "]") else { return nil }
        return parsed(bytes, start..<index, isQuoted: true, .markup)
    }

    private func readAttribute(_ bytes: Span<UInt8>, from start: Int) -> Assignment.Parsed? {
        var index = start
        while index < bytes.count, bytes[index].isBlank, index - start < 8 { index += 1 }
        guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") || bytes[index] == UInt8(ascii: "'") else {
            return nil
        }
        let quote = bytes[index]
        let first = index + 1
        let limit = min(bytes.count, first + Assignment.valueLimit)
        index = first
        while index < limit, bytes[index] != quote, !bytes[index].isLineEnd { index += 1 }
        guard index < limit, bytes[index] == quote else { return nil }
        return parsed(bytes, first..<index, isQuoted: true, .markup)
    }

    /// `--password value`, `ENV PASSWORD value`, `password 'value'`, `password string = "value"`.
    mutating func readSpaced(_ bytes: Span<UInt8>, gap: Int) -> Assignment.Parsed? {
        guard gap > 0, !name.isQuoted else { return nil }
        // `pass` is a statement of Python and a verb.
        let isVerb = !name.isFlag && bytes.extracting(name.range).reads("pass")
        if !isVerb, let value = readQuoted(bytes) { return parsed(bytes, value, isQuoted: true, .space) }
        let start = placeOfValue
        if skipDeclaration(bytes), let value = readQuoted(bytes) {
            return parsed(bytes, value, isQuoted: true, .assignment)
        }
        move(to: start)
        let opening = lineOpening(bytes)
        guard name.isFlag || opening.isCommand || opening.isBlank || follows(bytes, "login ") else { return nil }
        let end = endOfWord(bytes)
        if opening.isBlank, !name.isFlag, !restIsBlank(bytes, from: end) { return nil }
        return plain(bytes, placeOfValue..<end, .space)
    }

    /// `string = `, `As String = `: a type after the name.
    private mutating func skipDeclaration(_ bytes: Span<UInt8>) -> Bool {
        var index = placeOfValue
        let limit = min(bytes.count, index + 32)
        while index < limit, bytes[index].isAlphanumeric || bytes[index].isBlank || bytes[index] == UInt8(ascii: "*") {
            index += 1
        }
        guard index < limit, index > placeOfValue, bytes[index] == UInt8(ascii: "="), index + 1 < bytes.count,
            bytes[index + 1] != UInt8(ascii: "=")
        else { return false }
        move(to: index + 1)
        skipBlanks(bytes, 16)
        return true
    }

    /// A value of INI, YAML, shell, properties and connection strings.
    mutating func readUnquoted(
        _ bytes: Span<UInt8>, _ operation: Assignment.Operator, gap: Int, spaceAfter: Int
    ) -> Assignment.Parsed? {
        guard placeOfValue < bytes.count, !bytes[placeOfValue].isLineEnd else { return nil }
        // Inside a string: `"Server=x;Password=y;"`, `"X-Api-Key: y"`.
        if name.quote != 0, !name.isQuoted {
            for scheme in ["bearer ", "basic ", "token "] as [StaticString]
            where bytes.matches(scheme, at: placeOfValue) {
                move(to: placeOfValue + scheme.utf8CodeUnitCount)
            }
            return plain(bytes, placeOfValue..<endInString(bytes, name.quote), operation)
        }
        if name.isQuoted { return nil }
        let before = name.range.lowerBound > 0 ? bytes[name.range.lowerBound - 1] : 0
        let opening = lineOpening(bytes)
        if operation == .assignment, !opening.isCommand, gap == 0, spaceAfter == 0, ";?&".utf8.contains(before) {
            return plain(bytes, placeOfValue..<endInString(bytes, 0), operation)
        }
        if opening.isBlank || opening.isCommand {
            if operation == .mapping, spaceAfter == 0 { return nil }
            // `PGPASSWORD=x psql`: without blanks around `=` a shell would end the value at one.
            let isTight = operation == .assignment && gap == 0 && spaceAfter == 0
            var end = isTight ? endOfWord(bytes) : endOfLine(bytes)
            // `Password=x;Database=y` is one part of a connection string.
            if isTight, let semicolon = bytes.extracting(0..<end).place(ofByte: UInt8(ascii: ";"), from: placeOfValue),
                bytes.extracting(semicolon..<end).containsByte("=")
            {
                end = semicolon
            }
            return plain(bytes, placeOfValue..<end, operation)
        }
        // In the middle of a line only what a shell would read: `PGPASSWORD=x psql`, `--password=x`.
        guard operation == .assignment, gap == 0, spaceAfter == 0,
            before.isBlank || before == UInt8(ascii: ":") || name.isFlag
        else { return nil }
        return plain(bytes, placeOfValue..<endOfWord(bytes), operation)
    }

    /// The range, unless it is code rather than a value.
    func plain(_ bytes: Span<UInt8>, _ range: Range<Int>, _ operation: Assignment.Operator) -> Assignment.Parsed? {
        guard range.count >= 3 else { return nil }
        let value = bytes.extracting(range)
        let first = value[0]
        let last = value[value.count - 1]
        // Base64 may open with a slash, and so do paths.
        if first == UInt8(ascii: "/") {
            let looks = ValueLooks(value)
            guard PlainShape.isEncodedKey(value, looks) || looks.isRandom(value, atLeast: 32) else { return nil }
        }
        if "[({<*&|>!,\"'`\\".utf8.contains(first) && !value.opens(with: "<![") { return nil }
        if ";,({[\\)}]\"'`".utf8.contains(last) { return nil }
        if value.anyByte(\.isBlank) && !value.opens(with: "bearer ") && !value.opens(with: "basic ") { return nil }
        // A call or a subscript of a name is code.
        if let open = value.place(ofByte: UInt8(ascii: "(")), open > 0, value[open - 1].isAlphanumeric { return nil }
        if value.containsByte("["), value.containsByte("]") { return nil }
        return parsed(bytes, range, isQuoted: false, operation)
    }

    private func endOfWord(_ bytes: Span<UInt8>) -> Int {
        var index = placeOfValue
        let limit = min(bytes.count, index + Assignment.valueLimit)
        while index < limit, !bytes[index].isBlank, !bytes[index].isLineEnd { index += 1 }
        return index
    }

    /// The end of the line without a comment and trailing blanks.
    func endOfLine(_ bytes: Span<UInt8>) -> Int {
        var index = placeOfValue
        let limit = min(bytes.count, index + Assignment.valueLimit)
        while index < limit, !bytes[index].isLineEnd {
            if bytes[index] == UInt8(ascii: "#"), bytes[index - 1].isBlank { break }
            index += 1
        }
        while index > placeOfValue, bytes[index - 1].isBlank { index -= 1 }
        return index
    }

    func endInString(_ bytes: Span<UInt8>, _ quote: UInt8) -> Int {
        var index = placeOfValue
        let limit = min(bytes.count, index + Assignment.valueLimit)
        while index < limit, bytes[index] != quote, !bytes[index].isLineEnd, !bytes[index].isBlank,
            !";&\"'`\\<".utf8.contains(bytes[index])
        {
            index += 1
        }
        return index
    }

    private func restIsBlank(_ bytes: Span<UInt8>, from start: Int) -> Bool {
        var index = start
        while index < bytes.count, index - start < 64, bytes[index].isBlank { index += 1 }
        return index == bytes.count || bytes[index].isLineEnd
    }

    /// Whether `literal` stands on the line within 128 bytes before the name, or before `place`.
    func follows(_ bytes: Span<UInt8>, _ literal: StaticString, before place: Int? = nil) -> Bool {
        var index = place ?? name.range.lowerBound
        let limit = max(0, index - Assignment.lineLimit)
        while index > limit, !bytes[index - 1].isLineEnd {
            index -= 1
            if bytes.matches(literal, at: index) { return true }
        }
        return false
    }

    private static let commands = WordSet(
        "export set env arg setx declare readonly local -e --env -x typeset var - # // ; * rem {")

    /// What stands between the start of the line and the name: nothing, or the words of a shell's
    /// or a Dockerfile's assignment, or the mark of a comment or list.
    private func lineOpening(_ bytes: Span<UInt8>) -> (isBlank: Bool, isCommand: Bool) {
        var index = name.range.lowerBound
        if name.isFlag { return (false, false) }
        let limit = max(0, index - Assignment.lineLimit)
        var end = index
        while index > limit, !bytes[index - 1].isLineEnd { index -= 1 }
        if index == limit, index > 0, !bytes[index - 1].isLineEnd { return (false, false) }
        while end > index, bytes[end - 1].isBlank { end -= 1 }
        while index < end, bytes[index].isBlank { index += 1 }
        if index == end { return (true, false) }
        // `#NAME=value`: an entry that is commented out.
        if bytes.extracting(index..<name.range.lowerBound).allBytes({ $0 == UInt8(ascii: "#") })
            || (end == index + 1 && bytes[index] == UInt8(ascii: ";"))
        {
            return (false, true)
        }
        var isCommand = true
        var start = index
        while start < end, isCommand {
            var stop = start
            while stop < end, !bytes[stop].isBlank { stop += 1 }
            if stop > start { isCommand = Self.commands.contains(bytes.extracting(start..<stop)) }
            start = stop + 1
        }
        return (false, isCommand && bytes[name.range.lowerBound - 1].isBlank)
    }
}
