// Compiled patterns, kept on disk between runs.

import Crypto
import Files

/// The serialized pattern databases of one rule set on one machine.
///
/// Compiling takes a good part of a second, which a hook at every commit cannot spend, so the
/// result is kept in one file. Its name and its header hold a digest of all that it depends on:
/// the rules, Vectorscan's version, and the processor. A file that is damaged, or was made
/// for another key, is made anew.
struct PatternCache {
    /// A database in Vectorscan's portable form.
    struct Pattern: Equatable {
        var bytes: ArraySlice<UInt8>
        /// The most bytes that a match can have.
        var maximumWidth: Int

        init(bytes: [UInt8], maximumWidth: Int) { self.init(part: bytes[...], maximumWidth: maximumWidth) }

        /// A part of a file's bytes, which all patterns share.
        init(part: ArraySlice<UInt8>, maximumWidth: Int) {
            bytes = part
            self.maximumWidth = maximumWidth
        }
    }

    private static let magic = Array("migrate patterns 1\n".utf8)
    /// Far above what hundreds of rules need (about 1 MB); a longer file is not ours.
    private static let sizeLimit = 256 << 20

    let path: String
    let key: [UInt8]

    init(folder: String, key: [UInt8]) {
        self.key = key
        let digits = key.prefix(8).map { byte in
            let text = String(byte, radix: 16)
            return text.count == 1 ? "0" + text : text
        }
        path = folder + "/patterns-" + digits.joined() + ".bin"
    }

    /// The kept patterns; nil when there is no sound file.
    func load() -> [Pattern]? {
        guard let bytes = (try? FileContent.read(path, limit: Self.sizeLimit)) ?? nil else { return nil }
        return Self.decode(bytes, key: key)
    }

    /// Keeps `patterns`. A folder that cannot be written costs time at the next start, nothing else.
    /// - Returns: whether they are kept.
    @discardableResult
    func store(_ patterns: [Pattern]) -> Bool {
        // Into a pipe somebody would have to read first.
        if let status = FileStatus(at: path), status.kind != .file { return false }
        do {
            try AtomicFile.write(Self.encode(patterns, key: key), to: path, isPrivate: true)
            return true
        } catch {
            return false
        }
    }

    static func encode(_ patterns: [Pattern], key: [UInt8]) -> [UInt8] {
        var body = magic + key
        append(UInt64(patterns.count), to: &body)
        for pattern in patterns {
            append(UInt64(pattern.maximumWidth), to: &body)
            append(UInt64(pattern.bytes.count), to: &body)
            body += pattern.bytes
        }
        return sealed(body)
    }

    /// `body` with its digest.
    static func sealed(_ body: [UInt8]) -> [UInt8] { body + SHA256.hash(data: body) }

    static func decode(_ bytes: [UInt8], key: [UInt8]) -> [Pattern]? {
        let digestLength = 32
        guard bytes.count >= magic.count + key.count + 8 + digestLength else { return nil }
        let body = bytes.dropLast(digestLength)
        guard body.starts(with: magic + key), SHA256.hash(data: body) == Array(bytes.suffix(digestLength)) else {
            return nil
        }
        // The digest holds, so the lengths are those that were written.
        var offset = magic.count + key.count
        func next() -> Int? {
            guard offset + 8 <= body.endIndex else { return nil }
            defer { offset += 8 }
            return Int(exactly: body[offset..<offset + 8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
        }
        guard let count = next() else { return nil }
        var patterns: [Pattern] = []
        for _ in 0..<count {
            guard let width = next(), let length = next(), length <= body.endIndex - offset else { return nil }
            patterns.append(Pattern(part: body[offset..<offset + length], maximumWidth: width))
            offset += length
        }
        return offset == body.endIndex ? patterns : nil
    }

    private static func append(_ value: UInt64, to bytes: inout [UInt8]) {
        for shift in stride(from: 56, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(shift)))
        }
    }
}
