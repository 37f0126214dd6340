// Values compared without being kept.

internal import Crypto

/// Digests under a key that is drawn for one run and never leaves the process.
struct ValueDigest: Sendable {
    /// 128 bits: two values have the same one by chance only.
    struct Code: Hashable, Sendable {
        fileprivate let high: UInt64
        fileprivate let low: UInt64
    }

    private let key = SymmetricKey(size: .bits256)

    init() {}

    func code(_ value: Span<UInt8>) -> Code {
        var code = HMAC<SHA256>(key: key)
        value.withUnsafeBytes { code.update(data: $0) }
        return code.finalize().withUnsafeBytes {
            Code(
                high: $0.loadUnaligned(as: UInt64.self), low: $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        }
    }

    /// As `.secrets.baseline` has it: forty hexadecimal digits. What a value is guarded by is not our choice here.
    static func sha1(_ value: Span<UInt8>) -> String {
        var hash = Insecure.SHA1()
        value.withUnsafeBytes { hash.update(bufferPointer: $0) }
        let digits = Array("0123456789abcdef".utf8)
        let text = hash.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }
}
