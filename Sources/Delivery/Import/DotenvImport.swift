// From a dotenv file to values for a store: what the program that reads the file gets, or a refusal.

package import Dotenv
package import Secrets

/// What an import would bring in.
package struct DotenvImport: Sendable {
    package struct Options: Sendable {
        package var selection: KeySelection
        /// Who reads the file: one dialect, or several that all read it alike. Never empty.
        package var dialects: [Dialect]
        /// Whether `${NAME}` is stored as it is written. A program that reads the store gets exactly that text, where
        /// the file gave it the variable's value.
        package var keepsReferences: Bool

        package init(
            selection: KeySelection = .all, dialects: [Dialect] = Dialect.allCases, keepsReferences: Bool = false
        ) {
            self.selection = selection
            self.dialects = dialects.isEmpty ? Dialect.allCases : dialects
            self.keepsReferences = keepsReferences
        }
    }

    package struct Item: Sendable {
        package enum State: Sendable, Equatable { case empty, present }

        package let key: String
        package let value: SharedSecret
        /// From 1.
        package let line: Int
        package let state: State
        /// Lines of entries with the same key that do not count.
        package let overruledLines: [Int]
        /// Whether `value` holds a reference that the file's reader would have replaced.
        package let holdsReference: Bool
        /// Whether the key can be an environment variable.
        package var isEnvironmentName: Bool { EnvironmentName.isValid(key) }
    }

    /// In the order of the file, each key once.
    package let items: [Item]
    /// Keys without `=`, which have no value in the file.
    package let bare: [(key: String, line: Int)]
    /// Lines that are no entry in any dialect.
    package let malformedLines: [Int]

    /// - Throws: `DotenvImportError`, listing every entry in the way. Entries that are not asked for are in nobody's way.
    package init(of document: DotenvDocument, options: Options = Options()) throws(DotenvImportError) {
        let entries = document.entries
        let missing = options.selection.unmatched(in: entries.map(\.key))
        guard missing.isEmpty else { throw .noSuchKeys(missing) }

        let chosen = entries.filter { options.selection.includes($0.key) }
        let groups = Self.grouped(chosen.filter(\.hasSeparator))
        let withValues = Set(groups.map(\.key))
        bare = chosen.filter { !$0.hasSeparator && !withValues.contains($0.key) }.map { ($0.key, $0.line) }

        var refused: [DotenvImportError.Refusal] = []
        var items: [Item] = []
        for group in groups {
            switch EntryJudgement(document: document, entries: group.entries, options: options).outcome() {
            case .success(let item): items.append(item)
            case .failure(let refusal): refused.append(refusal)
            }
        }
        for (key, line) in bare where options.selection.only.contains(key) {
            refused.append(DotenvImportError.Refusal(key: key, line: line, reason: .noValue))
        }
        guard refused.isEmpty else { throw .refused(refused.sorted { $0.line < $1.line }) }
        guard !items.isEmpty else { throw .empty }

        self.items = items
        malformedLines = document.nodes.compactMap { node in
            if case .malformed(let span) = node { document.position(of: span.lowerBound).line } else { nil }
        }
    }

    /// The entries of each key, in the order in which the keys come up.
    private static func grouped(_ entries: [Entry]) -> [(key: String, entries: [Entry])] {
        var groups: [(key: String, entries: [Entry])] = []
        // By bytes: Swift's strings are equal when they only look alike.
        var places: [[UInt8]: Int] = [:]
        for entry in entries {
            let name = Array(entry.key.utf8)
            if let place = places[name] {
                groups[place].entries.append(entry)
            } else {
                places[name] = groups.count
                groups.append((entry.key, [entry]))
            }
        }
        return groups
    }
}

/// Why nothing was imported. Holds no byte of a value.
package enum DotenvImportError: Error, Sendable, Equatable {
    /// The file has no values, or none that was asked for.
    case empty
    /// Keys or patterns that the file does not have.
    case noSuchKeys([String])
    /// Every entry in the way.
    case refused([Refusal])

    package struct Refusal: Error, Sendable, Equatable {
        package enum Reason: Sendable, Equatable {
            /// The dialects read it differently: name one.
            case ambiguous([DialectReading])
            /// The value has references to variables or commands, which are not resolved here.
            case references
            /// No dialect asked about reads it as a value; why, in the dialect's own terms.
            case unreadable([DialectReading])
            /// A key without `=` was asked for by name.
            case noValue
            case notUTF8
            case nul
        }

        package let key: String
        /// From 1.
        package let line: Int
        package let reason: Reason
    }
}
