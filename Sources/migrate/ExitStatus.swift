// How a run ends: the same codes for every command.

import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The exit codes, as the README lists them. A leak and a failure never share one.
enum ExitStatus: Int32, Error {
    case clean = 0
    case findings = 1
    /// Nothing found, but not everything could be read: the answer is not known.
    case incomplete = 2
    case failed = 3
    case usage = 64
    case bug = 70

    func exit() -> Never {
        fflush(nil)
        #if canImport(Glibc)
            Glibc.exit(rawValue)
        #elseif canImport(Musl)
            Musl.exit(rawValue)
        #else
            Darwin.exit(rawValue)
        #endif
    }
}

/// A crash must not write values that are being looked at to a disk.
enum CrashDumps {
    nonisolated(unsafe) private static var before = rlimit()

    /// The hard limit stays, so that a command which this process becomes can have its own back.
    static func forbid() {
        getrlimit(resource, &before)
        // Not 0 on Linux: that is ignored where dumps are piped to a program, and the kernel takes 1 as "no dump" for
        // both.
        #if canImport(Darwin)
            let none: rlim_t = 0
        #else
            let none: rlim_t = 1
        #endif
        var limit = rlimit(rlim_cur: min(none, before.rlim_max), rlim_max: before.rlim_max)
        setrlimit(resource, &limit)
        // Swift's own backtraces show registers and the memory that they point at.
        for number in [SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV] { signal(number, SIG_DFL) }
    }

    static func allowAgain() { setrlimit(resource, &before) }

    #if canImport(Darwin)
        private static let resource = RLIMIT_CORE
    #else
        private static let resource = __rlimit_resource_t(RLIMIT_CORE.rawValue)
    #endif
}

/// What Ctrl-C does: stop at once, and leave no partial file.
enum Interruption {
    /// 128 plus the signal's number is what shells expect.
    static func install() {
        // On the main thread, before any other is made.
        pthread_sigmask(SIG_SETMASK, nil, &blockedBefore)
        // Touched here, so that the handler finds it made.
        ProgressLine.isShown.store(false, ordering: .relaxed)
        Resumption.end()
        for number in [SIGINT, SIGQUIT, SIGTERM, SIGHUP] where !isIgnored(number) {
            signal(number) { number in
                ProgressLine.clearFromSignalHandler()
                HiddenTyping.end()
                PendingFileRemoval.run()
                Resumption.tellFromSignalHandler()
                _exit(128 + number)
            }
        }
        // A reader that went away (`migrate scan | head`) is no reason to die halfway through a report file.
        ignoredPipes = isIgnored(SIGPIPE)
        signal(SIGPIPE, SIG_IGN)
    }

    nonisolated(unsafe) private static var ignoredPipes = false
    nonisolated(unsafe) private static var blockedBefore = sigset_t()

    /// Handlers end with this program, but what is ignored stays so in a command that it becomes.
    static func restoreForCommand() {
        if !ignoredPipes { signal(SIGPIPE, SIG_DFL) }
        // The threads of Swift's runtime block nearly all signals, and `execve` keeps the mask of the thread that calls it.
        pthread_sigmask(SIG_SETMASK, &blockedBefore, nil)
    }

    /// Whether whoever started this run wants it to outlive the signal (`nohup`, a shell's background job).
    private static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        guard sigaction(number, nil, &action) == 0 else { return false }
        #if canImport(Darwin)
            let handler = action.__sigaction_u.__sa_handler
        #else
            let handler = action.__sigaction_handler.sa_handler
        #endif
        return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}
