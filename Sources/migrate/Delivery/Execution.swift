// Becoming another program.

import Delivery

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The file descriptors that whoever started us has handed on: `migrate run -- cmd 3<file` means the 3 for `cmd`.
struct OpenDescriptors {
    private let numbers: Set<Int32>
    /// Far above what a shell hands on; a process of ours opens a handful.
    private static let highest: Int32 = 1_024

    static func now() -> OpenDescriptors {
        OpenDescriptors(numbers: Set((0..<highest).filter { fcntl($0, F_GETFD) >= 0 }))
    }

    /// Marks all that were opened since for closing when the process becomes another one.
    func closeOthersOnExec() {
        for number in 3..<Self.highest where !numbers.contains(number) {
            let flags = fcntl(number, F_GETFD)
            if flags >= 0 { _ = fcntl(number, F_SETFD, flags | FD_CLOEXEC) }
        }
    }
}

/// Why a command did not start. The codes are those of a shell.
struct ExecutionError: Error {
    let command: String
    let errorNumber: Int32

    var status: Int32 { errorNumber == ENOENT || errorNumber == ENOTDIR ? 127 : 126 }
    var reason: String { String(cString: strerror(errorNumber)) }
}

enum Execution {
    /// Replaces this process by the command. Returns only by throwing.
    /// - Throws: `ExecutionError`.
    static func become(_ command: [String], _ environment: ChildEnvironment, keeping inherited: OpenDescriptors) throws
    {
        let candidates = Self.candidates(command[0])
        inherited.closeOthersOnExec()
        Interruption.restoreForCommand()
        CrashDumps.allowAgain()
        var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) }
        arguments.append(nil)
        defer {
            for argument in arguments { free(argument) }
            CrashDumps.forbid()
        }
        var failure = ENOENT
        environment.withEnvironmentBlock { block in
            for path in candidates {
                execve(path, arguments, block)
                // A script without `#!` is the shell's, as execvp has it.
                if errno == ENOEXEC { asScript(path, arguments, block) }
                // As execvp does: a name that is there but may not be run is told of, unless a later folder has it too.
                if errno == ENOENT || errno == ENOTDIR { continue }
                failure = errno
                if errno != EACCES { return }
            }
        }
        throw ExecutionError(command: command[0], errorNumber: failure)
    }

    private static func asScript(
        _ path: String, _ arguments: [UnsafeMutablePointer<CChar>?],
        _ block: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    ) {
        path.withCString { script in
            "/bin/sh".withCString { shell in
                let words =
                    [UnsafeMutablePointer(mutating: shell), UnsafeMutablePointer(mutating: script)]
                    + arguments.dropFirst()
                execve(shell, words, block)
            }
        }
        errno = ENOEXEC
    }

    /// Found in our own PATH, never in one that a secret brings along.
    private static func candidates(_ name: String) -> [String] {
        if name.isEmpty { return [] }
        if name.contains("/") { return [name] }
        let path = Environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        return path.split(separator: ":", omittingEmptySubsequences: false).map { $0.isEmpty ? name : "\($0)/\(name)" }
    }
}
