// A dotenv file on the command line, and how it is read.

import ArgumentParser
import Delivery
import Dotenv
import Files
import Secrets
import Settings

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A dotenv file on the command line, and how it is read.
struct DotenvSource {
    let path: String
    let document: DotenvDocument
    /// Empty when nothing tells which.
    let dialects: [Dialect]
    /// Why these, where nobody has said so.
    let origin: String?

    /// A secret has at most 65,536 bytes; what is much longer is no dotenv file.
    private static let limit = 4 << 20

    init(_ path: String, dialect: Dialect?, settings: StoreSettings) throws {
        self.path = path
        let bytes: [UInt8]
        if path == "-" {
            let buffer = try SecretInput.read(0, name: StandardStream.input)
            bytes = buffer.withBytes { span in span.indices.map { span[$0] } }
        } else if Self.isStream(path) {
            // `<(command)`: a pipe.
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw FileError(readingFrom: path, errorNumber: errno) }
            defer { close(descriptor) }
            let buffer = try SecretInput.read(descriptor, name: path)
            bytes = buffer.withBytes { span in span.indices.map { span[$0] } }
        } else {
            guard let content = try FileContent.read(path, limit: Self.limit) else { throw NoSuchFile(path: path) }
            bytes = content
        }
        document = DotenvDocument(parsing: bytes)
        if let dialect = dialect ?? settings.dialect.flatMap({ Dialect(rawValue: $0) }) {
            (dialects, origin) = ([dialect], nil)
            return
        }
        var found = path == "-" ? [] : Self.detected(beside: path)
        if found.isEmpty, document.text.contains([0x0D, 0x0A]) {
            // A shell would take each carriage return for a part of the value: nobody sources such a file.
            found = Dialect.allCases.filter { $0 != .shell }
            (dialects, origin) = (found, "has Windows line ends, so it is not read as a shell would")
            return
        }
        dialects = found
        origin =
            found.isEmpty
            ? nil : "read as \(found.map(\.rawValue).joined(separator: ", ")), told by the files beside it"
    }

    private static func isStream(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT)
    }

    /// `package.json` beside the file, or at the root of its repository, says that node reads it; and so on.
    private static func detected(beside path: String) -> [Dialect] {
        let folder = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[..<$0]) } ?? "."
        guard let place = FilePaths.resolved(folder.isEmpty ? "/" : folder) else { return [] }
        for candidate in [place, ConfigurationRoot.containing(place)] {
            let names = ((try? Folder.entries(at: candidate)) ?? []).map(\.name)
            let found = Dialect.detected(beside: names)
            if !found.isEmpty { return found }
        }
        return []
    }

    func values(_ selection: KeySelection, keepsReferences: Bool) throws -> DotenvImport {
        var options = DotenvImport.Options()
        options.selection = selection
        if !dialects.isEmpty { options.dialects = dialects }
        options.keepsReferences = keepsReferences
        let values: DotenvImport
        do { values = try DotenvImport(of: document, options: options) } catch {
            throw DotenvFailure(path: path, reason: error, hasMark: document.hasByteOrderMark)
        }
        try refuseBrokenKeys(values)
        return values
    }

    /// A private key over several lines without quotes: its first line would be stored as the whole, and a later one,
    /// which ends in `=`, taken for a name.
    private func refuseBrokenKeys(_ values: DotenvImport) throws {
        for item in values.items {
            let isCut = item.value.withBytes { bytes in
                bytes.holds("-----BEGIN ") && !bytes.holds("-----END ")
            }
            if isCut { throw BrokenPrivateKey(path: path, line: item.line) }
        }
        for node in document.nodes {
            guard case .malformed(let span) = node else { continue }
            let line = document.text[span]
            if line.starts(with: "-----BEGIN ".utf8) || line.starts(with: "-----END ".utf8) {
                throw BrokenPrivateKey(path: path, line: document.position(of: span.lowerBound).line)
            }
        }
    }
}

/// A file that was named is not there.
struct NoSuchFile: Error {
    let path: String
}

/// A dotenv file that cannot be taken as it is.
struct DotenvFailure: Error {
    let path: String
    let reason: DotenvImportError
    /// Whether the file begins with a byte-order mark.
    let hasMark: Bool
}

/// A private key that an entry holds a part of only.
struct BrokenPrivateKey: Error {
    let path: String
    let line: Int
}

extension Span<UInt8> {
    fileprivate func holds(_ text: String) -> Bool {
        let wanted = Array(text.utf8)
        guard count >= wanted.count else { return false }
        return (0...(count - wanted.count)).contains { start in
            wanted.indices.allSatisfy { self[start + $0] == wanted[$0] }
        }
    }
}

enum KeyList {
    /// `A,B_*` as its parts.
    static func split(_ text: String?) -> [String] {
        (text ?? "").split(separator: ",").map { String($0).trimmingSpaces() }.filter { !$0.isEmpty }
    }
}

extension Dialect: ExpressibleByArgument {}
