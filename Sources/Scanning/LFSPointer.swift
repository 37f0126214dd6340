// Files that Git LFS keeps elsewhere: git holds a pointer to them.

import Crypto
import Files

/// What a blob says that stands for a Git LFS object.
///
/// Format: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
struct LFSPointer: Sendable, Hashable {
    /// SHA-256 of the content, 64 hexadecimal digits.
    let digest: String
    /// Of the content, in bytes; nil where the pointer does not say.
    let size: Int?

    /// The specification's own bound on a pointer's size.
    private static let largest = 1_024
    private static let start = Array("version https://git-lfs.github.com/spec/".utf8)
    private static let digestStart = Array("oid sha256:".utf8)
    private static let sizeStart = Array("size ".utf8)

    /// Nil for all other bytes, at the cost of one comparison.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= 100, bytes.count < Self.largest, bytes.starts(with: Self.start) else { return nil }
        let lines = bytes.split(separator: UInt8(ascii: "\n"))
        guard let line = lines.first(where: { $0.starts(with: Self.digestStart) }),
            line.count == Self.digestStart.count + 64
        else { return nil }
        let digits = line.dropFirst(Self.digestStart.count)
        guard digits.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }) else { return nil }
        digest = String(decoding: digits, as: UTF8.self)
        size = lines.first { $0.starts(with: Self.sizeStart) }
            .flatMap { Int(String(decoding: $0.dropFirst(Self.sizeStart.count), as: UTF8.self)) }
    }

    /// Where the content is, if it was fetched.
    func path(in commonFolder: String) -> String {
        let (first, second) = (digest.prefix(2), digest.dropFirst(2).prefix(2))
        return "\(commonFolder)lfs/objects/\(first)/\(second)/\(digest)"
    }

    /// Whether the file at `path` is the content that the pointer names, whole and unchanged.
    ///
    /// - Throws: `FileError` when it cannot be read.
    func names(contentAt path: String) throws -> Bool {
        var hash = SHA256()
        var count = 0
        try FileWindows.read(Array(path.utf8)) { window in
            hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: window.bytes[window.own]))
            count += window.own.count
        }
        return (size ?? count) == count && Self.hexadecimal(hash.finalize()) == digest
    }

    /// The digest by which a pointer names `content`.
    static func digest(of content: [UInt8]) -> String { hexadecimal(SHA256.hash(data: content)) }

    private static func hexadecimal(_ digest: SHA256Digest) -> String {
        digest.map { byte in
            let digits = String(byte, radix: 16)
            return digits.utf8.count == 1 ? "0" + digits : digits
        }.joined()
    }
}
