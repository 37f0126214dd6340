// Files that Git LFS keeps elsewhere: git holds a pointer to them.

/// What a blob says that stands for a Git LFS object.
///
/// Format: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
struct LFSPointer: Sendable, Hashable {
    /// SHA-256 of the content, 64 hexadecimal digits.
    let digest: String

    /// The specification's own bound on a pointer's size.
    private static let largest = 1_024
    private static let start = Array("version https://git-lfs.github.com/spec/".utf8)
    private static let digestStart = Array("oid sha256:".utf8)

    /// Nil for all other bytes, at the cost of one comparison.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= 100, bytes.count < Self.largest, bytes.starts(with: Self.start) else { return nil }
        guard
            let line = bytes.split(separator: UInt8(ascii: "\n")).first(where: { $0.starts(with: Self.digestStart) }),
            line.count == Self.digestStart.count + 64
        else { return nil }
        let digits = line.dropFirst(Self.digestStart.count)
        guard digits.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }) else { return nil }
        digest = String(decoding: digits, as: UTF8.self)
    }

    /// Where the content is, if it was fetched.
    func path(in commonFolder: String) -> String {
        let (first, second) = (digest.prefix(2), digest.dropFirst(2).prefix(2))
        return "\(commonFolder)lfs/objects/\(first)/\(second)/\(digest)"
    }
}
