// The environment of a command: the current one, and the values of a dotenv file over it.

import Checklist
import Delivery
import Dotenv
import Files
import HTTP
import Secrets

struct CommandEnvironment {
    /// `NAME=value` and a NUL each.
    let entries: [[UInt8]]
    /// Names that the file sets.
    let names: [String]
    /// Names that the file would set and that the command does not get: they decide what code a program runs, and
    /// that is settled by the command that somebody agrees to.
    let withheld: [String]

    private static let largestFile = 16 << 20

    /// - Parameters:
    ///   - file: relative to `root`, and in it; nil for none.
    ///   - dialect: who reads the file; nil for all, which then must agree.
    /// - Throws: `StepFailure` when there is no such file in the repository, or an entry of it cannot be read for sure;
    ///   `FileError`, `DeliveryError`.
    init(_ current: [String: String], file: String?, root: String, dialect: String?) throws {
        var values: [DeliveredValue] = []
        if let file {
            let place = try WorktreePlace(file, in: root)
            guard let bytes = try FileContent.read(place.full, limit: Self.largestFile) else {
                throw StepFailure(
                    "there is no \(OneLine.of(file))", remedy: "make it, or correct `env-file` of the step")
            }
            values = try Self.values(of: DotenvDocument(parsing: bytes), file: file, dialect: dialect)
        }
        withheld = values.map(\.key).filter { ProtectedName.group(of: $0) != nil }
        values.removeAll { ProtectedName.group(of: $0.key) != nil }
        let environment = try ChildEnvironment(parent: ParentEnvironment(current), values: values)
        names = environment.delivered
        // The process library takes bytes that nobody wipes; the child has them as well, and for longer.
        entries = environment.withEnvironmentBlock { block in
            var entries: [[UInt8]] = []
            var next = block
            while let text = next.pointee {
                var length = 0
                while text[length] != 0 { length += 1 }
                entries.append(Array(UnsafeRawBufferPointer(start: text, count: length + 1)))
                next += 1
            }
            return entries
        }
    }

    private static func values(
        of document: DotenvDocument, file: String, dialect: String?
    ) throws -> [DeliveredValue] {
        var options = DotenvImport.Options()
        if let dialect = dialect.flatMap({ Dialect(rawValue: $0) }) { options.dialects = [dialect] }
        let read: DotenvImport
        do { read = try DotenvImport(of: document, options: options) } catch {
            // A file without values gives none.
            guard case .refused(let entries) = error else { return [] }
            let places = PlainText.list(entries.map { "\(OneLine.of($0.key)) (line \($0.line))" })
            throw StepFailure(
                "\(OneLine.of(file)): \(places) cannot be read for sure: a reference, or dialects that disagree",
                remedy: "write the value out, set `dotenv.dialect`, or leave `env-file` out where the command reads it")
        }
        return read.items.map { DeliveredValue(key: $0.key, text: $0.value) }
    }
}
