// Calls of SendGrid's API that have to do with keys.

import HTTP
import JSON
package import Secrets

/// A key that was just made: the only time that its text is told.
package struct CreatedKey: Sendable {
    package var id: String
    package var name: String
    package var scopes: [String]
    package var key: SharedSecret
}

/// A key in the list of all.
package struct KeySummary: Sendable, Equatable {
    package var id: String
    /// One line; not unique.
    package var name: String
}

/// A key, with what it may do.
package struct KeyDetail: Sendable, Equatable {
    package var id: String
    package var name: String
    /// In the order of the answer.
    package var scopes: [String]
}

extension SendGridClient {
    private static let path = "/v3/api_keys"

    private static func path(of id: String) -> String { path + "/" + PercentEncoding.encode(id) }

    /// Makes a key. Not repeated once the request may have arrived: `lostAnswer`, and the name then tells whether it
    /// was made.
    /// - Parameter scopes: one at least. SendGrid takes none for all.
    /// - Throws: `SendGridError`.
    package func createKey(_ name: String, scopes: [String]) async throws -> CreatedKey {
        let call = Call(operation: .createKey, method: .post, path: Self.path, body: Self.body(name, scopes))
        guard !scopes.isEmpty else {
            throw SendGridError(
                kind: .invalidInput, operation: .createKey, message: "a key without scopes would have all of them",
                attempts: 0, endpoint: endpoint.authority)
        }
        let exchange = try await exchange(call)
        guard (200..<300).contains(exchange.response.status) else { throw failure(exchange) }
        guard let answer = try? Self.json(exchange.response), let key = answer["api_key"]?.secret(), !key.isEmpty,
            let id = answer["api_key_id"]?.string ?? SendGridKey.publicID(of: key)
        else {
            var error = unexpected(exchange, "the answer does not hold the key")
            // It was made, and its text is lost.
            error.kind = .lostAnswer
            throw error
        }
        return CreatedKey(
            id: id, name: answer["name"]?.string.map { OneLine.of($0) } ?? name,
            scopes: Self.scopes(answer) ?? scopes, key: key)
    }

    /// All keys of the account.
    /// - Throws: `SendGridError`.
    package func keys() async throws -> [KeySummary] {
        let exchange = try await exchange(Call(operation: .listKeys, path: Self.path))
        guard exchange.response.status == 200 else { throw failure(exchange) }
        guard let answer = try? Self.json(exchange.response), let result = answer["result"], result.kind == .array
        else {
            throw unexpected(exchange, "the answer is no list of keys")
        }
        return try result.elements.map { element in
            guard let id = element["api_key_id"]?.string else { throw unexpected(exchange, "a key has no id") }
            return KeySummary(id: id, name: OneLine.of(element["name"]?.string ?? ""))
        }
    }

    /// One key; nil when there is none of that id.
    /// - Throws: `SendGridError`.
    package func key(_ id: String) async throws -> KeyDetail? {
        let exchange = try await exchange(Call(operation: .readKey, path: Self.path(of: id), keyID: id))
        if exchange.response.status == 404 { return nil }
        guard exchange.response.status == 200 else { throw failure(exchange) }
        guard let answer = try? Self.json(exchange.response) else {
            throw unexpected(exchange, "the answer is no JSON")
        }
        // The description has it within a list, of one element; the service itself has been seen to give it plainly.
        let found = answer["result"]?.elements.first { $0["api_key_id"]?.string == id } ?? answer
        guard found["api_key_id"]?.string == id else { throw unexpected(exchange, "the answer is about another key") }
        return KeyDetail(
            id: id, name: OneLine.of(found["name"]?.string ?? ""), scopes: Self.scopes(found) ?? [])
    }

    /// Gives the key these scopes instead of those it has.
    /// - Parameter name: as it is, or it is renamed.
    /// - Throws: `SendGridError`, `notFound` included.
    package func setScopes(_ id: String, name: String, scopes: [String]) async throws {
        let exchange = try await exchange(
            Call(
                operation: .setScopes, method: .put, path: Self.path(of: id), body: Self.body(name, scopes), keyID: id))
        guard exchange.response.status == 200 else { throw failure(exchange) }
    }

    /// Deletes the key for good.
    /// - Returns: false when there was none of that id.
    /// - Throws: `SendGridError`.
    @discardableResult
    package func deleteKey(_ id: String) async throws -> Bool {
        let exchange = try await exchange(
            Call(operation: .deleteKey, method: .delete, path: Self.path(of: id), keyID: id))
        switch exchange.response.status {
        case 200..<300: return true
        case 404: return false
        default: throw failure(exchange)
        }
    }

    /// What the key that this client speaks with may do.
    /// - Throws: `SendGridError`: `forbidden` when it may not even ask.
    package func scopes() async throws -> [String] { try await scopes(at: endpoint) }

    func scopes(at place: SendGridEndpoint) async throws -> [String] {
        let exchange = try await exchange(Call(operation: .readScopes, path: "/v3/scopes"), at: place)
        guard exchange.response.status == 200 else { throw failure(exchange) }
        guard let answer = try? Self.json(exchange.response), let scopes = Self.scopes(answer) else {
            throw unexpected(exchange, "the answer is no list of scopes")
        }
        return scopes
    }

    private static func scopes(_ answer: JSONValue) -> [String]? {
        guard let list = answer["scopes"], list.kind == .array else { return nil }
        return list.elements.compactMap { $0.string.map { OneLine.of($0, limit: 80) } }
    }

    private static func body(_ name: String, _ scopes: [String]) -> SharedSecret {
        var json = JSONWriter()
        json.beginObject()
        json.member("name", name)
        json.key("scopes")
        json.beginArray()
        for scope in scopes { json.string(scope) }
        json.endArray()
        json.endObject()
        return SharedSecret(json.finish())
    }
}
