// Runs a program to its end: for openssl and Python, which the test servers need.

import Foundation

/// What keeps a test server from doing its work.
package struct TestServerError: Error, CustomStringConvertible {
    package var description: String

    package init(_ description: String) { self.description = description }
}

/// How a program ended and what it said.
package struct ProgramOutput: Sendable {
    package var status: Int32
    package var output: String
    package var errors: String
}

/// Looks the program up in PATH when its name has no slash. Blocks the calling thread until the program ends.
package func runProgram(
    _ program: String, _ arguments: [String], environment: [String: String]? = nil, input: [UInt8] = []
) throws -> ProgramOutput {
    let process = Process()
    if program.contains("/") {
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
    } else {
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
    }
    if let environment { process.environment = environment }
    let stdin = try PrivatePipe()
    let stdout = try PrivatePipe()
    let stderr = try PrivatePipe()
    process.standardInput = stdin.reading
    process.standardOutput = stdout.writing
    process.standardError = stderr.writing
    try process.run()
    // The child has its own now; ours would keep the readers below waiting.
    try stdin.reading.close()
    try stdout.writing.close()
    try stderr.writing.close()
    // Both pipes are drained at once: a program that fills one while we wait for the other would stop for ever.
    let errors = Captured()
    let reader = Thread { errors.finish(with: stderr.reading.readDataToEndOfFile()) }
    reader.start()
    let writer = Thread {
        try? stdin.writing.write(contentsOf: Data(input))
        try? stdin.writing.close()
    }
    writer.start()
    let output = stdout.reading.readDataToEndOfFile()
    process.waitUntilExit()
    return ProgramOutput(
        status: process.terminationStatus, output: String(decoding: output, as: UTF8.self),
        errors: String(decoding: errors.wait(), as: UTF8.self))
}

/// Bytes that one thread reads and another waits for. Sound to share: `data` is written before the signal and read
/// after it.
private final class Captured: @unchecked Sendable {
    private let done = DispatchSemaphore(value: 0)
    private var data = Data()

    func finish(with data: Data) {
        self.data = data
        done.signal()
    }

    func wait() -> Data {
        done.wait()
        return data
    }
}
