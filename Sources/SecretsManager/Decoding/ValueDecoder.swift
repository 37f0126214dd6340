// A decoder over a JSON document in wiped memory: no copy of the whole text is made.

import JSON
import Secrets

struct ValueDecoder: Decoder {
    let value: JSONValue
    let codingPath: [any CodingKey]
    let userInfo: [CodingUserInfoKey: Any]

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard value.kind == .object else { throw mismatch([String: Any].self) }
        return KeyedDecodingContainer(ObjectContainer(decoder: self))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard value.kind == .array else { throw mismatch([Any].self) }
        return ArrayContainer(decoder: self)
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer { self }

    func at(_ value: JSONValue, _ key: any CodingKey) -> ValueDecoder {
        ValueDecoder(value: value, codingPath: codingPath + [key], userInfo: userInfo)
    }

    /// What stands here, for an error; never the value.
    struct Found: Error {
        var kind: JSONValue.Kind
    }

    func mismatch(_ type: Any.Type) -> DecodingError {
        let context = DecodingError.Context(
            codingPath: codingPath, debugDescription: "found \(value.kind.words)",
            underlyingError: Found(kind: value.kind))
        return value.isNull ? .valueNotFound(type, context) : .typeMismatch(type, context)
    }

    // Text of what may stand for a number or boolean: dotenv files know only text.
    private func spelling() -> String? {
        switch value.kind {
        case .string: value.string
        case .number, .boolean: Secret(value.literal()).reveal()
        case .object, .array, .null: nil
        }
    }

    private func integer<T: FixedWidthInteger>(_ type: T.Type) throws -> T {
        guard let spelling = spelling(), value.kind != .boolean else { throw mismatch(type) }
        if let integer = T(spelling) { return integer }
        // `5.0` and `1e3` are whole as well.
        guard let number = Double(spelling), let integer = T(exactly: number) else { throw mismatch(type) }
        return integer
    }

    private func floating<T: BinaryFloatingPoint & LosslessStringConvertible>(_ type: T.Type) throws -> T {
        guard let spelling = spelling(), value.kind != .boolean, let number = T(spelling), number.isFinite else {
            throw mismatch(type)
        }
        return number
    }
}

extension ValueDecoder: SingleValueDecodingContainer {
    func decodeNil() -> Bool { value.isNull }

    func decode(_ type: Bool.Type) throws -> Bool {
        switch spelling() {
        case "true" where value.kind != .number: return true
        case "false" where value.kind != .number: return false
        default: throw mismatch(type)
        }
    }

    func decode(_ type: String.Type) throws -> String {
        guard let spelling = spelling() else { throw mismatch(type) }
        return spelling
    }

    func decode(_ type: Double.Type) throws -> Double { try floating(type) }
    func decode(_ type: Float.Type) throws -> Float { try floating(type) }
    func decode(_ type: Int.Type) throws -> Int { try integer(type) }
    func decode(_ type: Int8.Type) throws -> Int8 { try integer(type) }
    func decode(_ type: Int16.Type) throws -> Int16 { try integer(type) }
    func decode(_ type: Int32.Type) throws -> Int32 { try integer(type) }
    func decode(_ type: Int64.Type) throws -> Int64 { try integer(type) }
    func decode(_ type: Int128.Type) throws -> Int128 { try integer(type) }
    func decode(_ type: UInt.Type) throws -> UInt { try integer(type) }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try integer(type) }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try integer(type) }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try integer(type) }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try integer(type) }
    func decode(_ type: UInt128.Type) throws -> UInt128 { try integer(type) }

    func decode<T: Decodable>(_ type: T.Type) throws -> T {
        // Past `Secret.init(from:)`, which would go through a String.
        if type == Secret.self {
            guard !value.isNull else { throw mismatch(type) }
            if let secret = Secret(value.secret() ?? value.literal()) as? T { return secret }
        }
        return try T(from: self)
    }
}
