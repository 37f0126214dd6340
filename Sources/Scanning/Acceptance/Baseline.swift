// What an earlier scan found, by this tool or another: it is known, and does not count again.

import Files
import JSON

/// Why a baseline cannot be used.
package struct BaselineError: Error, Sendable, Equatable {
    /// As the command line names it.
    package let path: String
    /// From 1; 0 when no line is to blame.
    package let line: Int
    /// Without anything of the file's text.
    package let reason: String

    package init(path: String, line: Int = 0, reason: String) {
        self.path = path
        self.line = line
        self.reason = reason
    }
}

/// The findings that a report of an earlier scan holds.
package struct Baseline: Sendable {
    /// Whose report it is.
    package enum Form: String, Sendable, CaseIterable {
        /// Our own, `migrate.scan/1`.
        case migrate = "migrate scan --format json"
        /// An array of objects with `RuleID` and `File`.
        case gitleaks = "gitleaks"
        /// `.secrets.baseline`.
        case detectSecrets = "detect-secrets"
    }

    /// As the command line names it.
    package let path: String
    package let form: Form
    let known: KnownFindings

    /// Findings in it, as it counts them.
    package var count: Int { known.count }

    /// Bytes that the file may have: 256 MiB.
    package static let largest = 256 << 20

    /// - Throws: `BaselineError`: there is no such file, or it is no report that is known here, or is damaged.
    package static func load(_ path: String) throws(BaselineError) -> Baseline {
        let content: [UInt8]?
        do { content = try FileContent.read(path, limit: largest) } catch {
            let reason = error.isTooLarge ? "it has more than \(largest >> 20) MiB" : error.reason
            throw BaselineError(path: path, reason: reason)
        }
        guard let content else { throw BaselineError(path: path, reason: "there is no such file") }
        return try parse(content, path: path)
    }

    /// Parses the text of a report.
    /// - Throws: `BaselineError`.
    package static func parse(_ bytes: [UInt8], path: String) throws(BaselineError) -> Baseline {
        let document: JSONDocument
        do { document = try JSONDocument(parsing: bytes) } catch {
            throw BaselineError(path: path, line: error.line, reason: "it is no JSON that can be read here")
        }
        let root = document.root
        let reader = BaselineReader(path: path)
        switch root.kind {
        case .array: return Baseline(path: path, form: .gitleaks, known: try reader.gitleaks(root))
        case .object where root["schema"]?.string == "migrate.scan/1":
            return Baseline(path: path, form: .migrate, known: try reader.migrate(root))
        case .object where root["results"]?.kind == .object:
            return Baseline(path: path, form: .detectSecrets, known: try reader.detectSecrets(root))
        default:
            throw BaselineError(
                path: path,
                reason: "it is no report of `migrate scan --format json`, gitleaks or detect-secrets")
        }
    }
}

/// What a baseline knows its findings by.
struct KnownFindings: Sendable {
    /// In a file, at a line.
    struct Place: Hashable, Sendable {
        var path: String
        var line: Int
    }

    var count = 0
    /// Of our own fingerprints.
    var fingerprints: Set<UInt64> = []
    /// Keyed digests of values, under a key that nobody else has.
    var values: Set<ValueDigest.Code> = []
    var digest = ValueDigest()
    /// SHA-1 of values, in hexadecimal, by path.
    var hashes: [String: Set<String>] = [:]
    /// Where a value was not written down: by commit, "" for none.
    var places: [String: Set<Place>] = [:]

    init() {}
}
