// Keys of runs that are the same when a run is begun again.

import Checklist
import Foundation
import Secrets
import Stores
import Testing

@testable import Steps

@Suite("Keys of runs")
struct RunKeysTests {
    @Test("The same token has the same key, in another process too; another token, purpose or machine has another")
    func derivation() throws {
        let bench = try Bench()
        let keys = try RunKeys(bench.workbench())
        let again = try RunKeys(bench.workbench())
        #expect(keys.bytes(for: "merge", token: "a").isSame(as: again.bytes(for: "merge", token: "a")))
        #expect(try keys.runKey("a").bytes.isSame(as: again.runKey("a").bytes))
        #expect(!keys.bytes(for: "merge", token: "a").isSame(as: keys.bytes(for: "merge", token: "b")))
        #expect(!keys.bytes(for: "merge", token: "a").isSame(as: keys.bytes(for: "value", token: "a")))
        let other = try RunKeys(try Bench().workbench())
        #expect(!keys.bytes(for: "merge", token: "a").isSame(as: other.bytes(for: "merge", token: "a")))
    }

    @Test("The file is its owner's alone, in a folder that git ignores")
    func file() throws {
        let bench = try Bench()
        _ = try RunKeys(bench.workbench())
        #expect(bench.repository.mode(".migrate/local/run-key") == 0o600)
        #expect(bench.repository.mode(".migrate/local") == 0o700)
        #expect(try bench.repository.status() == [])
    }

    @Test("A file that others may read, or that holds no key, is refused with what to do")
    func refused() throws {
        let bench = try Bench()
        _ = try RunKeys(bench.workbench())
        let path = bench.repository.path + "/.migrate/local/run-key"
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        let open = #expect(throws: StepFailure.self) { try RunKeys(bench.workbench()) }
        #expect(open?.remedy == "chmod 600 .migrate/local/run-key")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        try FileHandle(forWritingTo: URL(fileURLWithPath: path)).truncate(atOffset: 10)
        #expect(throws: StepFailure.self) { try RunKeys(bench.workbench()) }
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        #expect(throws: StepFailure.self) { try RunKeys(bench.workbench()) }
    }
}
