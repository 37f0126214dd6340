// Where the program is that is running, for a script that starts it later.

import Files

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

package enum ProgramPath {
    /// The absolute path by which the program was started.
    ///
    /// Links stay what they are, if they lead to the very program that runs: package managers move a link at each update,
    /// and take away what it led to.
    /// - Parameters:
    ///   - word: the first word of the command line.
    ///   - path: folders in which the shell looks for programs, with colons between.
    /// - Returns: nil where the system does not say what runs.
    package static func current(word: String = CommandLine.arguments[0], path: String?) -> String? {
        guard let running else { return nil }
        for candidate in candidates(word, path) where FilePaths.resolved(candidate) == running { return candidate }
        return running
    }

    private static func candidates(_ word: String, _ path: String?) -> [String] {
        if word.hasPrefix("/") { return [word] }
        if word.contains("/") {
            // Only the folder is resolved, not the link that the program may be.
            let name = word.split(separator: "/").last.map(String.init) ?? word
            let folder = word.dropLast(name.count)
            return FilePaths.resolved(String(folder)).map { [$0 + "/" + name] } ?? []
        }
        return (path ?? "").split(separator: ":").filter { $0.hasPrefix("/") }.map { $0 + "/" + word }
    }

    /// Of what runs, links resolved.
    private static var running: String? {
        #if canImport(Darwin)
            var size: UInt32 = 0
            _NSGetExecutablePath(nil, &size)
            var buffer = [CChar](repeating: 0, count: Int(size) + 1)
            guard _NSGetExecutablePath(&buffer, &size) == 0 else { return nil }
            return buffer.withUnsafeBufferPointer { buffer in
                buffer.baseAddress.flatMap { FilePaths.resolved(String(cString: $0)) }
            }
        #else
            return FilePaths.resolved("/proc/self/exe")
        #endif
    }

    /// Whether there is a program at `path`.
    package static func isProgram(_ path: String) -> Bool {
        guard let resolved = FilePaths.resolved(path), FileStatus(at: resolved)?.kind == .file else { return false }
        return access(resolved, X_OK) == 0
    }

    /// Whether two paths lead to the same program.
    static func isSame(_ path: String, _ other: String?) -> Bool {
        guard let other, let real = FilePaths.resolved(path) else { return false }
        return real == FilePaths.resolved(other)
    }

    /// The first program of that name in the folders of `path`; only absolute folders count.
    package static func find(_ name: String, path: String?) -> String? {
        (path ?? "").split(separator: ":").filter { $0.hasPrefix("/") }.map { $0 + "/" + name }.first(where: isProgram)
    }
}
