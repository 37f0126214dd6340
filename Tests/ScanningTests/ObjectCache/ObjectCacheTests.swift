// A scan that knows what an earlier one has read says the same as one that reads all.

import Git
import TestRepositories
import Testing

@testable import Detection
@testable import Scanning

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite("Known objects: the same report")
struct ObjectCacheDifferentialTests {
    @Test("Whatever happens to a repository, at every step", arguments: 0..<10)
    func story(seed: Int) async throws {
        var story = RandomStory(try TemporaryRepository(), seed: UInt64(seed) &* 7_919 &+ 3)
        let folder = try CacheFolder()
        try story.begin()
        for step in 0..<10 {
            let what = try story.step()
            _ = try await expectSame(story.repository, folder, "seed \(seed), step \(step): \(what)")
        }
        // Nothing is new: nothing is read but what holds something.
        let last = try await expectSame(story.repository, folder, "seed \(seed), once more")
        #expect(last.statistics.knownObjectCount > last.statistics.objectCount / 3)
    }

    @Test("In another clone, with the cache of the first")
    func clone() async throws {
        let first = try TemporaryRepository()
        var story = RandomStory(first, seed: 5)
        try story.begin()
        for _ in 0..<6 { _ = try story.step() }
        let folder = try CacheFolder()
        _ = try await first.scan(knowing: folder)
        let clone = try TemporaryRepository(beside: first, named: "clone") {
            ["clone", "--quiet", "--no-local", first.path, $0]
        }
        let before = folder.bytes
        let report = try await expectSame(clone, folder, "clone")
        #expect(report.statistics.knownObjectCount > 0)
        #expect(!before.isEmpty)
        let shallow = try TemporaryRepository(beside: first, named: "shallow") {
            ["clone", "--quiet", "--no-local", "--depth=2", "file://" + first.path, $0]
        }
        _ = try await expectSame(shallow, folder, "shallow clone")
        try shallow.git("fetch", "--quiet", "--unshallow")
        _ = try await expectSame(shallow, folder, "no longer shallow")
        _ = try await expectSame(shallow, folder, "no longer shallow, again")
    }

    @Test("An object that went missing is told, though all that named it is known")
    func missing() async throws {
        let repository = try TemporaryRepository()
        try repository.write("a/one.txt", "one").write("a/two.txt", "two").write("b/three.txt", Value.line()).commit(
            "1")
        try repository.write("a/two.txt", "too").commit("2")
        let folder = try CacheFolder()
        _ = try await expectSame(repository, folder, "whole")
        for revision in ["HEAD:a/one.txt", "HEAD~1:a/two.txt", "HEAD:a", "HEAD~1"] {
            let file = repository.looseFile(try repository.id(revision))
            let bytes = try TemporaryRepository.read(file)
            try repository.delete(file)
            let report = try await expectSame(repository, folder, "without \(revision)")
            #expect(report.gaps.contains { $0.kind == .missingObject })
            _ = try await expectSame(repository, folder, "without \(revision), again")
            try TemporaryRepository.write(file, bytes)
            let whole = try await expectSame(repository, folder, "with \(revision) again")
            #expect(whole.isComplete)
        }
    }

    @Test("A blob that was read becomes a dotenv file, and one that could not be read comes back")
    func becomesDotenv() async throws {
        let repository = try TemporaryRepository()
        let folder = try CacheFolder()
        try repository.write("notes.txt", "A_PASSWORD=\(Value.password())\nMODE=fast\n").commit("1")
        _ = try await expectSame(repository, folder, "a text")
        try repository.git("mv", "notes.txt", ".env")
        try repository.commit("2")
        let report = try await expectSame(repository, folder, "a dotenv file")
        #expect(report.dotenvFiles.map(\.path) == [".env"])
        // A file that holds a key, cut short on disk, then whole again.
        try repository.write("key.py", Value.line(9) + String(repeating: "# text\n", count: 900)).commit("3")
        let file = repository.looseFile(try repository.id("HEAD:key.py"))
        let bytes = try TemporaryRepository.read(file)
        try TemporaryRepository.write(file, Array(bytes.prefix(20)))
        let damaged = try await expectSame(repository, folder, "cut short")
        #expect(!damaged.isComplete)
        try TemporaryRepository.write(file, bytes)
        let whole = try await expectSame(repository, folder, "whole again")
        #expect(whole.finding(Value.sendGrid(9)) != nil)
    }

    @Test("Contents that Git LFS keeps are looked at every time")
    func lfs() async throws {
        let repository = try TemporaryRepository()
        let folder = try CacheFolder()
        let content = Array(Value.line(4).utf8)
        let digest = LFSPointer.digest(of: content)
        try repository.write(
            "key.bin", "version https://git-lfs.github.com/spec/v1\noid sha256:\(digest)\nsize \(content.count)\n"
        ).commit("1")
        let without = try await expectSame(repository, folder, "not fetched")
        #expect(without.gaps.map(\.kind) == [.missingLFSObject])
        let place = "\(repository.path)/.git/lfs/objects/\(digest.prefix(2))/\(digest.dropFirst(2).prefix(2))/\(digest)"
        try TemporaryRepository.write(place, content)
        let with = try await expectSame(repository, folder, "fetched")
        #expect(with.finding(Value.sendGrid(4)) != nil)
    }

    @Test("Keys in messages of commits and tags are found every time")
    func messages() async throws {
        let repository = try TemporaryRepository()
        let folder = try CacheFolder()
        try repository.write("a", "1").commit("the key is \(Value.sendGrid(6))")
        try repository.git("tag", "-a", "v1", "-m", "token \(Value.sendGrid(7))")
        _ = try await expectSame(repository, folder, "first")
        let second = try await expectSame(repository, folder, "second")
        #expect(second.finding(Value.sendGrid(6))?.occurrences.first?.reach == [.commitMessage])
        #expect(second.finding(Value.sendGrid(7))?.occurrences.first?.reach.contains(.tag) ?? false)
        try repository.git("tag", "-d", "v1")
        _ = try await expectSame(repository, folder, "without the tag")
    }
}

@Suite("Known objects: the file")
struct ObjectCacheFileTests {
    private func story() throws -> TemporaryRepository {
        let repository = try TemporaryRepository()
        for number in 0..<5 {
            try repository.write("src/\(number).txt", "\(number)\n").write(
                ".env", "KEY=\(Value.sendGrid(UInt64(number)))\n"
            )
            .commit("\(number)")
        }
        return repository
    }

    @Test("The second scan reads what is new, and what holds something")
    func counts() async throws {
        let (repository, folder) = (try story(), try CacheFolder())
        #expect(try await repository.scan(knowing: folder).statistics.knownObjectCount == 0)
        let second = try await repository.scan(knowing: folder)
        // Five versions of the dotenv file.
        #expect(second.statistics.knownObjectCount == second.statistics.objectCount - 5)
        try repository.write("new.txt", "new").commit("new")
        let third = try await repository.scan(knowing: folder)
        #expect(third.statistics.knownObjectCount == second.statistics.knownObjectCount)
        #expect(third.statistics.objectCount == second.statistics.objectCount + 3)
    }

    @Test("A few new objects are not worth the writing; without the cache none are known")
    func little() async throws {
        let (repository, folder) = (try story(), try CacheFolder())
        func scan() async throws -> ScanReport { try await repository.scan { $0.objectCaching = .folder(folder.path) } }
        _ = try await scan()
        let before = folder.bytes
        #expect(!before.isEmpty)
        _ = try await scan()
        #expect(folder.bytes == before)
        // In a small repository a few are many.
        try repository.write("new.txt", "new").commit("new")
        _ = try await scan()
        #expect(folder.bytes != before)
        #expect(try await repository.scan().statistics.knownObjectCount == 0)
        // A range has no use for it.
        let range = try await repository.scan {
            $0.objectCaching = .folder(folder.path)
            $0.selection = .range(from: "HEAD~1", to: "HEAD", symmetric: false)
        }
        #expect(range.statistics.knownObjectCount == 0)
    }

    @Test("Nothing of a value is in it, and only its owner reads it")
    func nothingSecret() async throws {
        let (repository, folder) = (try story(), try CacheFolder())
        let report = try await repository.scan(knowing: folder)
        let text = String(decoding: folder.bytes, as: UTF8.self)
        #expect(!report.findings.isEmpty)
        for number in 0..<5 {
            #expect(!text.contains(Value.sendGrid(UInt64(number)).suffix(20)))
        }
        for finding in report.findings { #expect(!text.contains(finding.fingerprint.description)) }
        #expect(!text.contains("KEY"))
        var status = stat()
        #expect(lstat(folder.file, &status) == 0 && status.st_mode & 0o077 == 0)
    }

    @Test("One of other rules, of other limits or of another program is not used")
    func foreign() async throws {
        let (repository, folder) = (try story(), try CacheFolder())
        _ = try await repository.scan(knowing: folder)
        func load(_ rules: RuleSet = RuleSet(), _ largest: Int = ScanRequest(path: "", jobs: 1).largestBlob) -> Bool {
            if case .state = ObjectCache(path: folder.file, rules: rules, largestBlob: largest).load() {
                true
            } else {
                false
            }
        }
        #expect(load())
        #expect(!load(RuleSet(Array(Rule.builtIn.dropFirst()))))
        #expect(!load(RuleSet(), 5))
        let limited = try await repository.scan {
            $0.objectCaching = .folder(folder.path)
            $0.largestBlob = 1 << 20
        }
        #expect(limited.statistics.knownObjectCount == 0)
        #expect(limited.notes.allSatisfy { !$0.contains("cache") })
    }

    @Test("A damaged one is told, not believed, and replaced", arguments: 0..<6)
    func damaged(kind: Int) async throws {
        let (repository, folder) = (try story(), try CacheFolder())
        _ = try await repository.scan(knowing: folder)
        var bytes = folder.bytes
        switch kind {
        case 0: bytes.removeLast(7)
        case 1: bytes[bytes.count / 2] ^= 1
        case 2: bytes = []
        case 3: bytes += [0]
        case 4: bytes = Array("no cache at all".utf8)
        default: bytes[0] ^= 0xFF
        }
        try TemporaryRepository.write(folder.file, bytes)
        let report = try await repository.scan(knowing: folder)
        #expect(report.statistics.knownObjectCount == 0)
        #expect(report.notes.contains { $0.contains("was damaged") })
        #expect(try await repository.scan(knowing: folder).statistics.knownObjectCount > 0)
    }

    @Test("One that the repository brings along is not used")
    func tracked() async throws {
        let repository = try story()
        let folder = repository.path + "/.cache/migrate"
        try TemporaryRepository.write(folder + "/x", [])
        func scan() async throws -> ScanReport { try await repository.scan { $0.objectCaching = .folder(folder) } }
        _ = try await scan()
        #expect(try await scan().statistics.knownObjectCount > 0)
        try repository.git("add", "--force", ".cache/migrate/objects.bin")
        let report = try await scan()
        #expect(report.statistics.knownObjectCount == 0)
        #expect(report.notes.contains { $0.contains("is tracked by git") })
    }

    @Test("A folder that cannot be made, a link or a pipe in its place: the scan goes on without")
    func unwritable() async throws {
        let repository = try story()
        let folder = try CacheFolder()
        try TemporaryRepository.write(folder.path + "/file", [])
        try #require(mkfifo(folder.path + "/objects.bin", 0o600) == 0)
        for place in [folder.path + "/file/below", folder.path, "/proc/nothing", ""] {
            let report = try await repository.scan { $0.objectCaching = .folder(place) }
            #expect(!report.findings.isEmpty)
            #expect(report.statistics.knownObjectCount == 0)
        }
    }

    @Test("Two at once: each is right, and what is left is whole")
    func concurrent() async throws {
        let (repository, folder) = (try story(), try CacheFolder())
        let (path, place) = (repository.path, folder.path)
        let scanner = Scanner(compiled: try Rules.compiled.get())
        let plain = try await repository.scan()
        for round in 0..<4 {
            try await withThrowingTaskGroup(of: ScanReport.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        var request = ScanRequest(path: path, jobs: 1)
                        request.objectCaching = .folder(place)
                        return try await PreparedObjects.$keepsAll.withValue(true) { try await scanner.scan(request) }
                    }
                }
                for try await report in group { #expect(report.content == plain.content, "round \(round)") }
            }
        }
        #expect(try TemporaryRepository.names(in: place) == ["objects.bin"])
        #expect(try await repository.scan(knowing: folder).statistics.knownObjectCount > 0)
    }

    @Test("In the user's folder each repository has its own, and the oldest are forgotten")
    func user() async throws {
        let (first, second, folder) = (try story(), try story(), try CacheFolder())
        func scan(_ repository: TemporaryRepository) async throws -> ScanReport {
            try await PreparedObjects.$keepsAll.withValue(true) {
                try await repository.scan { $0.objectCaching = .user(folder: folder.path) }
            }
        }
        for repository in [first, second] {
            _ = try await scan(repository)
            #expect(try await scan(repository).statistics.knownObjectCount > 0)
        }
        #expect(try TemporaryRepository.names(in: folder.path).count == 2)
        for number in 0..<70 { mkdir(folder.path + "/repository-\(number)", 0o700) }
        try first.write("new.txt", "new").commit("new")
        _ = try await scan(first)
        let left = try TemporaryRepository.names(in: folder.path)
        #expect(left.count == 64)
        #expect(left.contains(ObjectCache.name(of: first.path + "/.git/")))
    }

    @Test("Of a small repository nothing is left in the user's folder, unless a folder was named for it")
    func small() async throws {
        let (repository, folder) = (try story(), try CacheFolder())
        _ = try await repository.scan { $0.objectCaching = .user(folder: folder.path) }
        #expect(try TemporaryRepository.names(in: folder.path).isEmpty)
        _ = try await repository.scan { $0.objectCaching = .folder(folder.path + "/a/b/c") }
        #expect(TemporaryRepository.exists(folder.path + "/a/b/c/objects.bin"))
    }
}

@Suite("Known objects: bytes from outside")
struct ObjectCacheFuzzTests {
    @Test("What was written is read", arguments: 0..<3)
    func roundTrip(seed: Int) async throws {
        let bytes = try await Self.state(seed).encoded()
        let read = try ObjectState(decoding: bytes[...])
        #expect(read.encoded() == bytes)
        #expect(!read.ids.isEmpty && !read.origins.trees.isEmpty && read.sets.count > 1)
    }

    /// Some states are sound after all, and say something else: a scan under one says less, but never fails.
    @Test("Changed bytes are refused or harmless", arguments: 0..<4)
    func mutations(seed: Int) async throws {
        let (repository, folder) = (try Self.repository(seed), try CacheFolder())
        _ = try await repository.scan(knowing: folder)
        let cache = ObjectCache(
            path: folder.file, rules: RuleSet(), largestBlob: ScanRequest(path: "", jobs: 1).largestBlob)
        guard case .state(let state) = cache.load() else { throw TemporaryRepository.Failure(description: "no state") }
        let bytes = state.encoded()
        var generator = SeededGenerator(state: UInt64(seed) &+ 77)
        var scans = 0
        for _ in 0..<3_000 {
            var changed = bytes
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                switch Int.random(in: 0..<5, using: &generator) {
                case 0:
                    changed[Int.random(in: 0..<changed.count, using: &generator)] ^=
                        1 << UInt8.random(in: 0..<8, using: &generator)
                case 1:
                    changed[Int.random(in: 0..<changed.count, using: &generator)] = UInt8.random(
                        in: 0...255, using: &generator)
                case 2: changed.removeLast(Int.random(in: 0...min(8, changed.count - 1), using: &generator))
                case 3:
                    changed.insert(
                        UInt8.random(in: 0...255, using: &generator),
                        at: Int.random(in: 0...changed.count, using: &generator))
                default:
                    let start = Int.random(in: 0..<max(changed.count - 4, 1), using: &generator)
                    let number = [UInt32.max, 0x7FFF_FFFF, 0x8000_0000, 1, 0].randomElement(using: &generator) ?? 0
                    withUnsafeBytes(of: number) {
                        changed.replaceSubrange(start..<min(start + 4, changed.count), with: $0)
                    }
                }
            }
            guard let other = try? ObjectState(decoding: changed[...]) else { continue }
            guard scans < 40 else { continue }
            scans += 1
            cache.store(other)
            _ = try await repository.scan(knowing: folder)
        }
        #expect(scans > 0)
    }

    private static func repository(_ seed: Int) throws -> TemporaryRepository {
        var story = RandomStory(try TemporaryRepository(), seed: UInt64(seed) &+ 40)
        try story.begin()
        for _ in 0..<5 { _ = try story.step() }
        return story.repository
    }

    private static func state(_ seed: Int) async throws -> ObjectState {
        let (repository, folder) = (try repository(seed), try CacheFolder())
        _ = try await repository.scan(knowing: folder)
        let cache = ObjectCache(
            path: folder.file, rules: RuleSet(), largestBlob: ScanRequest(path: "", jobs: 1).largestBlob)
        guard case .state(let state) = cache.load() else { throw TemporaryRepository.Failure(description: "no state") }
        return state
    }
}
