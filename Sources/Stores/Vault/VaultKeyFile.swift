// The file that holds a vault's key: read with suspicion, made once.

import Secrets
package import World

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A text file with 32 bytes as hexadecimal digits or Base64, which belongs to the user and which nobody else may open.
package enum VaultKeyFile {
    /// Longer than any spelling of a key with white space around it.
    private static let limit = 1_024

    /// `$XDG_CONFIG_HOME/migrate/vault.key`, by default `~/.config/migrate/vault.key`: not beside the vault, so that a
    /// copy of the one is not a copy of both. Nil when the user has no home.
    package static func defaultPath(in world: World) -> String? {
        if let folder = world.variable("XDG_CONFIG_HOME"), folder.hasPrefix("/") {
            return folder + "/migrate/vault.key"
        }
        return world.homeFolder.map { $0 + "/.config/migrate/vault.key" }
    }

    /// Makes a key from `world.randomBytes` and the file that holds it, with mode 0600. The file appears whole or not
    /// at all, and takes no other's place.
    /// - Throws: `StoreError.file`.
    package static func create(at path: String, world: World) throws(StoreError) {
        try VaultFolder.make(VaultFolder.parent(of: path))
        let text = newKeyText(world)
        // Written under a name of its own, so that no reader meets half a key, and a crash leaves none.
        let temporary = "\(path).\(getpid()).\(UInt32.random(in: 0...UInt32.max)).tmp"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .systemFailure(path, "it cannot be made") }
        defer { unlink(temporary) }
        let isWritten = text.withBytes { bytes in
            bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) == $0.count }
        }
        let isSynced = isWritten && fsync(descriptor) == 0
        let failure: StoreError? = isSynced ? nil : .systemFailure(path, "it cannot be written")
        close(descriptor)
        if let failure { throw failure }
        // Unlike a rename, a link never replaces what is there.
        guard link(temporary, path) == 0 else {
            throw errno == EEXIST
                ? .file(path: path, reason: "it is there already") : .systemFailure(path, "it cannot be made")
        }
        syncFolder(of: path)
    }

    /// Makes the file's name durable: a key that a power cut takes away takes along all that was sealed under it. A file
    /// system that cannot (some network mounts) is no failure.
    private static func syncFolder(of path: String) {
        let descriptor = open(VaultFolder.parent(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        _ = fsync(descriptor)
        close(descriptor)
    }

    /// - Throws: `StoreError.keyFile` when it cannot be read, is not the user's alone, or holds no key.
    static func read(_ path: String) throws(StoreError) -> VaultKey {
        // Without O_NONBLOCK, opening a FIFO would wait for a writer.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw unusable(path, "it cannot be opened: \(String(cString: strerror(errno)))") }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw unusable(path, "it cannot be opened: \(String(cString: strerror(errno)))")
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw unusable(path, "it is not a regular file")
        }
        guard status.st_uid == geteuid() else {
            throw unusable(path, "it belongs to another user (user id \(status.st_uid))")
        }
        guard status.st_mode & 0o077 == 0 else {
            let mode = String(status.st_mode & 0o777, radix: 8)
            throw .keyFile(
                path: path, reason: "others may open it: its mode is 0\(mode), and must be 0600", isOpenToOthers: true)
        }
        let room = UnsafeMutableRawBufferPointer.allocate(byteCount: limit, alignment: 1)
        defer {
            SecretMemory.wipe(room)
            room.deallocate()
        }
        var count = 0
        while count < limit {
            let part = Self.read(descriptor, UnsafeMutableRawBufferPointer(rebasing: room[count...]))
            guard part >= 0 else { throw unusable(path, "it cannot be read: \(String(cString: strerror(errno)))") }
            if part == 0 { break }
            count += part
        }
        guard let key = key(in: UnsafeRawBufferPointer(rebasing: room[..<count])) else {
            throw unusable(path, "it holds no 32 bytes as hexadecimal digits or Base64, or all its bytes are the same")
        }
        return key
    }

    private static func unusable(_ path: String, _ reason: String) -> StoreError {
        .keyFile(path: path, reason: reason, isOpenToOthers: false)
    }

    /// The system's `read`, begun again when a signal interrupts it.
    private static func read(_ descriptor: Int32, _ room: UnsafeMutableRawBufferPointer) -> Int {
        while true {
            #if canImport(Darwin)
                let count = Darwin.read(descriptor, room.baseAddress, room.count)
            #elseif canImport(Musl)
                let count = Musl.read(descriptor, room.baseAddress, room.count)
            #else
                let count = Glibc.read(descriptor, room.baseAddress, room.count)
            #endif
            if count >= 0 || errno != EINTR { return count }
        }
    }

    private static func newKeyText(_ world: World) -> SecretValue {
        var bytes = world.randomBytes(VaultKey.byteCount)
        defer { bytes.withUnsafeMutableBytes { SecretMemory.wipe($0) } }
        var text = SecretBuffer(capacity: 2 * VaultKey.byteCount + 1)
        for byte in bytes {
            text.append(Hexadecimal.digit(byte >> 4))
            text.append(Hexadecimal.digit(byte & 15))
        }
        text.append(UInt8(ascii: "\n"))
        return text.finish()
    }

    /// The key that the text spells, white space around it aside; nil when it spells none.
    static func key(in text: UnsafeRawBufferPointer) -> VaultKey? {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
        guard let first = text.firstIndex(where: { !isSpace($0) }), let last = text.lastIndex(where: { !isSpace($0) })
        else { return nil }
        let text = UnsafeRawBufferPointer(rebasing: text[first...last])
        let decoded = text.count == 2 * VaultKey.byteCount ? hexadecimal(text) : base64(text)
        guard let decoded, decoded.count == VaultKey.byteCount else { return nil }
        let isUniform = decoded.withBytes { bytes in bytes.indices.allSatisfy { bytes[$0] == bytes[0] } }
        // A row of zeros is somebody's placeholder.
        return isUniform ? nil : VaultKey(decoded)
    }

    private static func hexadecimal(_ text: UnsafeRawBufferPointer) -> SecretValue? {
        var bytes = SecretBuffer(capacity: text.count / 2)
        for index in stride(from: 0, to: text.count, by: 2) {
            guard let high = Hexadecimal.value(text[index]), let low = Hexadecimal.value(text[index + 1]) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        return bytes.finish()
    }

    /// Both alphabets, with padding or without.
    private static func base64(_ text: UnsafeRawBufferPointer) -> SecretValue? {
        var bytes = SecretBuffer(capacity: text.count)
        var (bits, count): (UInt32, UInt32) = (0, 0)
        let digits = text.prefix { $0 != UInt8(ascii: "=") }
        guard text[digits.endIndex...].allSatisfy({ $0 == UInt8(ascii: "=") }),
            text.count == digits.count || text.count == (digits.count + 3) / 4 * 4
        else { return nil }
        for byte in digits {
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit = byte - UInt8(ascii: "A")
            case UInt8(ascii: "a")...UInt8(ascii: "z"): digit = byte - UInt8(ascii: "a") + 26
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0") + 52
            case UInt8(ascii: "+"), UInt8(ascii: "-"): digit = 62
            case UInt8(ascii: "/"), UInt8(ascii: "_"): digit = 63
            default: return nil
            }
            bits = (bits << 6 | UInt32(digit)) & 0xFFFF
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> count))
            }
        }
        // Bits that are left over must be zero: else the last digit was cut or mistyped.
        guard bits & ((1 << count) - 1) == 0 else { return nil }
        return bytes.finish()
    }
}

enum Hexadecimal {
    static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x61 + value - 10 }

    static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    static func text(_ bytes: some Sequence<UInt8>) -> String {
        String(decoding: bytes.flatMap { [digit($0 >> 4), digit($0 & 15)] }, as: UTF8.self)
    }

    /// Nil for what is no row of pairs of digits.
    static func bytes(_ text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count % 2 == 0 else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = value(digits[index]), let low = value(digits[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }
}
