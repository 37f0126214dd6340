// The sample repository of `make demo`, built once for all tests, and what was planted in it.

import Foundation

struct Demo {
    struct Planted: Decodable {
        var value, kind, place, expect: String
        var path: String?
    }

    let path: String
    let planted: [Planted]

    /// The root of this package.
    static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    private static let built = Task {
        let folder = try Scratch.folder("demo")
        let words = [
            "python3", package + "/scripts/make-demo-repository.py", folder + "/fluxion", "--manifest",
            folder + "/manifest.json",
        ]
        let outcome = try await Running(
            words, in: folder, input: "/dev/null", output: nil, environment: Program.environment
        ).end()
        guard outcome.status == 0 else {
            throw Git.Failure(command: "make-demo-repository.py", reason: outcome.errorText)
        }
        let manifest = Data(Scratch.bytes(folder + "/manifest.json"))
        return Demo(path: folder + "/fluxion", planted: try JSONDecoder().decode([Planted].self, from: manifest))
    }

    static var shared: Demo { get async throws { try await built.value } }

    /// What no output may hold: every eight bytes in a row of every secret, the parts aside that are no secret.
    var pieces: Set<UInt64> {
        var pieces = Set<UInt64>()
        for item in planted where item.expect == "secret" {
            for part in Self.secretParts(item) { Self.forEachPiece(of: Array(part.utf8)) { pieces.insert($0) } }
        }
        return pieces
    }

    private static func secretParts(_ item: Planted) -> [Substring] {
        switch item.kind {
        case "aws-access-key-id": []
        case "sendgrid-api-key": [item.value.split(separator: ".")[2]]
        case "github-token": [item.value.dropFirst(4)]
        case "private-key": item.value.split(separator: "\n").dropFirst().dropLast()
        default: [item.value[...]]
        }
    }

    /// Whether any of the pieces stands in the bytes.
    static func hold(_ bytes: [UInt8], anyOf pieces: Set<UInt64>) -> Bool {
        // Most bytes are told by a table: a set is slow in debug builds.
        var isLast = [Bool](repeating: false, count: 1 << 16)
        for piece in pieces { isLast[Int(piece & 0xFFFF)] = true }
        var found = false
        forEachPiece(of: bytes) { piece in
            if isLast[Int(piece & 0xFFFF)], pieces.contains(piece) { found = true }
        }
        return found
    }

    private static func forEachPiece(of bytes: [UInt8], _ body: (UInt64) -> Void) {
        var piece: UInt64 = 0
        for (index, byte) in bytes.enumerated() {
            piece = piece << 8 | UInt64(byte)
            if index >= 7 { body(piece) }
        }
    }
}
