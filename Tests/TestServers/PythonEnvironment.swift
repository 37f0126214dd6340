// A Python that has moto's server and boto3: the system's when it has them, else a virtual environment under .build.

import Foundation
import Synchronization

package enum PythonEnvironment {
    private static let found = Mutex<Result<String, TestServerError>?>(nil)

    /// The interpreter's path. The first call may install packages; the script is the one that `make test` runs.
    package static func python() throws -> String {
        try found.withLock { found in
            let result = found ?? find()
            found = result
            return try result.get()
        }
    }

    private static func find() -> Result<String, TestServerError> {
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let script = root.appendingPathComponent("scripts/test-servers.sh").path
        do {
            let run = try runProgram(script, ["--print-python"])
            let path = run.output.trimmingCharacters(in: .whitespacesAndNewlines)
            guard run.status == 0, !path.isEmpty else {
                return .failure(TestServerError("no Python with moto: \(run.errors)"))
            }
            return .success(path)
        } catch {
            return .failure(TestServerError("\(script): \(error)"))
        }
    }
}
