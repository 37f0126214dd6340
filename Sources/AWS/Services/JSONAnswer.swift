// Reads the answers of JSON services: what must be there is there, or the answer is called unexpected.

import JSON
import Secrets
import World

/// A JSON object of an answer, with what an error about it needs.
struct JSONAnswer: Sendable {
    let value: JSONValue
    /// Of the call, for an error about the answer: of kind `unexpectedAnswer`, without a message.
    let facts: AWSError

    /// A string that the service always sends.
    func required(_ name: String) throws -> String {
        guard let text = string(name) else { throw unexpected("\(name) is missing") }
        return text
    }

    /// Nil when it is not there, is null, or is empty: emulators send nulls and empty texts where AWS sends nothing.
    func string(_ name: String) -> String? {
        guard let text = value[name]?.string, !text.isEmpty else { return nil }
        return text
    }

    func strings(_ name: String) -> [String] { value[name]?.elements.compactMap(\.string) ?? [] }

    /// Times come as seconds since 1970.
    func instant(_ name: String) -> Instant? { value[name]?.double.map { Instant(seconds: $0) } }

    /// The objects of an array.
    func answers(_ name: String) -> [JSONAnswer] {
        (value[name]?.elements ?? []).map { JSONAnswer(value: $0, facts: facts) }
    }

    func unexpected(_ reason: String) -> AWSError {
        var error = facts
        error.message = reason
        return error
    }
}

extension AWSClient {
    /// Sends one object, of which `body` writes the members.
    func call(
        _ operation: String, capacity: Int = 256, _ body: (inout JSONWriter) -> Void
    ) async throws -> JSONAnswer {
        var json = JSONWriter(capacity: capacity)
        json.beginObject()
        body(&json)
        json.endObject()
        let exchange = try await jsonExchange(operation, SharedSecret(json.finish()))
        return JSONAnswer(value: exchange.answer.root, facts: exchange.facts)
    }

    /// Asks for page after page until there is no more, or `page` says so.
    /// - Parameters:
    ///   - body: writes the members of the request, the token aside.
    ///   - page: takes one page; false when no more are wanted.
    func pages(
        _ operation: String, _ body: (inout JSONWriter) -> Void, page: (JSONAnswer) async throws -> Bool
    ) async throws {
        var token: String?
        var seen: Set<String> = []
        repeat {
            let answer = try await call(operation) { json in
                body(&json)
                json.member("NextToken", token)
            }
            guard try await page(answer) else { return }
            let next = answer.string("NextToken")
            // A service that repeats itself would be asked for ever.
            if let next, !seen.insert(next).inserted { throw answer.unexpected("NextToken comes again") }
            token = next
        } while token != nil
    }
}
