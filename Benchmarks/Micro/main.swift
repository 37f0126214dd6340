// Speed of the parts that a scan spends its time in, over text that is made here.

import Detection
import Dotenv
import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Times `work` over `bytes` until it has run for a while, and prints the best round.
func measure(_ name: String, bytes: Int, _ work: () throws -> Int) rethrows {
    var best = Duration.seconds(1_000)
    var result = 0
    let clock = ContinuousClock()
    let start = clock.now
    repeat {
        let time = try clock.measure { result = try work() }
        best = min(best, time)
    } while clock.now - start < .seconds(2)
    let seconds = Double(best.components.seconds) + Double(best.components.attoseconds) / 1e18
    let rate = Double(bytes) / seconds / 1e6
    print(padded(name, 34), padded("\(Int(rate)) MB/s", 14), "\(result) results")
}

func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
}

let rules = RuleSet()
let compileStart = ContinuousClock.now
let compiled = try CompiledRules(rules)
let compileTime = ContinuousClock.now - compileStart
print(
    "\(rules.rules.count) rules, compiled in \(compileTime.components.attoseconds / 1_000_000_000_000_000) ms without a cache\n"
)

let matcher = try Matcher(compiled)
for sample in Sample.all(megabytes: 32) {
    try sample.bytes.withUnsafeBytes { bytes in
        try measure("detection, " + sample.name, bytes: bytes.count) { try matcher.matches(in: bytes).count }
    }
}
let dotenv = Sample.dotenv(megabytes: 8)
measure("dotenv parser", bytes: dotenv.count) { DotenvDocument(parsing: dotenv).entries.count }

print()
let folder = FileManager.default.temporaryDirectory.appendingPathComponent("migrate-bench-\(getpid())").path
defer { try? FileManager.default.removeItem(atPath: folder) }
for result in try await measureCachedReads(folder: folder + "/vault", keyFile: folder + "/vault.key") {
    print(
        padded("cached read, \(result.tasks) task\(result.tasks == 1 ? "" : "s")", 34),
        "\(Int(result.nanoseconds.rounded())) ns")
}
