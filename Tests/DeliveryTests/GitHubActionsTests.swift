// Masks and variables for GitHub's runner.

import Foundation
import JSON
import Synchronization
import Testing

@testable import Delivery

@Suite("Export for GitHub Actions")
struct GitHubActionsTests {
    @Test("Masks come first, on standard output; variables go to the file of GITHUB_ENV")
    func parts() throws {
        let export = try Exporter.run(.gitHubActions, [DeliveredValue("A", "one"), DeliveredValue("B", "")])
        #expect(export.parts.map(\.destination) == [.workflowCommands, .environmentFile])
        #expect(export.parts[0].content.string == "::add-mask::one\n")
        let delimiter = "EOF_" + (0..<16).map { String(format: "%02x", UInt8(truncatingIfNeeded: $0 &* 37)) }.joined()
        #expect(
            export.parts[1].content.string
                == "A<<\(delimiter)\none\n\(delimiter)\nB<<\(delimiter)\n\n\(delimiter)\n")
    }

    @Test("A value of several lines is masked whole and line by line; lines that are too short to stand out are not")
    func lines() throws {
        let export = try Exporter.run(.gitHubActions, [DeliveredValue("A", "100%\r\n\n  \nb\n{")])
        #expect(
            export.parts[0].content.string == "::add-mask::100%25%0D%0A%0A  %0Ab%0A{\n::add-mask::100%25\n")
    }

    @Test("No line of a mask can be another command")
    func commandInjection() throws {
        let attack = "four\n::set-output name=a::b\r::stop-commands::c"
        let export = try Exporter.run(.gitHubActions, [DeliveredValue("A", attack)])
        let lines = export.parts[0].content.string.split(whereSeparator: { $0 == "\n" || $0 == "\r" || $0 == "\r\n" })
        #expect(lines.count == 4)
        #expect(lines.allSatisfy { $0.hasPrefix("::add-mask::") })
    }

    @Test("`true` and `false` have no mask, which would hide half the log; numbers have")
    func kinds() throws {
        let values = [DeliveredValue("T", "true", .boolean), DeliveredValue("N", "5432", .number)]
        #expect(try Exporter.run(.gitHubActions, values).parts[0].content.string == "::add-mask::5432\n")
    }

    @Test("A value that holds the delimiter gets another one")
    func delimiter() throws {
        let calls = Mutex(0)
        let first = "EOF_" + String(repeating: "00", count: 16)
        let attack = "a\n\(first)\nLD_PRELOAD=evil.so"
        let export = try Exporter.run(.gitHubActions, [DeliveredValue("A", attack)]) {
            $0.randomBytes = { count in
                let call = calls.withLock { calls in
                    calls += 1
                    return calls
                }
                return [UInt8](repeating: UInt8(call - 1), count: count)
            }
        }
        let second = "EOF_" + String(repeating: "01", count: 16)
        #expect(export.parts[1].content.string == "A<<\(second)\n\(attack)\n\(second)\n")
    }

    @Test("Randomness that always gives the same is noticed when a value holds it")
    func brokenRandomness() {
        let attack = "EOF_" + String(repeating: "00", count: 16)
        #expect(throws: DeliveryError.refused([RefusedKey(key: "A", reason: .notReadBack)])) {
            try Exporter.run(.gitHubActions, [DeliveredValue("A", attack)]) {
                $0.randomBytes = { [UInt8](repeating: 0, count: $0) }
            }
        }
    }

    @Test("What the runner reads is what was meant, whatever the values", arguments: 0..<8)
    func roundTrip(_ seed: UInt64) throws {
        var random = Seeded(seed &+ 31)
        let values = (0..<40).map { DeliveredValue("K\($0)", bytes: random.text()) }
        let export = try Exporter.run(.gitHubActions, values) {
            $0.randomBytes = { count in (0..<count).map { _ in UInt8.random(in: 0...255) } }
        }
        #expect(read(export.parts[1].content.bytes) == values.map { [Array($0.key.utf8), $0.bytes] })
    }

    @Test(
        "Variables that the runner passes over are refused",
        arguments: ["GITHUB_TOKEN", "GITHUB_ENV", "RUNNER_TEMP", "NODE_OPTIONS"], [false, true])
    func reserved(_ key: String, _ allows: Bool) {
        #expect(throws: DeliveryError.refused([RefusedKey(key: key, reason: .reservedByPlatform)])) {
            try Exporter.run(.gitHubActions, [DeliveredValue(key, "v")]) { $0.allowsProtectedNames = allows }
        }
    }

    /// A reader of the runner's format that shares nothing with the program's own.
    private func read(_ bytes: [UInt8]) -> [[[UInt8]]] {
        var lines = bytes.split(separator: 10, omittingEmptySubsequences: false).map(Array.init)[...]
        var found: [[[UInt8]]] = []
        while let head = lines.popFirst(), !head.isEmpty {
            let parts = String(decoding: head, as: UTF8.self).components(separatedBy: "<<")
            var value: [[UInt8]] = []
            while let line = lines.popFirst(), line != Array(parts[1].utf8) { value.append(line) }
            found.append([Array(parts[0].utf8), Array(value.joined(separator: [10]))])
        }
        return found
    }
}
