// The pre-commit framework from PyPI, in an environment of its own under .build, which is made once.

import Foundation
import Synchronization
import TestServers

enum PreCommitFramework {
    static let version = "4.3.0"
    private static let found = Mutex<Result<String, TestServerError>?>(nil)

    /// The program's path.
    static func program() throws -> String {
        try found.withLock { found in
            let result = found ?? make()
            found = result
            return try result.get()
        }
    }

    private static func make() -> Result<String, TestServerError> {
        let root = (0..<4).reduce(URL(fileURLWithPath: #filePath)) { url, _ in url.deletingLastPathComponent() }
        let folder = root.appendingPathComponent(".build/servers/pre-commit-\(version)").path
        // Several test processes may come at once; one makes it, the others wait.
        let script = """
            set -e
            mkdir -p "$(dirname "$1")"
            exec 9>"$1.lock"
            if command -v flock >/dev/null; then flock 9; fi
            "$1/bin/pre-commit" --version >/dev/null 2>&1 && exit 0
            rm -rf "$1"
            python3 -m venv "$1"
            "$1/bin/python3" -m pip install --quiet --disable-pip-version-check "pre-commit==$2"
            "$1/bin/pre-commit" --version >/dev/null
            """
        do {
            let run = try runProgram("/bin/sh", ["-c", script, "sh", folder, version])
            guard run.status == 0 else { return .failure(TestServerError("no pre-commit: \(run.errors)")) }
            return .success(folder + "/bin/pre-commit")
        } catch { return .failure(TestServerError("no pre-commit: \(error)")) }
    }
}
