// The shell: words, quotes that join, and everything that would expand or run. Nothing here runs.

/// Reads one entry as a shell that sources the file does, bash where shells differ.
struct ShellReader {
    private let text: [UInt8]
    private let entry: Entry
    private let followsMark: Bool
    private let end: Int

    private var offset: Int
    private var value: [UInt8] = []
    private var references: [String] = []
    private var hasBrace = false
    private var hasAlternatives = false

    init(text: [UInt8], entry: Entry, followsMark: Bool) {
        self.text = text
        self.entry = entry
        self.followsMark = followsMark
        let tail = entry.tail(in: text, keepingReturn: true)
        offset = tail.lowerBound
        end = tail.upperBound
    }

    /// Variables that bash does not let a script set.
    static let readOnlyNames: Set<String> = ["UID", "EUID", "PPID", "BASHOPTS", "SHELLOPTS", "BASH_VERSINFO"]
    private static let runsTheName = "runs the name as a command"

    func reading() -> Reading {
        guard !followsMark else { return .invalid(Self.runsTheName) }
        guard text[entry.keySpan].allSatisfy(Byte.isWord), !Byte.isDigit(text[entry.keySpan.lowerBound]) else {
            return .invalid("does not allow this name")
        }
        guard entry.separator != nil else { return entry.isExported ? .absent : .invalid(Self.runsTheName) }
        guard entry.separator == .equals, entry.separatorOffset(in: text) == entry.keySpan.upperBound else {
            return .invalid(Self.runsTheName)
        }
        guard !Self.readOnlyNames.contains(entry.key) else { return .invalid("does not let this name be set") }

        guard !text[entry.rawValueSpan].contains(0) else { return .invalid("cannot hold a NUL byte") }

        var reader = self
        if let problem = reader.readWord() ?? reader.checkRest() { return problem }
        return reader.references.isEmpty ? .value(reader.value) : .expands(reader.references)
    }
}

extension ShellReader {
    /// Reads the value up to the first blank or operator; what it returns ends the reading.
    private mutating func readWord() -> Reading? {
        if isTilde(at: offset) { references.append("HOME") }
        while offset < end {
            let byte = text[offset]
            switch byte {
            case Byte.space, Byte.tab, Byte.lineFeed, Byte.semicolon: return nil
            case UInt8(ascii: "&"), UInt8(ascii: "|"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "("),
                UInt8(ascii: ")"):
                return .invalid("takes an operator in the value as its own")
            case Byte.singleQuote:
                guard let closing = text[(offset + 1)..<end].firstIndex(of: byte) else { return Self.unclosed }
                value += text[(offset + 1)..<closing]
                offset = closing + 1
            case Byte.doubleQuote:
                if let problem = readDoubleQuotes() { return problem }
            case Byte.backslash:
                guard offset + 1 < text.count, text[offset + 1] != Byte.lineFeed else {
                    return .invalid("joins the next line to the value")
                }
                guard offset + 1 < end else { return .invalid("joins the next line to the value") }
                value.append(text[offset + 1])
                offset += 2
            case Byte.dollar, Byte.backtick:
                if let problem = readReference(isQuoted: false) { return problem }
            default:
                noteBraces(byte)
                value.append(byte)
                offset += 1
                if byte == Byte.colon, isTilde(at: offset) { references.append("HOME") }
            }
        }
        return nil
    }

    private static let unclosed = Reading.invalid("finds no closing quote")

    private mutating func readDoubleQuotes() -> Reading? {
        offset += 1
        while offset < end, text[offset] != Byte.doubleQuote {
            switch text[offset] {
            case Byte.backslash where offset + 1 < end:
                switch text[offset + 1] {
                case Byte.dollar, Byte.backtick, Byte.doubleQuote, Byte.backslash: value.append(text[offset + 1])
                case Byte.lineFeed: break
                default: value += [Byte.backslash, text[offset + 1]]
                }
                offset += 2
            case Byte.dollar, Byte.backtick:
                if let problem = readReference(isQuoted: true) { return problem }
            default:
                value.append(text[offset])
                offset += 1
            }
        }
        guard offset < end else { return Self.unclosed }
        offset += 1
        return nil
    }

    /// Notes what a `$` or a backtick refers to. A command ends the reading, for its end cannot be told without
    /// parsing it.
    private mutating func readReference(isQuoted: Bool) -> Reading? {
        guard text[offset] == Byte.dollar else { return .expands(references + ["$(…)"]) }
        offset += 1
        guard offset < end else {
            value.append(Byte.dollar)
            return nil
        }
        switch text[offset] {
        case UInt8(ascii: "("), UInt8(ascii: "["): return .expands(references + ["$(…)"])
        case Byte.singleQuote where !isQuoted, Byte.doubleQuote where !isQuoted:
            return .invalid("reads a `$` before a quote in a way that differs between shells")
        case Byte.openBrace: return readBraces()
        case let byte where Byte.isDigit(byte) || "*@#?-$!".utf8.contains(byte):
            references.append(String(decoding: [byte], as: UTF8.self))
            offset += 1
        case let byte where Byte.isWord(byte):
            let name = text[offset..<end].prefix(while: Byte.isWord)
            references.append(String(decoding: name, as: UTF8.self))
            offset = name.endIndex
        default: value.append(Byte.dollar)
        }
        return nil
    }

    private mutating func readBraces() -> Reading? {
        offset += 1
        if offset < end, text[offset] == UInt8(ascii: "!") || text[offset] == Byte.hash { offset += 1 }
        let name = text[offset..<end].prefix(while: Byte.isWord)
        guard !name.isEmpty else { return .invalid("refuses a `${` that is no reference") }
        references.append(String(decoding: name, as: UTF8.self))
        var depth = 1
        offset = name.endIndex
        while offset < end {
            switch text[offset] {
            // What a default value may hold is not looked into: it may hold commands.
            case Byte.singleQuote, Byte.doubleQuote, Byte.backtick, Byte.backslash: return .expands(references)
            case Byte.openBrace where text[offset - 1] == Byte.dollar: depth += 1
            case Byte.closeBrace: depth -= 1
            default: break
            }
            offset += 1
            if depth == 0 { return nil }
        }
        return .invalid("refuses a `${` that is no reference")
    }

    /// `~` starts a home directory at the start of the value and after each colon.
    private func isTilde(at offset: Int) -> Bool {
        offset < end && text[offset] == UInt8(ascii: "~")
    }

    private mutating func noteBraces(_ byte: UInt8) {
        if byte == Byte.openBrace { hasBrace = true }
        if hasBrace, byte == UInt8(ascii: ",") || byte == UInt8(ascii: ".") { hasAlternatives = true }
    }
}

extension ShellReader {
    /// What follows the value: nothing, a comment, or words that make a command of the line.
    private mutating func checkRest() -> Reading? {
        if entry.isExported, hasBrace, hasAlternatives { return .invalid("expands the braces") }
        guard !text[offset..<end].contains(Byte.lineFeed) else {
            return .invalid("ends the value on an earlier line")
        }
        skipBlanks()
        var takesWords = true
        while offset < end, text[offset] != Byte.hash {
            if text[offset] == Byte.semicolon {
                offset += 1
                skipBlanks()
                // `KEY=value; export KEY`
                guard offset == end || text[offset] == Byte.hash || word() == Array("export".utf8)[...] else {
                    return .invalid("runs what follows the `;` as a command")
                }
                takesWords = false
                if offset < end, text[offset] != Byte.hash { offset += "export".utf8.count }
            } else {
                let word = word()
                guard !word.isEmpty, word.allSatisfy(Self.isPlain) else {
                    return .invalid("makes a command of what follows the value")
                }
                let name = word.prefix(while: Byte.isWord)
                let isAssignment =
                    name.first.map { !Byte.isDigit($0) } == true && name.endIndex < word.endIndex
                    && word[name.endIndex] == Byte.equals
                guard entry.isExported || !takesWords || isAssignment else {
                    return .invalid("runs the second word as a command")
                }
                offset = word.endIndex
            }
            skipBlanks()
        }
        return nil
    }

    private mutating func skipBlanks() {
        while offset < end, text[offset] == Byte.space || text[offset] == Byte.tab { offset += 1 }
    }

    private func word() -> ArraySlice<UInt8> {
        text[offset..<end].prefix { $0 != Byte.space && $0 != Byte.tab && $0 != Byte.semicolon }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        Byte.isWord(byte) || byte >= 0x80 || "=.,:/@%+-#{}[]^!?*~".utf8.contains(byte)
    }
}
