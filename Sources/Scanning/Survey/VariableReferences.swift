// Where code reads environment variables, found by the words around their names.

/// Finds names of environment variables in code, without understanding it: `process.env.NAME`, `os.environ["NAME"]`,
/// `getenv("NAME")`, and `${NAME}` in files that a deployment fills in.
enum VariableReferences {
    /// What the name comes after.
    private struct Mark {
        var text: [UInt8]
        /// Whether the name stands in quotes.
        var isQuoted: Bool
        /// Whether a letter before it makes another word of it.
        var isWord: Bool

        init(_ text: String, isQuoted: Bool = true, isWord: Bool = false) {
            self.text = Array(text.utf8)
            self.isQuoted = isQuoted
            self.isWord = isWord
        }
    }

    private static let marks = [
        Mark("process.env.", isQuoted: false), Mark("import.meta.env.", isQuoted: false),
        Mark("Bun.env.", isQuoted: false), Mark("process.env["), Mark("environ["), Mark("environ.get("),
        Mark("getenv("), Mark("Getenv("), Mark("LookupEnv("), Mark("GetEnvironmentVariable("), Mark("ENV["),
        Mark("ENV.fetch("), Mark("env::var("), Mark("env.get("), Mark("environment["), Mark("env!(", isWord: true),
        Mark("env(", isWord: true),
    ]
    private static let substitution = Mark("${", isQuoted: false)

    /// By the first byte of a mark.
    private static let marksByByte: [[Mark]] = {
        var table = [[Mark]](repeating: [], count: 256)
        for mark in marks { table[Int(mark.text[0])].append(mark) }
        return table
    }()

    /// Calls `found` with each name and its line, from 1.
    ///
    /// - Parameter hasSubstitutions: whether `${NAME}` counts.
    static func find(in bytes: Span<UInt8>, hasSubstitutions: Bool, found: (_ name: String, _ line: Int) -> Void) {
        var table = marksByByte
        if hasSubstitutions { table[Int(UInt8(ascii: "$"))].append(substitution) }
        var line = 1
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\n") { line += 1 }
            for mark in table[Int(byte)] {
                guard let name = name(after: mark, at: index, bytes) else { continue }
                found(name, line)
                break
            }
            index += 1
        }
    }

    private static func name(after mark: Mark, at index: Int, _ bytes: Span<UInt8>) -> String? {
        guard index + mark.text.count < bytes.count else { return nil }
        for offset in mark.text.indices where bytes[index + offset] != mark.text[offset] { return nil }
        if mark.isWord, index > 0, isNameByte(bytes[index - 1]) || isLower(bytes[index - 1]) { return nil }
        var next = index + mark.text.count
        if mark.isQuoted {
            while next < bytes.count, bytes[next] == UInt8(ascii: " ") { next += 1 }
            guard next < bytes.count, "\"'`".utf8.contains(bytes[next]) else { return nil }
            next += 1
        }
        let start = next
        while next < bytes.count, next - start <= longestName, isNameByte(bytes[next]) { next += 1 }
        let length = next - start
        guard length >= 2, length <= longestName, !(0x30...0x39).contains(bytes[start]) else { return nil }
        // A name in lower case is most likely no variable of the environment; `process.env.Path` is neither.
        if next < bytes.count, isLower(bytes[next]) { return nil }
        if mark.isQuoted, next >= bytes.count || !"\"'`".utf8.contains(bytes[next]) { return nil }
        return String(decoding: (start..<next).map { bytes[$0] }, as: UTF8.self)
    }

    private static let longestName = 100

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "_")
    }

    private static func isLower(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }
}
