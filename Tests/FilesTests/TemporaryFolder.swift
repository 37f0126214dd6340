// A folder of a test's own, which goes when the test is over.

import Files
import Foundation

/// An empty folder.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        var template = Array((NSTemporaryDirectory() + "/migrate-files-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else { throw Failed(name: "mkdtemp", code: errno) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    struct Failed: Error {
        let name: String
        let code: Int32
    }

    func path(of name: String) -> String { path + "/" + name }

    /// Makes a file by the system's own calls, so that what is tested is not what prepares the test.
    @discardableResult
    func file(_ name: String, _ bytes: some Sequence<UInt8> = []) throws -> String {
        try Data(bytes).write(to: URL(fileURLWithPath: path(of: name)))
        return path(of: name)
    }

    func contents(of name: String) -> [UInt8]? { FileManager.default.contents(atPath: path(of: name)).map(Array.init) }

    var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path))?.sorted() ?? [] }

    /// The nine permission bits of a file.
    func permissions(of name: String) -> UInt32? {
        var status = stat()
        return lstat(path(of: name), &status) == 0 ? UInt32(status.st_mode) & 0o777 : nil
    }
}

/// SplitMix64, so that a failure can be run again.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
