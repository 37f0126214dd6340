// Values on their way in: from standard input, a file descriptor, a file or the keyboard; never from arguments.

import ArgumentParser
import Files
import Secrets
import Stores

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Where a single value comes from.
struct ValueSourceOptions: ParsableArguments {
    @Option(help: "Read the value from this file descriptor.")
    var fd: Int32?

    @Option(name: .customLong("from-file"), help: "Read the value from this file; - is standard input.")
    var file: String?

    @Flag(help: "Keep a line break at the end, which is cut off otherwise.")
    var keepNewline = false

    @Flag(help: "Take an empty value for what is meant, and not for a pipe that failed.")
    var allowEmpty = false

    func validate() throws {
        if fd != nil && file != nil { throw ValidationError("Give one of --fd and --from-file.") }
        if let fd, fd < 0 { throw ValidationError("--fd takes the number of an open file descriptor.") }
    }

    /// The value: from where the options say, else from standard input if that is no terminal, else asked for.
    func read(for key: String) throws -> SharedSecret {
        var buffer: SecretBuffer
        if let fd {
            buffer = try SecretInput.read(fd, name: "file descriptor \(fd)")
        } else if let file, file != "-" {
            // Blocking, so that a pipe (`<(command)`) is waited for: without a writer it would look empty.
            let descriptor = open(file, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw FileError(readingFrom: file, errorNumber: errno) }
            defer { close(descriptor) }
            buffer = try SecretInput.read(descriptor, name: file)
        } else if file == nil, isatty(STDIN_FILENO) == 1 {
            return try Prompt.secret(
                "Value of \(key) (it does not show): ", need: "the value of \(key)",
                remedy: "printf %s \"$VALUE\" | migrate secret set \(key)")
        } else {
            buffer = try SecretInput.read(STDIN_FILENO, name: StandardStream.input)
        }
        if !keepNewline { SecretInput.dropLineBreak(&buffer) }
        let value = SharedSecret(buffer.finish())
        if value.isEmpty, !allowEmpty { throw EmptyValue(key: key) }
        let beginning = Array("\(key)=".utf8)
        let repeatsKey = value.withBytes { bytes in
            bytes.count > beginning.count && beginning.indices.allSatisfy { bytes[$0] == beginning[$0] }
        }
        if repeatsKey {
            Diagnostics.note(
                "warning: the value begins with `\(key)=`; a line of a file, perhaps? migrate secret import reads those."
            )
        }
        return value
    }
}

/// Nothing came where a value was expected.
struct EmptyValue: Error {
    let key: String
}

enum SecretInput {
    /// A whole secret has at most 65,536 bytes; a little more, so that too long a value is told as that.
    private static let limit = 1 << 20

    static func read(_ descriptor: Int32, name: String) throws -> SecretBuffer {
        var buffer = SecretBuffer(capacity: 4_096)
        let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 4_096, alignment: 1)
        defer {
            SecretMemory.wipe(chunk)
            chunk.deallocate()
        }
        while true {
            #if canImport(Glibc)
                let count = Glibc.read(descriptor, chunk.baseAddress, chunk.count)
            #elseif canImport(Musl)
                let count = Musl.read(descriptor, chunk.baseAddress, chunk.count)
            #else
                let count = Darwin.read(descriptor, chunk.baseAddress, chunk.count)
            #endif
            if count == 0 { return buffer }
            if count < 0 {
                if errno == EINTR { continue }
                throw FileError(readingFrom: name, errorNumber: errno)
            }
            if buffer.count + count > limit { throw FileError(readingFrom: name, errorNumber: EFBIG) }
            buffer.append(Span(_unsafeBytes: UnsafeRawBufferPointer(rebasing: chunk[..<count])))
        }
    }

    /// What `echo` and editors add at the end is not meant.
    static func dropLineBreak(_ buffer: inout SecretBuffer) {
        let length = buffer.withBytes { bytes in
            guard let last = bytes.indices.last, bytes[last] == 0x0A else { return 0 }
            return last > 0 && bytes[last - 1] == 0x0D ? 2 : 1
        }
        buffer.removeLast(length)
    }
}
