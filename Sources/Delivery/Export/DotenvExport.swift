// A dotenv file that one dialect, or all of them, read as the values.

import Dotenv
import Secrets

/// Quotes as few ways as will do. `Quoting` and the readers take arrays, which are wiped here but copied there.
struct DotenvExport: ValueExport {
    private let dialects: [Dialect]

    init(dialect: Dialect?) { dialects = dialect.map { [$0] } ?? Dialect.allCases }

    func refusal(of value: DeliveredValue) -> RefusedKey.Reason? { value.environmentRefusal }

    func written(_ values: [DeliveredValue]) throws(DeliveryError) -> [Export.Part] {
        var buffer = SecretBuffer(capacity: values.reduce(64) { $0 + $1.text.count + 32 })
        var refused: [RefusedKey] = []
        for value in values {
            guard isSettable(value.key), var quoted = quoted(value) else {
                refused.append(RefusedKey(key: value.key, reason: .unwritable(opposed(to: value))))
                continue
            }
            buffer.append("\(value.key)=")
            buffer.append(quoted)
            buffer.append("\n")
            quoted.wipe()
        }
        guard refused.isEmpty else { throw .refused(refused) }
        return [Export.Part(destination: .output, content: SharedSecret(buffer.finish()))]
    }

    /// What every dialect reads, when they agree.
    func readBack(_ parts: [Export.Part]) -> [ReadValue]? {
        guard let content = parts.first?.content else { return nil }
        let document = content.withArray { DotenvDocument(parsing: $0) }
        var found: [ReadValue] = []
        for node in document.nodes {
            guard case .entry(let entry) = node, let first = dialects.first,
                case .value(let value) = document.reading(of: entry, in: first),
                dialects.allSatisfy({ document.reading(of: entry, in: $0) == .value(value) })
            else { return nil }
            found.append(ReadValue(name: entry.key, text: SharedSecret(copying: value)))
        }
        return found
    }

    /// What stands after `KEY=`, whatever stands further down; nil when nothing will do.
    private func quoted(_ value: DeliveredValue) -> [UInt8]? {
        value.withArray { bytes in
            let usual = Quoting.quoted(bytes, forAll: dialects).map { [$0] } ?? []
            let escaped = ["\\\"", "\\\"$", "\\\"$`"].map { signs in
                [UInt8(ascii: "\"")]
                    + bytes.flatMap { signs.utf8.contains($0) ? [UInt8(ascii: "\\"), $0] : [$0] }
                    + [UInt8(ascii: "\"")]
            }
            return (usual + escaped).first { isRead($0, as: bytes) }
        }
    }

    /// A quote after a backslash, as in `'C:\'`, closes only if no later line has one at its end, which the second line
    /// of another value may.
    private static let rests = ["", "B='\n'\nC=\"\n\"\nD=`\n`\n", "B=b\\'\nC=c\\\"\nD=d\\`\n"]

    private func isRead(_ quoted: [UInt8], as value: [UInt8]) -> Bool {
        Self.rests.allSatisfy { rest in
            let line = Array("A=".utf8) + quoted + Array("\n".utf8)
            let document = DotenvDocument(parsing: line + Array(rest.utf8))
            guard let entry = document.entries.first, entry.span == 0..<line.count else { return false }
            return dialects.allSatisfy { document.reading(of: entry, in: $0) == .value(value) }
        }
    }

    /// Whether every dialect lets this name be set: bash keeps `UID` and its like for itself.
    private func isSettable(_ key: String) -> Bool {
        let document = DotenvDocument(parsing: Array("\(key)=a\n".utf8))
        guard let entry = document.entries.first else { return false }
        return dialects.allSatisfy { document.reading(of: entry, in: $0) == .value(Array("a".utf8)) }
    }

    /// Dialects that cannot hold it even on their own; all of them when each can.
    private func opposed(to value: DeliveredValue) -> [Dialect] {
        let opposed = dialects.filter { dialect in
            !DotenvExport(dialect: dialect).isSettable(value.key)
                || DotenvExport(dialect: dialect).quoted(value) == nil
        }
        return opposed.isEmpty ? dialects : opposed
    }
}

extension DeliveredValue {
    func withArray<Result>(_ body: ([UInt8]) -> Result) -> Result { text.withArray(body) }
}

extension SharedSecret {
    /// Lends the bytes as an array, which the dotenv readers take, and wipes it.
    func withArray<Result>(_ body: ([UInt8]) -> Result) -> Result {
        var bytes = withBytes { span in span.indices.map { span[$0] } }
        defer { bytes.wipe() }
        return body(bytes)
    }
}

extension [UInt8] {
    /// Overwrites the bytes, if nobody else holds the array.
    mutating func wipe() { withUnsafeMutableBytes { SecretMemory.wipe($0) } }
}
