// The library that kills programs at a point, on programs whose calls are known.

import Foundation
import TestServers
import Testing

@Suite("Kill points", .enabled(if: KillPoint.isAvailable))
struct KillPointTests {
    private let folder: String

    init() throws {
        folder = NSTemporaryDirectory() + "/migrate-kill-point-tests-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data("new".utf8).write(to: URL(filePath: "\(folder)/from"))
    }

    /// Python makes the calls that it is told to, and no others. It is started by `env`, which is left alone.
    private func run(_ lines: [String], point: Int? = nil) throws -> (output: ProgramOutput, calls: [String]) {
        let log = "\(folder)/log-\(UUID().uuidString)"
        var environment = ProcessInfo.processInfo.environment
        environment.merge(try KillPoint.environment(of: "python", point: point, log: log)) { $1 }
        let program = (["import os", "os.chdir(\(quoted: folder))"] + lines).joined(separator: "\n")
        let output = try runProgram("python3", ["-c", program], environment: environment)
        return (output, KillPoint.calls(in: log))
    }

    private func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(folder)/\(name)") }

    @Test("without a point, calls are counted and made")
    func counts() throws {
        let (output, calls) = try run([
            "os.rename('from', 'to')", "os.link('to', 'other')", "f = open('to', 'a'); os.fsync(f.fileno())",
            "print('end')",
        ])
        #expect(output.status == 0, "\(output.errors)")
        #expect(output.output == "end\n")
        #expect(calls.map { $0.split(separator: " ")[0].replacing("at", with: "") } == ["rename", "link", "fsync"])
        #expect(calls.last?.hasSuffix("/to") == true)
        #expect(has("to") && has("other"))
    }

    @Test(
        "an even point is right before a call, an odd one right after",
        arguments: [(0, true, false, false), (1, false, true, false), (2, false, true, false), (3, false, true, true)])
    func kills(point: Int, from: Bool, to: Bool, other: Bool) throws {
        let (output, calls) = try run(
            ["os.rename('from', 'to')", "os.link('to', 'other')", "print('end')"], point: point)
        #expect(output.status == SIGKILL)
        #expect(output.output.isEmpty)
        #expect(calls.count == point / 2 + 1)
        #expect(has("from") == from)
        #expect(has("to") == to)
        #expect(has("other") == other)
    }

    @Test("a point behind the last call does nothing")
    func behind() throws {
        #expect(try run(["os.rename('from', 'to')"], point: 2).output.status == 0)
        #expect(has("to"))
    }

    @Test("programs that the program starts are left alone")
    func children() throws {
        let (output, calls) = try run(
            ["import subprocess", "subprocess.run(['mv', 'from', 'to'], check=True)", "print('end')"], point: 0)
        #expect(output.output == "end\n", "\(output.errors)")
        #expect(calls.isEmpty)
        #expect(has("to"))
    }
}

extension DefaultStringInterpolation {
    fileprivate mutating func appendInterpolation(quoted text: String) { appendInterpolation("'\(text)'") }
}
