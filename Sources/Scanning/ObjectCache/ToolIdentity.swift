// Which program this is, and by which rules it judges, wherever it is installed.

import Crypto
import Detection
import Files

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

enum ToolIdentity {
    /// Changes with the form of what is kept, and with what is kept of an object.
    private static let format = "objects 1"
    private static let samples = 64
    private static let sampleLength = 4_096

    /// A digest of the program and the rules: SHA-256.
    ///
    /// Much of what finds and judges is code, so that another build is another program. A pipeline installs the same
    /// build anew each time: what its file system says of the file does not count, its length does, and pages taken
    /// from all of it, since a change anywhere in the code moves what comes behind it.
    static func digest(_ rules: RuleSet) -> [UInt8] {
        var digest = KeyDigest()
        digest.add(format)
        digest.add(program)
        digest.add(rules)
        return digest.finish()
    }

    private static let program: [UInt8] = {
        var digest = KeyDigest()
        let path = FilePaths.resolved("/proc/self/exe") ?? FilePaths.resolved(CommandLine.arguments.first ?? "")
        let descriptor = path.map { open($0, O_RDONLY | O_CLOEXEC) } ?? -1
        // Nothing can be said of it: a number that no other run has, so that nothing kept is used.
        guard descriptor >= 0 else {
            digest.add(Int.random(in: Int.min...Int.max))
            return digest.finish()
        }
        defer { close(descriptor) }
        let length = Int(lseek(descriptor, 0, SEEK_END))
        digest.add(length)
        var page = [UInt8](repeating: 0, count: sampleLength)
        for sample in 0..<samples {
            let count = pread(descriptor, &page, sampleLength, off_t(length / samples * sample))
            digest.add(page.prefix(max(count, 0)))
        }
        return digest.finish()
    }()
}
