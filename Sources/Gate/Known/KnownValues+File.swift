// `.migrate/local/known` and the key beside it: private files of a folder that git ignores.

import Detection
import Files
package import Secrets

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A value that a command has in memory.
package struct RememberedValue: Sendable {
    /// What it is called: a key of the secret, a name in the code.
    package var name: String
    package var value: SharedSecret
    /// Whether a scan has found it.
    package var isFromScan: Bool

    package init(name: String, value: SharedSecret, isFromScan: Bool = false) {
        self.name = name
        self.value = value
        self.isFromScan = isFromScan
    }
}

/// The file cannot be used.
package struct KnownValuesError: Error, Sendable, Equatable {
    package var path: String
    package var reason: String
}

extension KnownValues {
    /// Relative to a repository's root.
    package static let path = ".migrate/local/known"
    private static let keyPath = ".migrate/local/known.key"
    private static let magic = Array("migrate known 1\n".utf8)
    /// The oldest are forgotten beyond this.
    private static let most = 10_000
    private static let largest = 1 << 20

    /// What earlier commands of this clone have left; nothing without a file.
    ///
    /// - Throws: `KnownValuesError`, `FileError`: what is known is not known, then.
    package static func load(root: String) throws -> KnownValues {
        let path = root + "/" + Self.path
        guard let bytes = try FileContent.read(path, limit: largest) else { return .none }
        guard let entries = entries(bytes) else { throw KnownValuesError(path: path, reason: "it is damaged") }
        guard let key = KnownKey(try FileContent.read(root + "/" + keyPath, limit: KnownKey.length) ?? []) else {
            throw KnownValuesError(path: path, reason: "its key, \(keyPath), is missing or damaged")
        }
        return KnownValues(entries: entries, key: key)
    }

    /// Whether there is a folder that digests can be kept in.
    package static func isKept(root: String) -> Bool { FileStatus(at: root + "/.migrate")?.kind == .folder }

    /// Adds digests of those values that are worth it to what this clone knows. It does nothing where there is no
    /// `.migrate/`, and where the files cannot be written: it must not keep the caller from what it is about.
    package static func remember(_ values: [RememberedValue], root: String) {
        guard !values.isEmpty, isKept(root: root) else { return }
        try? store(values, root: root)
    }

    private static func store(_ values: [RememberedValue], root: String) throws {
        let worth = values.filter(isWorthIt)
        guard !worth.isEmpty else { return }
        let folder = root + "/.migrate/local"
        guard mkdir(folder, 0o700) == 0 || FileStatus(at: folder)?.kind == .folder else { return }
        let ignore = folder + "/.gitignore"
        if FileStatus(at: ignore) == nil { try AtomicFile.write("*\n".utf8, to: ignore) }
        let place = root + "/" + path
        try LockedFile.update(place, limit: largest) { bytes in
            var entries = bytes.flatMap(entries(_:)) ?? []
            let keyPlace = root + "/" + keyPath
            var key = KnownKey(((try? FileContent.read(keyPlace, limit: KnownKey.length)) ?? nil) ?? [])
            if key == nil {
                // What was digested under a key that is gone says nothing.
                entries = []
                var generator = SystemRandomNumberGenerator()
                let random = (0..<KnownKey.length).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
                try AtomicFile.write(random, to: keyPlace, isPrivate: true)
                key = KnownKey(random)
            }
            guard let key else { return nil }
            let before = entries
            for value in worth {
                value.value.withBytes { span in
                    span.withUnsafeBytes { buffer in
                        let entry = KnownEntry(trimmed(buffer), key, isFromScan: value.isFromScan)
                        guard let place = entries.firstIndex(where: { $0.digest == entry.digest }) else {
                            return entries.append(entry)
                        }
                        // What is in the secret is more than what a scan has found.
                        if !value.isFromScan { entries[place].isFromScan = false }
                    }
                }
            }
            if entries == before { return nil }
            return magic + entries.suffix(most).flatMap(\.record)
        }
        chmod(place, 0o600)
    }

    private static func entries(_ bytes: [UInt8]) -> [KnownEntry]? {
        guard bytes.starts(with: magic), (bytes.count - magic.count) % KnownEntry.size == 0 else { return nil }
        let entries = stride(from: magic.count, to: bytes.count, by: KnownEntry.size).map {
            KnownEntry(bytes[$0..<$0 + KnownEntry.size])
        }
        let lengths = UInt32(KnownEntry.shortest)...UInt32(KnownEntry.longest)
        return entries.allSatisfy { lengths.contains($0.length) } ? entries : nil
    }

    /// Whether a value is a secret by its name and its looks, and no word, number or address that code may well hold.
    private static func isWorthIt(_ value: RememberedValue) -> Bool {
        value.value.withBytes { span in
            span.withUnsafeBytes { buffer in
                let bytes = trimmed(buffer)
                guard (KnownEntry.shortest...KnownEntry.longest).contains(bytes.count), !bytes.contains(0x0A) else {
                    return false
                }
                let isPlain =
                    bytes.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
                    || bytes.count < 12
                        && (bytes.allSatisfy { (0x61...0x7A).contains($0) }
                            || bytes.allSatisfy { (0x41...0x5A).contains($0) })
                if isPlain { return false }
                let text = bytes.assumingMemoryBound(to: UInt8.self).span
                if StandaloneValue.isPlaceholder(text) { return false }
                // A scan has judged already.
                if value.isFromScan { return true }
                let name = Array((value.name.isEmpty ? "SECRET" : value.name).utf8)
                switch ValueJudge.judge(key: name.span, value: text, in: .dotenv).valueClass {
                case .secret, .connectionString: return true
                case .publicByDesign, .configuration, .placeholder, .reference, .empty: return false
                }
            }
        }
    }

    private static func trimmed(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
        var (start, end) = (0, bytes.count)
        while start < end, isSpace(bytes[start]) { start += 1 }
        while end > start, isSpace(bytes[end - 1]) { end -= 1 }
        return UnsafeRawBufferPointer(rebasing: bytes[start..<end])
    }
}
