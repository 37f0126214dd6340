// What the terminal can do, and the three standard streams.

import Files
import Reporting

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

struct Terminal {
    let isTerminal: Bool
    /// Columns.
    let width: Int

    static let standardOutput = Terminal(STDOUT_FILENO)
    static let standardError = Terminal(STDERR_FILENO)

    private init(_ descriptor: Int32) {
        isTerminal = isatty(descriptor) == 1
        var size = winsize()
        if isTerminal, ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
            width = Int(size.ws_col)
        } else {
            width = Environment["COLUMNS"].flatMap { Int($0) } ?? 80
        }
    }

    /// See https://no-color.org.
    var hasColour: Bool { isTerminal && (Environment["NO_COLOR"] ?? "").isEmpty && Environment["TERM"] != "dumb" }

    /// Whether the locale's text is UTF-8.
    static var isUTF8: Bool {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { Environment[$0] }.first { !$0.isEmpty } ?? ""
        let name = locale.uppercased()
        return name.contains("UTF-8") || name.contains("UTF8")
    }
}

enum Environment {
    static subscript(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
}

enum Processors {
    static let count = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
}

enum StandardStream {
    static let (input, output, error) = ("standard input", "standard output", "standard error")
    static let names: Set = [input, output, error]

    /// Fills the places of streams that the caller closed, so that no file which is opened later gets their numbers
    /// and a report with them. What is used the wrong way round fails as a closed stream would.
    static func reserve() {
        for (descriptor, mode) in [(STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDONLY)]
        where fcntl(descriptor, F_GETFD) < 0 {
            _ = open("/dev/null", mode)
        }
    }
}

enum StandardOutput {
    /// - Throws: `FileError`, but not when the reader has gone (`| head`).
    static func write(_ bytes: [UInt8]) throws {
        try writeAll(bytes, to: STDOUT_FILENO, name: StandardStream.output)
    }

    /// A value that was asked for. It is copied nowhere on its way.
    static func write(
        _ bytes: Span<UInt8>, to descriptor: Int32 = STDOUT_FILENO, name: String = StandardStream.output
    ) throws {
        try bytes.withUnsafeBytes { try writeAll($0, to: descriptor, name: name) }
    }

    /// The same into a device or a pipe that has a name.
    static func write(_ bytes: [UInt8], toSpecialFile path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError(writingTo: path, errorNumber: errno) }
        defer { close(descriptor) }
        try writeAll(bytes, to: descriptor, name: path)
    }
}

enum Diagnostics {
    /// One line. Names in it may come from a repository or a store, so it is cleaned.
    static func note(_ line: String) { error("migrate: " + Sanitizer(unicode: Terminal.isUTF8).clean(line)) }

    /// Several lines, as they are.
    static func text(_ text: String) {
        try? writeAll(Array(text.utf8), to: STDERR_FILENO, name: StandardStream.error)
    }

    static func error(_ line: String) {
        // There is nowhere left to tell that standard error is gone.
        try? writeAll(Array((line + "\n").utf8), to: STDERR_FILENO, name: StandardStream.error)
    }
}

private func writeAll(_ bytes: [UInt8], to descriptor: Int32, name: String) throws {
    try bytes.withUnsafeBytes { try writeAll($0, to: descriptor, name: name) }
}

private func writeAll(_ buffer: UnsafeRawBufferPointer, to descriptor: Int32, name: String) throws {
    var offset = 0
    while offset < buffer.count {
        let written = write(descriptor, buffer.baseAddress.map { $0 + offset }, buffer.count - offset)
        if written < 0 {
            if errno == EINTR { continue }
            if errno == EPIPE { return }
            throw FileError(writingTo: name, errorNumber: errno)
        }
        offset += written
    }
}

enum StandardInput {
    /// As much as a blob may have: it is held in memory whole.
    private static let limit = 512 << 20

    /// Everything up to the end.
    static func readAll() throws -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(STDIN_FILENO, &buffer, buffer.count)
            if count == 0 { return bytes }
            if count < 0 {
                if errno == EINTR { continue }
                throw FileError(readingFrom: StandardStream.input, errorNumber: errno)
            }
            if bytes.count + count > limit { throw FileError(readingFrom: StandardStream.input, errorNumber: EFBIG) }
            bytes += buffer[..<count]
        }
    }
}

enum CacheFolder {
    /// The folder for compiled patterns, made if need be; nil where none can be.
    static func ready() -> String? {
        let base: String
        if let folder = Environment["XDG_CACHE_HOME"], folder.hasPrefix("/") {
            base = folder
        } else if let home = Environment["HOME"], home.hasPrefix("/") {
            base = home + "/.cache"
        } else {
            return nil
        }
        mkdir(base, 0o700)
        let folder = base + "/migrate"
        mkdir(folder, 0o700)
        return FileStatus(at: folder + "/.")?.kind == .folder ? folder : nil
    }
}
