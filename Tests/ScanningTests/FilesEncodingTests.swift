// UTF-16 in files and blobs, with and without a byte order mark, in one window and in many.

import TestRepositories
import Testing

@testable import Scanning

@Suite("UTF-16")
struct FilesEncodingTests {
    @Test(
        "A value in a file of many windows is found at its true place",
        arguments: [false, true], [0, (8 << 20) - (64 << 10), (8 << 20) - (32 << 10) - 60, 9 << 20])
    func windows(isBigEndian: Bool, place: Int) throws {
        let folder = try TemporaryRepository.makeFolder()
        defer { try? TemporaryRepository.removeFolder(folder) }
        // U+010A and U+0A0A hold the byte of a line feed, and are none.
        let filler = Array(repeating: "\u{10A}\u{A0A} and so on\n", count: place / 24).joined()
        let start = "\u{FEFF}" + filler + "x"
        let text = start + "\n" + Value.line() + String(repeating: "y", count: 100_000)
        let path = folder + "/file"
        try TemporaryRepository.write(path, Self.bytes(text, isBigEndian))
        let hits = try FileScan.hits(inFileAt: Array(path.utf8), ValueReader(Rules.compiled.get()))
        try #require(hits.count == 1)
        let before = start + "\nkey = \""
        #expect(hits[0].range == before.utf16.count * 2..<(before.utf16.count + Value.sendGrid().utf16.count) * 2)
        #expect(hits[0].line == before.utf8.count { $0 == 0x0A } + 1)
        #expect(hits[0].column == 8)
    }

    @Test("It is told without a byte order mark too", arguments: [false, true], [false, true])
    func noMark(isBigEndian: Bool, isCommitted: Bool) async throws {
        let repository = try TemporaryRepository().commit("base")
            .write("app.ps1", Self.bytes("$a = 1\n" + Value.line(), isBigEndian))
        if isCommitted { try repository.commit("add") }
        let finding = try await repository.scan().key()
        #expect(finding.paths == ["app.ps1"])
        #expect(finding.occurrences.map(\.line) == [2])
    }

    @Test("A byte order mark before other bytes hides nothing", arguments: [false, true])
    func junk(isCommitted: Bool) async throws {
        let repository = try TemporaryRepository().commit("base")
            .write("app.py", [0xFF, 0xFE] + Array(("\n" + Value.line()).utf8))
        if isCommitted { try repository.commit("add") }
        #expect(try await repository.scan().key().occurrences.map(\.line) == [2])
    }

    private static func bytes(_ text: String, _ isBigEndian: Bool) -> [UInt8] {
        text.utf16.flatMap { isBigEndian ? [UInt8($0 >> 8), UInt8($0 & 255)] : [UInt8($0 & 255), UInt8($0 >> 8)] }
    }
}
