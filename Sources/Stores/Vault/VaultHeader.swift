// `vault.json`: which key a vault has, and how a passphrase becomes it.

import Crypto
import CryptoExtras
import Files
import JSON
import Secrets

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a vault says of its key. Holds no secret.
struct VaultHeader: Sendable, Equatable {
    /// The cost of turning a passphrase into a key (RFC 7914).
    struct Scrypt: Sendable, Equatable {
        var salt: [UInt8]
        /// N: a power of two.
        var rounds: Int
        /// r
        var blockSize: Int
        /// p
        var parallelism: Int

        static let saltByteCount = 16
        /// Bounds on what a file may ask for: not so little that a passphrase is guessed, not so much that reading the
        /// file ties up the machine (1 GiB).
        var isWithinBounds: Bool {
            (16...64).contains(salt.count) && rounds.nonzeroBitCount == 1 && (1 << 15...1 << 20).contains(rounds)
                && (8...16).contains(blockSize) && (1...4).contains(parallelism) && 128 * rounds * blockSize <= 1 << 30
        }

        /// - Throws: `StoreError.invalid`.
        func key(from passphrase: Secrets.SharedSecret) throws(StoreError) -> VaultKey {
            guard !passphrase.isEmpty else { throw .invalid(what: "the passphrase", reason: "it is empty") }
            do {
                return try passphrase.withBytes { bytes in
                    try bytes.withUnsafeBytes { bytes in
                        VaultKey(
                            try KDF.Scrypt.deriveKey(
                                from: bytes, salt: salt, outputByteCount: VaultKey.byteCount, rounds: rounds,
                                blockSize: blockSize, parallelism: parallelism))
                    }
                }
            } catch {
                throw .invalid(what: "the passphrase", reason: "no key could be made of it: there is too little memory")
            }
        }
    }

    var keyID: [UInt8]
    /// Nil for a vault that a key file unlocks.
    var scrypt: Scrypt?

    /// - Throws: `StoreError.damaged`, `.file`. Nil when there is no such file.
    static func read(_ path: String) throws(StoreError) -> VaultHeader? {
        let bytes: [UInt8]?
        do { bytes = try FileContent.read(path, limit: 16 << 10) } catch {
            if error.isTooLarge { throw .damaged(path: path, reason: "it is too large") }
            throw .file(error)
        }
        guard let bytes else { return nil }
        let root: JSONValue
        do { root = try JSONDocument(parsing: bytes).root } catch {
            throw .damaged(path: path, reason: "it is no JSON (line \(error.line), column \(error.column))")
        }
        guard root["format"]?.string == "migrate vault", let version = root["version"]?.int else {
            throw .damaged(path: path, reason: "it is no header of a vault")
        }
        guard version == 1 else {
            throw .damaged(path: path, reason: "it has the format \(version), and only 1 is known")
        }
        guard let keyID = root["keyID"]?.string.flatMap(Hexadecimal.bytes), keyID.count == VaultKey.idByteCount else {
            throw .damaged(path: path, reason: "it names no key")
        }
        guard let costs = root["scrypt"] else { return VaultHeader(keyID: keyID, scrypt: nil) }
        guard let salt = costs["salt"]?.string.flatMap(Hexadecimal.bytes), let rounds = costs["rounds"]?.int,
            let blockSize = costs["blockSize"]?.int, let parallelism = costs["parallelism"]?.int
        else { throw .damaged(path: path, reason: "parameters of scrypt are missing") }
        let scrypt = Scrypt(salt: salt, rounds: rounds, blockSize: blockSize, parallelism: parallelism)
        guard scrypt.isWithinBounds else {
            throw .damaged(path: path, reason: "its parameters of scrypt are out of bounds")
        }
        return VaultHeader(keyID: keyID, scrypt: scrypt)
    }

    /// - Throws: `StoreError.file`.
    func write(to path: String) throws(StoreError) {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("format", "migrate vault")
        writer.key("version")
        writer.number(1)
        writer.member("keyID", Hexadecimal.text(keyID))
        if let scrypt {
            writer.key("scrypt")
            writer.beginObject()
            writer.member("salt", Hexadecimal.text(scrypt.salt))
            for (name, number) in [
                ("rounds", scrypt.rounds), ("blockSize", scrypt.blockSize), ("parallelism", scrypt.parallelism),
            ] {
                writer.key(name)
                writer.number(number)
            }
            writer.endObject()
        }
        writer.endObject()
        let text = writer.finish().withBytes { bytes in bytes.indices.map { bytes[$0] } }
        try VaultFile.write(text + [0x0A], to: path)
    }
}
