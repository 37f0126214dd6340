// What programs that were killed while they wrote a file have left beside it.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension AtomicFile {
    /// Removes the temporary files beside `path` that `write` makes, after runs that were killed before they could.
    ///
    /// Only for callers who know that nobody else is writing this file: those of a running program would go too. What
    /// cannot be removed stays, and is no failure.
    package static func removeLeftovers(of path: String) {
        let (folder, name) = parts(of: path)
        for entry in (try? Folder.entries(at: folder)) ?? [] where entry.kind == .file {
            guard isTemporary(entry.name, of: name) else { continue }
            unlink("\(folder)/\(entry.name)")
        }
    }

    /// The same for all files of a folder of this tool's own.
    package static func removeLeftovers(inFolder folder: String) {
        for entry in (try? Folder.entries(at: folder)) ?? [] where entry.kind == .file {
            let name = entry.name.split(separator: ".", omittingEmptySubsequences: false).dropLast(3)
            guard !name.isEmpty, isTemporary(entry.name, of: name.joined(separator: ".")) else { continue }
            unlink("\(folder)/\(entry.name)")
        }
    }

    /// The folder and the name; the folder of a bare name is the current one.
    static func parts(of path: String) -> (folder: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return (".", path) }
        return (slash == path.startIndex ? "/" : String(path[..<slash]), String(path[path.index(after: slash)...]))
    }

    /// `<name>.<process>.<number>.tmp`
    private static func isTemporary(_ candidate: String, of name: String) -> Bool {
        guard candidate.hasPrefix(name + "."), candidate.hasSuffix(".tmp") else { return false }
        let middle = candidate.utf8.dropFirst(name.utf8.count + 1).dropLast(4)
        let numbers = middle.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return numbers.count == 2
            && numbers.allSatisfy { !$0.isEmpty && $0.allSatisfy { (0x30...0x39).contains($0) } }
    }
}
