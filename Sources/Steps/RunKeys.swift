// Keys of runs that are the same when a run is cut short and begun again.

import Checklist
import Files
package import Secrets
package import Stores

// One by one: Crypto has a `SharedSecret` of its own.
import struct Crypto.HMAC
import struct Crypto.SHA256
import struct Crypto.SymmetricKey

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What a step derives from the token of its intent. The token alone is in the state file, which is published; the
/// other half is a file that stays on this machine, so that nobody can compute what was derived.
package struct RunKeys: Sendable {
    /// In `.migrate/local`.
    package static let fileName = "run-key"

    private let master: SharedSecret

    /// Reads the file, and makes it first where it is missing: 32 random bytes in hexadecimal digits, for its owner
    /// alone.
    /// - Throws: `StepFailure` when the file cannot be used; `FileError`, `StoreError.file` when it cannot be made.
    package init(_ workbench: Workbench) throws {
        try LocalFolder.prepare(root: workbench.root)
        let path = workbench.localFolder + "/" + Self.fileName
        // One run at a time has use for it.
        AtomicFile.removeLeftovers(of: path)
        if try FileStatus.lookUp(Array(path.utf8)) == nil {
            do { try VaultKeyFile.create(at: path, world: workbench.world) } catch {
                // Another run has made it at the same moment: its key is as good, as long as both use the same.
                guard try FileStatus.lookUp(Array(path.utf8)) != nil else { throw error }
            }
        }
        master = try Self.read(path)
    }

    /// The keys, where a run on this machine has made the file; nil where none has. Nothing is written.
    /// - Throws: `StepFailure` when the file cannot be used.
    package static func existing(_ workbench: Workbench) throws -> RunKeys? {
        let path = workbench.localFolder + "/" + fileName
        guard try FileStatus.lookUp(Array(path.utf8)) != nil else { return nil }
        return RunKeys(master: try read(path))
    }

    private init(master: SharedSecret) { self.master = master }

    /// The key of a merge that belongs to the intent.
    /// - Parameter token: of the intent.
    package func runKey(_ token: String) throws -> RunKey {
        try RunKey(bytes(for: "merge", token: token))
    }

    /// Thirty-two bytes that nobody else can tell, the same for the same purpose and token.
    /// - Parameter purpose: what they are for, without a NUL; other purposes get other bytes.
    package func bytes(for purpose: String, token: String) -> SharedSecret {
        let key = master.withBytes { span in span.withUnsafeBytes { SymmetricKey(data: $0) } }
        var code = HMAC<SHA256>(key: key)
        for part in [purpose, token] { code.update(data: Array(part.utf8) + [0]) }
        return code.finalize().withUnsafeBytes { SharedSecret(copying: $0) }
    }

    private static func read(_ path: String) throws -> SharedSecret {
        let shown = LocalFolder.path + "/" + fileName
        func unusable(_ reason: String, _ remedy: String) -> StepFailure {
            StepFailure("\(shown) \(reason)", remedy: remedy)
        }
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw unusable("is not a regular file", "remove it; it is made anew")
        }
        guard status.st_uid == geteuid(), status.st_mode & 0o077 == 0 else {
            throw unusable("can be read by others", "chmod 600 \(shown)")
        }
        guard var text = try FileContent.read(path, limit: 1_024) else {
            throw unusable("has gone while it was read", "run again")
        }
        defer { text.withUnsafeMutableBytes { SecretMemory.wipe($0) } }
        guard let bytes = decoded(text) else {
            throw unusable("holds no 32 bytes as hexadecimal digits", "remove it; it is made anew")
        }
        return SharedSecret(bytes)
    }

    private static func decoded(_ text: [UInt8]) -> SecretValue? {
        let digits = text.last == UInt8(ascii: "\n") ? text.dropLast() : text[...]
        guard digits.count == 2 * RunKey.length else { return nil }
        var bytes = SecretBuffer(capacity: RunKey.length)
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = value(digits[index]), let low = value(digits[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes.finish()
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
