// The values in a dotenv file, as the program that reads the file gets them.

import Delivery
import Detection
import Dotenv
import Files
import Secrets
import Settings

/// A value that a key may get.
struct ValueCandidate: Sendable {
    enum Content: Sendable {
        case value(SharedSecret)
        /// The value cannot be taken as it is; why, without any byte of it.
        case unreadable(String)
    }

    var key: String
    var content: Content
    var valueClass: ValueClass
    var source: DotenvSource
    /// In the source, from 1.
    var line: Int

    var place: String { source.place(line: line) }
    var value: SharedSecret? { if case .value(let value) = content { value } else { nil } }
    /// Whether there is something to take over or to replace.
    var isWorthStoring: Bool { valueClass == .secret || valueClass == .connectionString }
}

/// Reads one source.
struct DotenvCandidates {
    /// Each key once, in the order of the file.
    var items: [ValueCandidate] = []
    /// Names that no environment takes, by their lines.
    var oddLines: [Int] = []

    /// - Parameters:
    ///   - root: of the repository, absolute.
    ///   - dialect: from the settings; nil to tell by the files beside it.
    ///   - known: the keys that a scan has seen in the file; nil where it has not looked. What it has not taken for a
    ///     key may be a piece of a secret, and is never shown.
    init(_ source: DotenvSource, root: String, dialect: String?, known: Set<String>?) {
        let document = DotenvDocument(parsing: source.bytes)
        let dialects = Self.dialects(of: document, source, root: root, dialect)
        var refused: [String: DotenvImportError.Refusal] = [:]
        var values: DotenvImport?
        // Each round leaves out what stood in the way of the last; an entry is refused once.
        while values == nil {
            // Names hold no `*` or `?` that a selection would take for more than themselves.
            let excluded = refused.keys.sorted()
            do {
                values = try DotenvImport(
                    of: document,
                    options: .init(selection: KeySelection(excluding: excluded), dialects: dialects))
            } catch {
                guard case .refused(let refusals) = error, refusals.contains(where: { refused[$0.key] == nil }) else {
                    break
                }
                for refusal in refusals { refused[refusal.key] = refusal }
            }
        }
        let read = Dictionary((values?.items ?? []).map { ($0.key, $0) }) { first, _ in first }
        var seen: Set<String> = []
        for entry in document.entries where entry.hasSeparator && seen.insert(entry.key).inserted {
            guard EnvironmentName.isValid(entry.key), !Self.isKeyMaterial(entry), known?.contains(entry.key) ?? true
            else {
                oddLines.append(entry.line)
                continue
            }
            if let item = read[entry.key] {
                items.append(Self.candidate(item, source))
            } else if let refusal = refused[entry.key] {
                items.append(Self.candidate(refusal, entry, document, source))
            }
        }
    }

    private static func candidate(_ item: DotenvImport.Item, _ source: DotenvSource) -> ValueCandidate {
        let judged = item.value.withBytes { ValueJudge.judge(key: Array(item.key.utf8).span, value: $0, in: .dotenv) }
        let isCut = item.value.withBytes { holds($0, "-----BEGIN ") && !holds($0, "-----END ") }
        return ValueCandidate(
            key: item.key,
            content: isCut ? .unreadable("is a private key over several lines without quotes") : .value(item.value),
            valueClass: isCut ? .secret : judged.valueClass, source: source, line: item.line)
    }

    private static func candidate(
        _ refusal: DotenvImportError.Refusal, _ entry: Entry, _ document: DotenvDocument, _ source: DotenvSource
    ) -> ValueCandidate {
        let value = Array(document.text[entry.valueSpan])
        let judged = ValueJudge.judge(key: Array(entry.key.utf8).span, value: value.span, in: .dotenv)
        return ValueCandidate(
            key: entry.key, content: .unreadable(words(refusal.reason)), valueClass: judged.valueClass, source: source,
            line: refusal.line)
    }

    /// Whether an entry may be a line of Base64 that ends in `=`, whose "name" would be a piece of a secret.
    private static func isKeyMaterial(_ entry: Entry) -> Bool {
        guard entry.rawValueSpan.count <= 1, entry.key.utf8.count >= 8 else { return false }
        let key = entry.key.utf8
        return key.contains { (0x61...0x7A).contains($0) } && key.contains { (0x41...0x5A).contains($0) }
            && key.contains { (0x30...0x39).contains($0) }
    }

    private static func words(_ reason: DotenvImportError.Refusal.Reason) -> String {
        switch reason {
        case .ambiguous(let readings):
            "is read in different ways by \(PlainText.list(readings.map(\.dialect.rawValue))): say in"
                + " `dotenv.dialect` of .migrate/config.yml which one reads it"
        case .references: "refers to variables or commands, which are not resolved here"
        case .unreadable: "cannot be read"
        case .noValue: "has no value"
        case .notUTF8: "is not UTF-8"
        case .nul: "holds a NUL byte"
        }
    }

    /// What the settings say, else what the files beside it and at the root tell.
    private static func dialects(of document: DotenvDocument, _ source: DotenvSource, root: String, _ dialect: String?)
        -> [Dialect]
    {
        if let dialect = dialect.flatMap({ Dialect(rawValue: $0) }) { return [dialect] }
        let folder = source.path.utf8.lastIndex(of: UInt8(ascii: "/")).map { root + "/" + source.path[..<$0] } ?? root
        for place in [folder, root] {
            let found = Dialect.detected(beside: ((try? Folder.entries(at: place)) ?? []).map(\.name))
            if !found.isEmpty { return found }
        }
        // A shell would take each carriage return for a part of the value: nobody sources such a file.
        guard document.text.contains(sequence: [0x0D, 0x0A]) else { return Dialect.allCases }
        return Dialect.allCases.filter { $0 != .shell }
    }

    private static func holds(_ bytes: Span<UInt8>, _ text: StaticString) -> Bool {
        text.withUTF8Buffer { wanted in
            guard bytes.count >= wanted.count else { return false }
            return (0...(bytes.count - wanted.count)).contains { start in
                wanted.indices.allSatisfy { bytes[start + $0] == wanted[$0] }
            }
        }
    }
}

extension [UInt8] {
    fileprivate func contains(sequence: [UInt8]) -> Bool {
        guard let first = sequence.first else { return true }
        return indices.contains { self[$0] == first && self[$0...].starts(with: sequence) }
    }
}
