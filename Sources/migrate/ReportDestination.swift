// Where a report goes: standard output, a file, or something that is there already and is no file.

import Files

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

enum ReportDestination {
    case standardOutput
    /// A file that appears whole or not at all.
    case file(String)
    /// A device or a pipe (`/dev/null`, `>(jq .)`): written into, never replaced.
    case special(String)

    /// Looked at before a scan, since it would be unkind to fail after it.
    /// - Throws: `FileError` for what cannot be written.
    init(_ option: String?) throws {
        guard let option, option != "-" else {
            self = .standardOutput
            return
        }
        var status = stat()
        guard stat(option, &status) == 0 else {
            let number = errno
            guard number == ENOENT else { throw FileError(writingTo: option, errorNumber: number) }
            try Self.checkFolder(of: option)
            self = .file(option)
            return
        }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: throw FileError(writingTo: option, errorNumber: EISDIR)
        case S_IFREG:
            // A link stays a link.
            let file = FilePaths.resolved(option) ?? option
            try Self.checkFolder(of: file)
            self = .file(file)
        default: self = .special(option)
        }
    }

    /// - Parameter isPrivate: whether a file is for its owner's eyes alone.
    /// - Throws: `FileError`.
    func write(_ bytes: [UInt8], isPrivate: Bool) throws {
        switch self {
        case .standardOutput: try StandardOutput.write(bytes)
        case .file(let path): try AtomicFile.write(bytes, to: path, isPrivate: isPrivate)
        case .special(let path): try StandardOutput.write(bytes, toSpecialFile: path)
        }
    }

    private static func checkFolder(of path: String) throws {
        let folder =
            path.utf8.lastIndex(of: UInt8(ascii: "/")).map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        if access(folder, W_OK | X_OK) != 0 { throw FileError(writingTo: path, errorNumber: errno) }
    }
}
