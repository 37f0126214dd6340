// A whole secret as a type of the application's.

import Foundation
import JSON
import Testing

@testable import SecretsManager

@Suite("Typed decoding", .timeLimit(.minutes(1)))
struct DecodingTests {
    private func decode<T: Decodable>(_ type: T.Type, _ json: String) async throws -> T {
        try await Bench(["app": json]).secrets.decode(type, from: "app")
    }

    private func refusal<T: Decodable>(_ type: T.Type, _ json: String) async -> SecretsManagerError? {
        do {
            _ = try await decode(type, json)
            Issue.record("it was read")
        } catch let error as SecretsManagerError {
            return error
        } catch {
            Issue.record(error)
        }
        return nil
    }

    struct Application: Decodable {
        struct Database: Decodable {
            var host: String
            var port: Int
            var password: Secret
            var replicas: [String]?
        }

        enum Mode: String, Decodable { case live, test }

        enum CodingKeys: String, CodingKey {
            case apiKey = "API_KEY"
            case database = "DATABASE"
            case mode = "MODE"
            case ratio = "RATIO"
            case sentry = "SENTRY_DSN"
        }

        var apiKey: Secret
        var database: Database
        var mode: Mode
        var ratio: Double
        var sentry: String?
    }

    @Test("A type with nested values, enumerations, numbers and optionals is read")
    func whole() async throws {
        let application = try await decode(
            Application.self,
            #"{"API_KEY":"k\u00e9y","DATABASE":{"host":"db","port":5432,"password":"p","replicas":["a","b"]},"MODE":"live","RATIO":0.5,"SENTRY_DSN":null,"MORE":1}"#
        )
        #expect(application.apiKey.reveal() == "kéy")
        #expect(application.database.host == "db")
        #expect(application.database.port == 5432)
        #expect(application.database.password.reveal() == "p")
        #expect(application.database.replicas == ["a", "b"])
        #expect(application.mode == .live)
        #expect(application.ratio == 0.5)
        #expect(application.sentry == nil)
    }

    @Test("All values as text, or as secrets")
    func dictionaries() async throws {
        let json = #"{"A":"x","B":5432,"C":true}"#
        #expect(try await decode([String: String].self, json) == ["A": "x", "B": "5432", "C": "true"])
        #expect(
            try await decode([String: Secret].self, json).mapValues { $0.reveal() } == [
                "A": "x", "B": "5432", "C": "true",
            ])
    }

    struct One<Value: Decodable & Sendable>: Decodable, Sendable { var v: Value }

    @Test(
        "A whole number is read exactly, from a number or from text",
        arguments: [
            ("5432", 5432), (#""5432""#, 5432), ("5.0", 5), ("1e3", 1000), ("-1", -1),
            ("9007199254740993", 9_007_199_254_740_993), ("9223372036854775807", Int.max), ("5.5", nil), ("1e400", nil),
            ("9223372036854775808", nil), ("true", nil), (#""""#, nil), (#"" 1""#, nil), (#""x""#, nil), ("null", nil),
            ("[1]", nil), ("{}", nil),
        ] as [(String, Int?)])
    func integers(json: String, expected: Int?) async throws {
        let value = try? await decode(One<Int>.self, "{\"v\":\(json)}")
        #expect(value?.v == expected)
    }

    @Test(
        "A number out of a type's range is refused",
        arguments: [
            ("256", false), ("-1", false), ("255", true), ("0", true),
        ])
    func ranges(json: String, isRead: Bool) async throws {
        let value = try? await decode(One<UInt8>.self, "{\"v\":\(json)}")
        #expect((value != nil) == isRead)
    }

    @Test(
        "A boolean is true or false, as JSON or as text",
        arguments: [
            ("true", true), ("false", false), (#""true""#, true), (#""false""#, false), ("1", nil), (#""yes""#, nil),
            (#""TRUE""#, nil), ("null", nil),
        ] as [(String, Bool?)])
    func booleans(json: String, expected: Bool?) async throws {
        let value = try? await decode(One<Bool>.self, "{\"v\":\(json)}")
        #expect(value?.v == expected)
    }

    @Test(
        "A decimal number is read from a number or from text, and is finite",
        arguments: [
            ("0.25", 0.25), (#""0.25""#, 0.25), ("1e400", nil), (#""nan""#, nil), (#""inf""#, nil), ("true", nil),
        ]
            as [(String, Double?)])
    func decimals(json: String, expected: Double?) async throws {
        let value = try? await decode(One<Double>.self, "{\"v\":\(json)}")
        #expect(value?.v == expected)
    }

    @Test("All number types are read")
    func numberTypes() async throws {
        func read<T: Decodable & Sendable & BinaryInteger>(_ type: T.Type) async throws {
            #expect(try await decode(One<T>.self, #"{"v":7}"#).v == 7)
            #expect(try await decode([String: [T]].self, #"{"v":[7,"7"]}"#) == ["v": [7, 7]])
        }
        try await read(Int8.self)
        try await read(Int16.self)
        try await read(Int32.self)
        try await read(Int64.self)
        try await read(Int128.self)
        try await read(UInt.self)
        try await read(UInt8.self)
        try await read(UInt16.self)
        try await read(UInt32.self)
        try await read(UInt64.self)
        try await read(UInt128.self)
        #expect(try await decode([String: [Float]].self, #"{"v":[0.5]}"#) == ["v": [0.5]])
    }

    @Test("Arrays hold nulls, arrays and objects")
    func arrays() async throws {
        #expect(try await decode([String: [Int?]].self, #"{"v":[1,null,2]}"#) == ["v": [1, nil, 2]])
        #expect(try await decode([String: [[Int]]].self, #"{"v":[[1],[],[2,3]]}"#) == ["v": [[1], [], [2, 3]]])
        #expect(try await decode([String: [[String: Bool]]].self, #"{"v":[{"a":true}]}"#) == ["v": [["a": true]]])
    }

    /// Takes all by hand.
    struct ByHand: Decodable {
        enum Key: String, CodingKey { case list, object }
        var numbers: [Int] = []
        var text: String
        var isAtEnd: Bool

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            var list = try container.nestedUnkeyedContainer(forKey: .list)
            // What is of another type stays where it is, and can be tried again.
            if (try? list.decode(Bool.self)) == nil { numbers.append(try list.decode(Int.self)) }
            var nested = try list.nestedUnkeyedContainer()
            while !nested.isAtEnd { numbers.append(try nested.decode(Int.self)) }
            let object = try list.nestedContainer(keyedBy: NameKey.self)
            numbers.append(try object.decode(Int.self, forKey: NameKey(stringValue: "n")))
            isAtEnd = list.isAtEnd && list.count == 3
            text = try String(from: container.superDecoder(forKey: .object))
        }
    }

    @Test("A type that decodes by hand finds all kinds of containers")
    func byHand() async throws {
        let value = try await decode(ByHand.self, #"{"list":[1,[2,3],{"n":4}],"object":"t"}"#)
        #expect(value.numbers == [1, 2, 3, 4])
        #expect(value.text == "t")
        #expect(value.isAtEnd)
    }

    @Test("A refusal names the place and the reason")
    func refusals() async {
        func expect(_ json: String, _ path: String, _ reason: String) async {
            #expect(
                await refusal(Application.self, json) == .undecodable(name: "app", path: path, reason: reason))
        }
        let key = #""API_KEY":"k""#
        await expect("{}", "API_KEY", "the key is absent")
        await expect(#"{"API_KEY":null}"#, "API_KEY", "it is null, and Secret is wanted")
        await expect("{\(key),\"DATABASE\":[]}", "DATABASE", "it is an array that gives no Dictionary<String, Any>")
        await expect(
            "{\(key),\"DATABASE\":{\"host\":\"h\",\"port\":\"p\"}}", "DATABASE.port", "it is a string that gives no Int"
        )
        await expect(
            "{\(key),\"DATABASE\":{\"host\":\"h\",\"port\":1,\"password\":\"p\",\"replicas\":[\"a\",{}]}}",
            "DATABASE.replicas[1]", "it is an object that gives no String")
        await expect(
            "{\(key),\"DATABASE\":{\"host\":\"h\",\"port\":1,\"password\":\"p\"},\"MODE\":\"other\"}", "MODE",
            "its type does not accept the value")
    }

    /// Throws what it found, as types do.
    struct Indiscreet: Decodable {
        struct Failure: Error { var value: String }
        init(from decoder: any Decoder) throws {
            throw Failure(value: try decoder.singleValueContainer().decode(String.self))
        }
    }

    @Test("No refusal holds a value, not even where the type's own error does")
    func discreet() async {
        let canary = "canary" + "-4711"
        for error in [
            await refusal(One<Application.Mode>.self, "{\"v\":\"\(canary)\"}"),
            await refusal(One<Indiscreet>.self, "{\"v\":\"\(canary)\"}"),
            await refusal(One<Int>.self, "{\"v\":\"\(canary)\"}"),
            await refusal(One<[Int]>.self, "{\"v\":\"\(canary)\"}"),
        ] {
            #expect(error.map { !"\($0)".contains(canary) && !String(reflecting: $0).contains(canary) } == true)
        }
    }

    @Test(
        "Text that is no JSON object is refused, and none of it is repeated",
        arguments: [
            "", "plain-canary", "[1]", "\"canary\"", "5", "null", "{", "{\"a\":1,\"a\":canary}", "{\"a\":canary}",
            "\u{FEFF}{}",
        ])
    func notAnObject(text: String) async {
        let error = await refusal([String: String].self, text)
        guard case .notAnObject(name: "app", let reason) = error else {
            Issue.record("another error: \(String(describing: error))")
            return
        }
        #expect(!reason.contains("canary"))
    }

    @Test("The keys of a secret keep their order, and a null is no value")
    func keys() async throws {
        let bundle = try await Bench(["app": #"{"Z":"1","A":null,"M":{"x":1},"B":""}"#]).secrets.get("app")
        #expect(bundle.keys == ["Z", "M", "B"])
        #expect(bundle["A"] == nil)
        #expect(bundle["M"]?.reveal() == #"{"x":1}"#)
        #expect(bundle.versionID == "v0")
    }

    // Random JSON, read both by this decoder and by Foundation's.
    @Test("Strings, whole numbers and nesting are read as Foundation reads them", arguments: 0..<10)
    func differential(seed: Int) async throws {
        var random = SeededGenerator(seed: UInt64(seed))
        for _ in 0..<100 {
            let tree = Tree.random(depth: 4, &random)
            let object = ["t": tree]
            let data = try JSONEncoder().encode(object)
            let text = String(decoding: data, as: UTF8.self)
            let decoded = try await decode([String: Tree].self, text)
            #expect(decoded == object)
        }
    }

    indirect enum Tree: Codable, Equatable {
        case leaf(text: String)
        case number(value: Int)
        case branch(children: [Tree])
        case named(children: [String: Tree])

        static func random(depth: Int, _ random: inout SeededGenerator) -> Tree {
            func text() -> String {
                String(
                    (0..<Int.random(in: 0...6, using: &random)).compactMap { _ in
                        "a\"\\/\n\t\u{1}é漢😀 ".randomElement(using: &random)
                    })
            }
            switch Int.random(in: 0..<(depth > 0 ? 4 : 2), using: &random) {
            case 0: return .leaf(text: text())
            case 1: return .number(value: Int(truncatingIfNeeded: random.next()))
            case 2:
                return .branch(
                    children: (0..<Int.random(in: 0...3, using: &random)).map { _ in .random(depth: depth - 1, &random)
                    })
            default:
                var children: [String: Tree] = [:]
                for _ in 0..<Int.random(in: 0...3, using: &random) {
                    children[text()] = .random(depth: depth - 1, &random)
                }
                return .named(children: children)
            }
        }
    }
}
