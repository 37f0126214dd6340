// Kills a program at an exact place between two writes: right before or right after it makes a file appear or durable.

import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A library that is loaded into a program with LD_PRELOAD. It counts the calls of rename, renameat, renameat2, link,
/// linkat and fsync, whoever makes them, and ends the program with SIGKILL at one of them. Linux only.
///
/// The point 2n is right before call n, the point 2n + 1 right after it; calls are counted from 0. Programs of other names,
/// such as a shell that starts it, are left alone, and so are those that the program starts itself: the variables are gone
/// from its environment before it reads it.
package enum KillPoint {
    /// Whether there is a way to load it.
    package static var isAvailable: Bool {
        #if os(Linux)
            true
        #else
            false
        #endif
    }

    /// The path of the library, compiled when it is first asked for.
    /// - Throws: `TestServerError` where there is no C compiler, or no Linux.
    package static func library() throws -> String { try compiled.get() }

    /// What to add to a program's environment.
    ///
    /// - Parameters:
    ///   - program: how the name of its file begins.
    ///   - point: where to kill it; nil for nowhere.
    ///   - log: a file that gets a line for each call, with its name and path.
    package static func environment(
        of program: String = "migrate", point: Int? = nil, log: String? = nil
    ) throws -> [String: String] {
        var variables = ["LD_PRELOAD": try library(), "KILL_POINT_PROGRAM": program]
        if let point { variables["KILL_POINT"] = "\(point)" }
        if let log { variables["KILL_POINT_COUNT"] = log }
        return variables
    }

    /// The calls that a program has made, from the log of its run: "rename /tmp/a/.migrate/state.json".
    package static func calls(in log: String) -> [String] {
        let bytes = FileManager.default.contents(atPath: log) ?? Data()
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private static let compiled = Result<String, any Error> {
        guard isAvailable else { throw TestServerError("programs can be killed at a point on Linux only") }
        let folder = FileManager.default.temporaryDirectory.appending(path: "migrate-kill-point-\(getpid())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        atexit {
            let name = "migrate-kill-point-\(getpid())"
            try? FileManager.default.removeItem(at: FileManager.default.temporaryDirectory.appending(path: name))
        }
        let file = folder.appending(path: "kill-point.c")
        let library = folder.appending(path: "kill-point.so").path
        try Data(source.utf8).write(to: file)
        let outcome = try runProgram("cc", ["-shared", "-fPIC", "-O1", "-o", library, file.path, "-ldl"])
        guard outcome.status == 0 else { throw TestServerError("cc: \(outcome.errors)") }
        return library
    }

    private static let source = #"""
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <fcntl.h>
        #include <limits.h>
        #include <signal.h>
        #include <stdatomic.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <unistd.h>

        static atomic_long calls;
        static long point = -1;
        static char count_file[PATH_MAX];

        __attribute__((constructor)) static void setup(void) {
            char file[PATH_MAX];
            ssize_t length = readlink("/proc/self/exe", file, sizeof file - 1);
            file[length < 0 ? 0 : length] = 0;
            const char *slash = strrchr(file, '/');
            const char *name = slash != NULL ? slash + 1 : file;
            const char *value = getenv("KILL_POINT_PROGRAM");
            if (value != NULL && strncmp(name, value, strlen(value)) != 0) return;
            value = getenv("KILL_POINT");
            if (value != NULL) point = atol(value);
            value = getenv("KILL_POINT_COUNT");
            if (value != NULL) snprintf(count_file, sizeof count_file, "%s", value);
            unsetenv("KILL_POINT_PROGRAM");
            unsetenv("KILL_POINT");
            unsetenv("KILL_POINT_COUNT");
            unsetenv("LD_PRELOAD");
        }

        static void pass(long place) {
            if (place != point) return;
            kill(getpid(), SIGKILL);
            for (;;) pause();
        }

        static long before(const char *name, const char *path) {
            long call = atomic_fetch_add(&calls, 1);
            if (count_file[0] != 0) {
                char line[PATH_MAX + 32];
                int length = snprintf(line, sizeof line, "%s %s\n", name, path);
                int file = open(count_file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
                if (file >= 0) {
                    if (write(file, line, length) < 0) point = -1;
                    close(file);
                }
            }
            pass(2 * call);
            return call;
        }

        #define REAL(name, ...) static int (*real)(__VA_ARGS__); \
            if (real == NULL) real = (int (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

        int rename(const char *from, const char *to) {
            REAL("rename", const char *, const char *);
            long call = before("rename", to);
            int result = real(from, to);
            pass(2 * call + 1);
            return result;
        }

        int renameat(int a, const char *from, int b, const char *to) {
            REAL("renameat", int, const char *, int, const char *);
            long call = before("renameat", to);
            int result = real(a, from, b, to);
            pass(2 * call + 1);
            return result;
        }

        int renameat2(int a, const char *from, int b, const char *to, unsigned int flags) {
            REAL("renameat2", int, const char *, int, const char *, unsigned int);
            long call = before("renameat2", to);
            int result = real(a, from, b, to, flags);
            pass(2 * call + 1);
            return result;
        }

        int link(const char *from, const char *to) {
            REAL("link", const char *, const char *);
            long call = before("link", to);
            int result = real(from, to);
            pass(2 * call + 1);
            return result;
        }

        int linkat(int a, const char *from, int b, const char *to, int flags) {
            REAL("linkat", int, const char *, int, const char *, int);
            long call = before("linkat", to);
            int result = real(a, from, b, to, flags);
            pass(2 * call + 1);
            return result;
        }

        int fsync(int file) {
            REAL("fsync", int);
            char name[64], path[PATH_MAX];
            snprintf(name, sizeof name, "/proc/self/fd/%d", file);
            ssize_t length = readlink(name, path, sizeof path - 1);
            path[length < 0 ? 0 : length] = 0;
            long call = before("fsync", path);
            int result = real(file);
            pass(2 * call + 1);
            return result;
        }
        """#
}
