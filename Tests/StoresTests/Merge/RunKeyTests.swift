// Tokens and labels of a run.

import Foundation
import Secrets
import Testing

@testable import Stores

@Suite("The key of a run")
struct RunKeyTests {
    private let content = Reveal.secret(#"{"A":"1"}"#)

    @Test("A token is the same for the same run, base and content, and another for anything else")
    func deterministic() throws {
        let run = try key(7)
        let token = run.token(.stage, name: "n", base: "b", content: content)
        #expect(token == run.token(.stage, name: "n", base: "b", content: Reveal.secret(#"{"A":"1"}"#)))
        let others = [
            try key(8).token(.stage, name: "n", base: "b", content: content),
            run.token(.create, name: "n", base: "b", content: content),
            run.token(.plain(0), name: "n", base: "b", content: content),
            run.token(.plain(1), name: "n", base: "b", content: content),
            run.token(.stage, name: "m", base: "b", content: content),
            run.token(.stage, name: "n", base: "c", content: content),
            run.token(.stage, name: "n", base: nil, content: content),
            run.token(.stage, name: "nb", base: "", content: content),
            run.token(.stage, name: "n", base: "b", content: Reveal.secret(#"{"A":"2"}"#)),
        ]
        #expect(Set(others + [token]).count == others.count + 1)
    }

    @Test("A token is a version 4 UUID in 36 characters, as Secrets Manager asks for", arguments: 0..<64)
    func uuid(seed: UInt8) throws {
        let token = try key(seed).token(.stage, name: "n", base: "b", content: content)
        #expect(token.utf8.count == 36)
        #expect(UUID(uuidString: token)?.uuidString.lowercased() == token)
        let characters = Array(token)
        #expect(characters[14] == "4")
        #expect("89ab".contains(characters[19]))
    }

    @Test("The token is the HMAC that it is said to be")
    func known() throws {
        // python3: hmac.new(bytes([7])*32, b'put staged\0n\0b\0{"A":"1"}', 'sha256').hexdigest()[:32], with UUID bits
        let token = try key(7).token(.stage, name: "n", base: "b", content: content)
        #expect(token == "0e424300-bfdb-454b-9a28-2154abc8e4a2")
        // hmac.new(bytes([7])*32, b'label\0', 'sha256').hexdigest()[:8]
        #expect(try key(7).stage == "migrate-7eb74a2c")
    }

    @Test("The label of a run is known as one, and other labels are not")
    func labels() throws {
        #expect(StagingLabel.isOne(try key(1).stage))
        #expect(try key(1).stage == key(1).stage)
        #expect(try key(1).stage != key(2).stage)
        for other in [
            "migrate-", "migrate-1234567", "migrate-123456789", "migrate-1234567G", "AWSCURRENT", "xmigrate-12345678",
        ] {
            #expect(!StagingLabel.isOne(other))
        }
    }

    @Test("A key has 32 bytes, no two are the same, and none is printed")
    func length() throws {
        for count in [0, 31, 33] {
            #expect(throws: StoreError.self) { try RunKey(SharedSecret(copying: [UInt8](repeating: 1, count: count))) }
        }
        let world = StillWorld().world
        #expect(!RunKey.random(world).bytes.isSame(as: RunKey.random(world).bytes))
        #expect(RunKey.random(world).bytes.count == 32)
        #expect("\(RunKey.random(world))".contains("*"))
    }

    private func key(_ byte: UInt8) throws -> RunKey {
        try RunKey(SharedSecret(copying: [UInt8](repeating: byte, count: 32)))
    }
}
