// What these tests share: seeded values of all kinds, real programs, and looks into secrets.

import Foundation
import JSON
import Secrets
import TestServers

@testable import Delivery

/// SplitMix64: the same values for the same seed, everywhere.
struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Text without NUL of one of several kinds: signs that mean something somewhere, controls, lines, other scripts.
    mutating func text() -> [UInt8] {
        let alphabets: [[String]] = [
            ["a", "B", "7", "_", "-", ".", "/"],
            [
                "'", "\"", "`", "\\", "$", "{", "}", "(", ")", "#", "!", "~", "*", "%", "&", ";", "|", "<", ">", " ",
                "=",
            ],
            ["\n", "\r", "\t", " ", "a", "\r\n", "'", "#"],
            ["\u{1}", "\u{7}", "\u{8}", "\u{1B}", "\u{7F}", "a", "\\"],
            ["é", "ß", "漢", "🔑", "\u{85}", "\u{2028}", "\u{FEFF}", "\u{301}", "a"],
        ]
        let pieces = Bool.random(using: &self) ? alphabets.randomElement(using: &self) ?? [] : alphabets.flatMap(\.self)
        let count = Int.random(in: 0...24, using: &self)
        return Array((0..<count).compactMap { _ in pieces.randomElement(using: &self) }.joined().utf8)
    }
}

extension DeliveredValue {
    init(_ key: String, _ text: String, _ kind: JSONValue.Kind = .string) {
        self.init(key: key, text: SharedSecret(copying: Array(text.utf8)), kind: kind)
    }

    init(_ key: String, bytes: [UInt8]) { self.init(key: key, text: SharedSecret(copying: bytes)) }

    var bytes: [UInt8] { text.bytes }
}

extension SharedSecret {
    var bytes: [UInt8] { withBytes { span in span.indices.map { span[$0] } } }
    var string: String { String(decoding: bytes, as: UTF8.self) }
}

extension Exporter {
    static let secret = SecretReference(
        name: "prod/App", arn: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/App-AbCdEf")

    static func run(
        _ format: ExportFormat, _ values: [DeliveredValue], of secret: SecretReference = secret,
        _ change: (inout ExportOptions) -> Void = { _ in }
    ) throws -> Export {
        var options = ExportOptions(randomBytes: { count in (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37) } })
        change(&options)
        return try Exporter(format, options: options).export(values, of: secret)
    }
}

extension Export {
    var text: String { parts.map(\.content.string).joined() }
}

/// A program of the machine these tests run on.
struct Program {
    let path: String

    /// Nil when the machine has none of that name.
    init?(_ name: String) {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
        guard let path = folders.map({ "\($0)/\(name)" }).first(where: FileManager.default.isExecutableFile) else {
            return nil
        }
        self.path = path
    }

    static func isThere(_ name: String) -> Bool { Program(name) != nil }

    static func python(has module: String) -> Bool {
        (try? Program("python3")?.run(["-c", "import \(module)"]).status) == 0
    }

    func run(_ arguments: [String], input: [UInt8] = [], folder: URL? = nil) throws -> (status: Int32, output: [UInt8])
    {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.currentDirectoryURL = folder
        let (standardInput, output) = (try PrivatePipe(), try PrivatePipe())
        process.standardInput = standardInput.reading
        process.standardOutput = output.writing
        process.standardError = FileHandle.nullDevice
        try process.run()
        try standardInput.reading.close()
        try output.writing.close()
        // Inputs here are smaller than a pipe takes at once, or are read before anything is written.
        try? standardInput.writing.write(contentsOf: Data(input))
        try? standardInput.writing.close()
        let data = try output.reading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, Array(data))
    }
}

/// A folder for one test, gone afterwards.
final class TemporaryFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "delivery-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func write(_ name: String, _ content: SharedSecret) throws -> URL {
        let file = url.appending(path: name)
        try Data(content.bytes).write(to: file)
        return file
    }
}
