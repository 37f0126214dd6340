// Questions to the person at the terminal, asked there even when standard input and output are pipes.

import Secrets
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Why a question has no answer.
enum PromptError: Error {
    /// Nobody is there to ask: the process has no terminal. `need` says what was wanted, `remedy` how to give it.
    case noTerminal(need: String, remedy: String)
    case cancelled
    /// More than one line was typed, or more than a terminal's line holds.
    case notOneLine
}

enum Prompt {
    /// Longer answers are no typing.
    private static let longest = 1 << 16

    /// Whether there is a terminal to ask at.
    static var isPossible: Bool {
        let descriptor = open("/dev/tty", O_RDWR | O_CLOEXEC)
        if descriptor >= 0 { close(descriptor) }
        return descriptor >= 0
    }

    /// Asks for a value that does not appear while it is typed. Standard input need not be the terminal.
    /// - Parameter allowsEmpty: whether no value at all is an answer, too.
    static func secret(
        _ question: String, need: String, remedy: String, allowsEmpty: Bool = false
    ) throws -> SharedSecret {
        let descriptor = try terminal(need: need, remedy: remedy)
        defer { close(descriptor) }
        // Before the question: whoever answers at once must not be shown, nor lose what was typed.
        let saved = HiddenTyping.begin(descriptor)
        say(question, descriptor)
        defer {
            if saved { HiddenTyping.end() }
            say("\n", descriptor)
        }
        let value = try line(descriptor)
        // A paste of several lines: the rest must reach neither the value nor the shell.
        if hasMore(descriptor) || value.count >= longestLine {
            tcflush(descriptor, TCIFLUSH)
            throw PromptError.notOneLine
        }
        // At the keyboard, an empty answer is no value.
        if value.count == 0, !allowsEmpty { throw PromptError.cancelled }
        return SharedSecret(value)
    }

    /// In bytes: what the terminal keeps of a line; the rest it drops in silence.
    #if canImport(Darwin)
        private static let longestLine = 1_023
    #else
        private static let longestLine = 4_095
    #endif

    /// Whether something follows at once: a paste arrives in pieces.
    private static func hasMore(_ descriptor: Int32) -> Bool {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&request, 1, 50) > 0
    }

    /// Asks for a word that appears while it is typed.
    static func text(_ question: String, need: String, remedy: String) throws -> String {
        let descriptor = try terminal(need: need, remedy: remedy)
        defer { close(descriptor) }
        say(question, descriptor)
        return try line(descriptor).withBytes { bytes in
            String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self)
        }.trimmingSpaces()
    }

    /// `[y/N]`: anything but yes is no.
    static func confirm(_ question: String, need: String, remedy: String) throws -> Bool {
        ["y", "yes"].contains(try text(question + " [y/N] ", need: need, remedy: remedy).lowercased())
    }

    private static func terminal(need: String, remedy: String) throws -> Int32 {
        let descriptor = open("/dev/tty", O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { throw PromptError.noTerminal(need: need, remedy: remedy) }
        return descriptor
    }

    private static func say(_ text: String, _ descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else { return }
            bytes = bytes.dropFirst(written)
        }
    }

    /// One line without its end. Read byte by byte, so that nothing of it stays in a buffer that is not wiped.
    private static func line(_ descriptor: Int32) throws -> SecretValue {
        var buffer = SecretBuffer()
        while buffer.count < longest {
            var byte: UInt8 = 0
            let count = read(descriptor, &byte, 1)
            if count < 0 && errno == EINTR { continue }
            // Ctrl-D on an empty line, or the terminal went away.
            if count <= 0 {
                if buffer.count == 0 { throw PromptError.cancelled }
                break
            }
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { break }
            buffer.append(byte)
        }
        return buffer.finish()
    }
}

/// Switches a terminal's echo off and on again, the latter from a signal handler as well: a shell whose typing stays
/// invisible after Ctrl-C is no place to leave anybody.
enum HiddenTyping {
    private static let descriptor = Atomic<Int32>(-1)
    nonisolated(unsafe) private static var before = termios()

    /// False where there is no echo to switch off.
    static func begin(_ terminal: Int32) -> Bool {
        var settings = termios()
        guard tcgetattr(terminal, &settings) == 0 else { return false }
        before = settings
        settings.c_lflag &= ~tcflag_t(ECHO)
        descriptor.store(terminal, ordering: .sequentiallyConsistent)
        return tcsetattr(terminal, TCSAFLUSH, &settings) == 0
    }

    /// What is still typed while nothing shows is dropped: it belongs to the secret, not to the next command.
    static func end() {
        let terminal = descriptor.exchange(-1, ordering: .sequentiallyConsistent)
        if terminal >= 0 { tcsetattr(terminal, TCSAFLUSH, &before) }
    }
}

extension String {
    func trimmingSpaces() -> String {
        var text = self[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
