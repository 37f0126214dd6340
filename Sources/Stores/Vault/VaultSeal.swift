// One sealed file: what stands in it, and in what order.

import Crypto
import Secrets

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A file of a vault: the header (7 bytes `migrate`, the version, 16 bytes of key id, two bytes of length and the
/// secret's name), a nonce of 12 bytes, the content under AES-256-GCM, and its tag of 16 bytes. The header is sealed as
/// associated data: a file that was changed, cut or put in another's place does not open.
enum VaultSeal {
    private static let mark = Array("migrate".utf8)
    private static let version: UInt8 = 1
    private static let nonceByteCount = 12
    private static let tagByteCount = 16

    static func seal(_ content: borrowing SecretValue, name: String, key: VaultKey) throws(StoreError) -> [UInt8] {
        let header = header(name: name, key: key)
        do {
            // The nonce is random and new each time: 2^32 writes under one key are safe.
            let box = try content.withBytes { bytes in
                try bytes.withUnsafeBytes { try AES.GCM.seal($0, using: key.symmetric, authenticating: header) }
            }
            return header + box.nonce + box.ciphertext + box.tag
        } catch {
            throw .encryption(name: name, reason: "the system's cryptography failed")
        }
    }

    /// - Throws: `StoreError.damaged`, `.wrongKey`.
    static func open(_ file: [UInt8], name: String, key: VaultKey, path: String) throws(StoreError) -> SecretValue {
        let parts = try parts(of: file, path: path)
        guard parts.keyID == ArraySlice(key.id) else { throw .wrongKey(path: path) }
        guard parts.name == ArraySlice(name.utf8) else {
            throw .damaged(path: path, reason: "it is the file of another secret")
        }
        do {
            let box = try AES.GCM.SealedBox(
                nonce: AES.GCM.Nonce(data: parts.nonce), ciphertext: parts.content, tag: parts.tag)
            var opened = try AES.GCM.open(box, using: key.symmetric, authenticating: parts.header)
            defer { opened.withUnsafeMutableBytes { SecretMemory.wipe($0) } }
            return SecretValue(copying: opened)
        } catch {
            throw .damaged(path: path, reason: "its seal is broken: it was changed or cut short")
        }
    }

    /// The name in the header, which is not proved until the file is opened; nil when there is none.
    static func claimedName(of file: [UInt8]) -> String? {
        guard let parts = try? parts(of: file, path: "") else { return nil }
        let name = String(decoding: parts.name, as: UTF8.self)
        return (try? SecretName(new: name))?.name
    }

    private static func header(name: String, key: VaultKey) -> [UInt8] {
        let name = Array(name.utf8)
        return mark + [version] + key.id + [UInt8(name.count >> 8), UInt8(name.count & 0xFF)] + name
    }

    private struct Parts {
        var header: ArraySlice<UInt8>
        var keyID: ArraySlice<UInt8>
        var name: ArraySlice<UInt8>
        var nonce: ArraySlice<UInt8>
        var content: ArraySlice<UInt8>
        var tag: ArraySlice<UInt8>
    }

    private static func parts(of file: [UInt8], path: String) throws(StoreError) -> Parts {
        guard !file.isEmpty else { throw .damaged(path: path, reason: "it is empty") }
        guard file.starts(with: mark), file.count > mark.count else {
            throw .damaged(path: path, reason: "it is no file of a vault")
        }
        guard file[mark.count] == version else {
            throw .damaged(path: path, reason: "it has the format \(file[mark.count]), and only \(version) is known")
        }
        let keyStart = mark.count + 1
        let nameStart = keyStart + VaultKey.idByteCount + 2
        guard file.count >= nameStart else { throw .damaged(path: path, reason: "it is cut short") }
        let nameEnd = nameStart + Int(file[nameStart - 2]) << 8 + Int(file[nameStart - 1])
        let contentStart = nameEnd + nonceByteCount
        let contentEnd = file.count - tagByteCount
        guard contentStart <= contentEnd else { throw .damaged(path: path, reason: "it is cut short") }
        return Parts(
            header: file[..<nameEnd], keyID: file[keyStart..<nameStart - 2], name: file[nameStart..<nameEnd],
            nonce: file[nameEnd..<contentStart], content: file[contentStart..<contentEnd], tag: file[contentEnd...])
    }
}
