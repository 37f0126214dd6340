// The cache of compiled patterns: nothing that happens to it is more than a loss of time.

import Files
import Foundation
import Testing

@testable import Detection

@Suite("Cache of compiled patterns")
struct EngineCacheTests {
    private let folder: EngineFolder
    /// Few rules, since each test compiles them more than once.
    private static let rules = RuleSet([
        EngineSample.rule(named: "one", anchors: ["ONE"], .expression("ONE[0-9]{4}", before: nil, after: nil)),
        EngineSample.rule(named: "two", anchors: ["two"], .expression("two[0-9]{4,8}", before: nil, after: nil)),
    ])

    init() throws { folder = try EngineFolder() }

    private func compile() throws -> CompiledRules { try CompiledRules(Self.rules, cacheFolder: folder.path) }

    private func finds(_ compiled: CompiledRules) throws -> Bool {
        try Matcher(compiled).found(in: "ONE2718 two31415") == ["one: ONE2718", "two: two31415"]
    }

    private func cacheFile() throws -> String {
        _ = try compile()
        let name = try #require(folder.names.first)
        return folder.path + "/" + name
    }

    @Test("The second run takes what the first has compiled, and finds the same")
    func secondRun() throws {
        let first = try compile()
        #expect(first.origin == .compiled && folder.names.count == 1)
        let second = try compile()
        #expect(second.origin == .cached)
        #expect(try finds(first) && finds(second))
        for index in Self.rules.rules.indices { #expect(first.reach(ofRule: index) == second.reach(ofRule: index)) }
    }

    @Test("The built-in rules find the same from the cache")
    func builtInRules() throws {
        #expect(try CompiledRules(cacheFolder: folder.path).origin == .compiled)
        let cached = try CompiledRules(cacheFolder: folder.path)
        #expect(cached.origin == .cached)
        var generator = EngineGenerator(state: 1)
        let bytes = generator.denseText(pieces: 500)
        #expect(try Matcher(cached).matches(in: bytes) == EngineSample.matcher().matches(in: bytes))
    }

    @Test("The file is the owner's alone")
    func permissions() throws {
        var status = stat()
        #expect(stat(try cacheFile(), &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
    }

    @Test("Other rules have a file of their own")
    func otherRules() throws {
        _ = try compile()
        let other = RuleSet([
            EngineSample.rule(named: "one", anchors: ["ONE"], .expression("ONE[0-9]{5}", before: nil, after: nil))
        ])
        #expect(try CompiledRules(other, cacheFolder: folder.path).origin == .compiled)
        #expect(folder.names.count == 2)
        #expect(try compile().origin == .cached)
    }

    /// What may befall a file.
    enum Damage: Equatable, CustomTestStringConvertible {
        case cut(to: Double)
        case flipped(at: Double)
        case longer
        case empty
        case replaced

        var testDescription: String { "\(self)" }

        func bytes(of sound: [UInt8]) -> [UInt8] {
            var bytes = sound
            switch self {
            case .cut(let part): bytes.removeLast(sound.count - Int(Double(sound.count - 1) * part))
            case .flipped(let part): bytes[Int(Double(sound.count - 1) * part)] ^= 0x10
            case .longer: bytes.append(0)
            case .empty: bytes = []
            case .replaced: bytes = sound.indices.map { UInt8(truncatingIfNeeded: $0) }
            }
            return bytes
        }

        static let all: [Damage] =
            [0.001, 0.01, 0.3, 0.5, 0.99, 1].map(Damage.cut)
            + [0, 0.005, 0.01, 0.02, 0.4, 0.7, 0.99, 1].map(Damage.flipped)
            + [.longer, .empty, .replaced]
    }

    @Test("A damaged file is made anew", arguments: Damage.all)
    func damaged(damage: Damage) throws {
        let path = try cacheFile()
        let sound = try #require(try FileContent.read(path, limit: 1 << 30))
        try Data(damage.bytes(of: sound)).write(to: URL(fileURLWithPath: path))
        let again = try compile()
        #expect(again.origin == .compiled)
        #expect(try finds(again))
        #expect(try compile().origin == .cached)
        #expect(folder.names.count == 1)
    }

    @Test("A sound file that was made for another key is made anew")
    func foreignKey() throws {
        let path = try cacheFile()
        let foreign = PatternCache(folder: folder.path, key: [UInt8](repeating: 7, count: 32))
        #expect(foreign.store([.init(bytes: [1, 2, 3], maximumWidth: 3)]))
        #expect(foreign.load() == [.init(bytes: [1, 2, 3], maximumWidth: 3)])
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.moveItem(atPath: foreign.path, toPath: path)
        #expect(try compile().origin == .compiled)
        #expect(try compile().origin == .cached)
    }

    @Test(
        "A folder, a pipe or a dangling link in the file's place costs time only",
        arguments: ["folder", "pipe", "link"])
    func notAFile(kind: String) throws {
        let path = try cacheFile()
        try FileManager.default.removeItem(atPath: path)
        switch kind {
        case "folder": #expect(mkdir(path, 0o700) == 0)
        case "pipe": #expect(mkfifo(path, 0o600) == 0)
        default: #expect(symlink("none", path) == 0)
        }
        let again = try compile()
        #expect(try finds(again))
        #expect(again.origin == .compiledUncached)
        #expect(folder.names.count == 1)
    }

    @Test("A folder that is missing or is a file makes the patterns uncached", arguments: ["none", "file"])
    func noFolder(name: String) throws {
        try Data().write(to: URL(fileURLWithPath: folder.path + "/file"))
        let compiled = try CompiledRules(Self.rules, cacheFolder: folder.path + "/" + name)
        #expect(compiled.origin == .compiledUncached)
        #expect(try finds(compiled))
        #expect(folder.names == ["file"])
    }

    @Test("A read-only folder makes the patterns uncached", .enabled(if: geteuid() != 0, "root may write everywhere"))
    func readOnlyFolder() throws {
        #expect(chmod(folder.path, 0o500) == 0)
        let compiled = try compile()
        #expect(compiled.origin == .compiledUncached)
        #expect(try finds(compiled))
    }

    @Test("Without a folder the patterns are uncached")
    func noCache() throws {
        #expect(try CompiledRules(Self.rules).origin == .compiledUncached)
    }

    @Test("Many that start at once on an empty folder all succeed, and leave one sound file")
    func atOnce() async throws {
        let path = folder.path
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<24 {
                group.addTask {
                    let compiled = try CompiledRules(Self.rules, cacheFolder: path)
                    return try Matcher(compiled).found(in: "ONE2718") == ["one: ONE2718"]
                        && compiled.origin != .compiledUncached
                }
            }
            for try await isSound in group { #expect(isSound) }
        }
        #expect(folder.names.count == 1)
        #expect(try compile().origin == .cached)
    }

    @Test("Many processes that start at once do, too")
    func processesAtOnce() async throws {
        let path = folder.path
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    await #expect(processExitsWith: .success) { [path = path as String] in
                        let rules = RuleSet([
                            EngineSample.rule(
                                named: "one", anchors: ["ONE"], .expression("ONE[0-9]{4}", before: nil, after: nil))
                        ])
                        for _ in 0..<20 {
                            let compiled = try CompiledRules(rules, cacheFolder: path)
                            try #require(compiled.origin != .compiledUncached)
                            try #require(try Matcher(compiled).found(in: "ONE2718") == ["one: ONE2718"])
                            // Made anew again and again, under the eyes of the others.
                            for name in try FileManager.default.contentsOfDirectory(atPath: path)
                            where name.hasSuffix(".bin") {
                                unlink(path + "/" + name)
                            }
                        }
                        _ = try CompiledRules(rules, cacheFolder: path)
                    }
                }
            }
        }
        #expect(folder.names.count == 1 && folder.names.allSatisfy { $0.hasSuffix(".bin") })
    }

    @Test("What is encoded is decoded, by the same key only")
    func roundTrip() {
        let patterns: [PatternCache.Pattern] = [
            PatternCache.Pattern(bytes: [], maximumWidth: 0), PatternCache.Pattern(bytes: [1], maximumWidth: 1),
            PatternCache.Pattern(bytes: [UInt8](repeating: 3, count: 1_000), maximumWidth: 16_384),
        ]
        let key = [UInt8](repeating: 1, count: 32)
        let otherKey = [UInt8](repeating: 2, count: 32)
        let encoded = PatternCache.encode(patterns, key: key)
        #expect(PatternCache.decode(encoded, key: key) == patterns)
        #expect(PatternCache.decode(encoded, key: otherKey) == nil)
        #expect(PatternCache.decode(PatternCache.encode([], key: key), key: key)?.isEmpty == true)
    }

    @Test("Random bytes are refused, also with a true header", arguments: 0..<40 as Range<UInt64>)
    func randomBytes(seed: UInt64) {
        var generator = EngineGenerator(state: seed)
        let key = (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let header = PatternCache.encode([], key: key).dropLast(40)
        for _ in 0..<50 {
            let length = Int.random(in: 0...200, using: &generator)
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
            #expect(PatternCache.decode(bytes, key: key) == nil)
            #expect(PatternCache.decode(header + bytes, key: key) == nil)
        }
    }

    @Test("Lengths that do not fit are refused although the digest is right", arguments: 0..<40 as Range<UInt64>)
    func oddLengths(seed: UInt64) {
        var generator = EngineGenerator(state: seed)
        let key = [UInt8](repeating: 1, count: 32)
        let header = Array(PatternCache.encode([], key: key).dropLast(40))
        for _ in 0..<50 {
            var body = header
            for _ in 0..<Int.random(in: 1...5, using: &generator) {
                let numbers: [UInt64] = [0, 1, 2, 16, 1 << 31, 1 << 63 - 8, 1 << 63 - 1, .max]
                let number = numbers.randomElement(using: &generator) ?? 0
                for shift in stride(from: 56, through: 0, by: -8) {
                    body.append(UInt8(truncatingIfNeeded: number >> UInt64(shift)))
                }
            }
            let decoded = PatternCache.decode(PatternCache.sealed(body), key: key)
            // What is taken must be what encoding it would give.
            if let decoded { #expect(PatternCache.encode(decoded, key: key) == PatternCache.sealed(body)) }
        }
    }
}
