// Values that earlier commands have seen.

import Files
import Scanning
import Secrets
import TestRepositories
import Testing

@testable import Gate

@Suite struct KnownValuesTests {
    private func values(_ pairs: [(String, String)], isFromScan: Bool = false) -> [RememberedValue] {
        pairs.map {
            RememberedValue(name: $0.0, value: SharedSecret(copying: Array($0.1.utf8)), isFromScan: isFromScan)
        }
    }

    private func places(_ known: KnownValues, _ text: String) -> [Range<Int>] {
        Array(text.utf8).withUnsafeBytes { known.matches(in: $0) }.map(\.range)
    }

    private func folder(_ body: (String) throws -> Void) throws {
        let folder = try TemporaryRepository.makeFolder()
        defer { try? TemporaryRepository.removeFolder(folder) }
        try TemporaryRepository.write(folder + "/.migrate/config.yml", Array("version: 1\n".utf8))
        try body(folder)
    }

    @Test func `a value is found wherever it stands, and nothing like it`() throws {
        try folder { root in
            let (long, short) = (Made.text(32, 3), "t7#kQ9w!zz")
            KnownValues.remember(values([("API_TOKEN", long), ("DB_PASSWORD", short)]), root: root)
            let known = try KnownValues.load(root: root)
            #expect(known.count == 2)
            #expect(places(known, "x\(long)y") == [1..<33])
            #expect(places(known, long) == [0..<32])
            #expect(places(known, "p = '\(short)'\nq=\(short)") == [5..<15, 19..<29])
            // Part of a longer word it is something else.
            #expect(places(known, "a\(short)") == [] && places(known, "\(short)z") == [])
            #expect(places(known, String(long.dropLast()) + "!") == [])
            #expect(places(known, "") == [] && places(known, "short") == [])
        }
    }

    @Test func `words, numbers, addresses and settings are not kept`() throws {
        try folder { root in
            let plain = [
                ("PORT", "12345678"), ("NODE_ENV", "production"), ("DEBUG", "true"), ("REGION", "eu-central-1"),
                ("SECRET_KEY", "changeme"), ("URL", "https://shop.example.com/path"), ("DB_PASSWORD", "short"),
                ("LOG_LEVEL", "information"),
            ]
            KnownValues.remember(values(plain), root: root)
            let known = try KnownValues.load(root: root)
            #expect(known.count == 0)
        }
    }

    @Test func `the files are private, ignored, and hold no value`() throws {
        try folder { root in
            let value = Made.text(40, 9)
            KnownValues.remember(values([("API_TOKEN", value)]), root: root)
            for name in ["known", "known.key"] {
                let path = root + "/.migrate/local/" + name
                #expect(FileStatus(at: path)?.mode == 0o600)
                let bytes = try TemporaryRepository.read(path)
                #expect(!String(decoding: bytes, as: UTF8.self).contains(value.prefix(8)))
            }
            #expect(try TemporaryRepository.read(root + "/.migrate/local/.gitignore") == Array("*\n".utf8))
        }
    }

    @Test func `another clone has another key`() throws {
        try folder { first in
            try folder { second in
                for root in [first, second] {
                    KnownValues.remember(values([("API_TOKEN", Made.text(40, 9))]), root: root)
                }
                let files = try [first, second].map { try TemporaryRepository.read($0 + "/.migrate/local/known") }
                #expect(files[0] != files[1] && files[0].count == files[1].count)
            }
        }
    }

    @Test func `each value once; the secret outweighs a scan`() throws {
        try folder { root in
            let value = [("API_TOKEN", Made.text(40, 9))]
            KnownValues.remember(values(value, isFromScan: true), root: root)
            let scanned = try KnownValues.load(root: root)
            #expect(scanned.entries.map(\.isFromScan) == [true])
            KnownValues.remember(values(value), root: root)
            KnownValues.remember(values(value, isFromScan: true), root: root)
            let stored = try KnownValues.load(root: root)
            #expect(stored.entries.map(\.isFromScan) == [false])
        }
    }

    @Test func `without a migrate folder nothing is written`() throws {
        let folder = try TemporaryRepository.makeFolder()
        defer { try? TemporaryRepository.removeFolder(folder) }
        KnownValues.remember(values([("API_TOKEN", Made.text(40, 9))]), root: folder)
        #expect(try TemporaryRepository.names(in: folder) == [])
        #expect(try KnownValues.load(root: folder).count == 0)
    }

    @Test func `a damaged file, or one without its key, is an error`() throws {
        try folder { root in
            KnownValues.remember(values([("API_TOKEN", Made.text(40, 9))]), root: root)
            let path = root + "/.migrate/local/known"
            let bytes = try TemporaryRepository.read(path)
            try TemporaryRepository.write(path, Array(bytes.dropLast()))
            #expect(throws: KnownValuesError.self) { try KnownValues.load(root: root) }
            try TemporaryRepository.write(path, bytes)
            try TemporaryRepository.write(root + "/.migrate/local/known.key", [1, 2, 3])
            #expect(throws: KnownValuesError.self) { try KnownValues.load(root: root) }
            // The next command begins anew.
            KnownValues.remember(values([("API_TOKEN", Made.text(40, 10))]), root: root)
            let anew = try KnownValues.load(root: root)
            #expect(anew.count == 1)
        }
    }

    @Test func `a commit that brings a known value in is refused; what was there is not`() throws {
        let repository = try TemporaryRepository()
        try repository.write(".migrate/config.yml", "version: 1\n")
        let value = "hjw-" + Made.text(20, 4)
        KnownValues.remember(values([("DB_PASSWORD", value)]), root: repository.path)
        let known = try KnownValues.load(root: repository.path)
        try repository.write("notes.txt", "hello\nlook at \(value) there\n").stage()
        let report = try repository.check(known: known)
        #expect(report.lines == ["known-value notes.txt:2"])
        #expect(report.problems.first?.column == 9 && report.problems.first?.mask == "********")
        try repository.commit("All the same").write("notes.txt", "hello\nlook at \(value) there\nmore\n").stage()
        let later = try repository.check(known: known)
        #expect(later.lines == [] && later.remainingCount == 1)
    }
}
