// Reads the answers of JSON services: what must be there is there, or the answer is called unexpected.

import JSON
import Secrets
import World

/// A JSON object of an answer, with what an error about it needs.
struct JSONAnswer: Sendable {
    let value: JSONValue
    let operation: String
    let service: String

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
        (value[name]?.elements ?? []).map { JSONAnswer(value: $0, operation: operation, service: service) }
    }

    func unexpected(_ reason: String) -> AWSError {
        // The answer was one of success: what was asked may well have been done.
        AWSError(
            kind: .unexpectedAnswer, operation: operation, service: service, code: "", message: reason,
            mayHaveBeenApplied: true)
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
        let document = try await self.json(operation, SharedSecret(json.finish()))
        let answer = JSONAnswer(value: document.root, operation: operation, service: service.name)
        guard document.root.kind == .object else { throw answer.unexpected("the answer is no JSON object") }
        return answer
    }

    /// Asks for page after page until there is no more, or `isEnough` says so.
    /// - Parameters:
    ///   - body: writes the members of the request, the token aside.
    ///   - page: takes one page; false when no more are wanted.
    func pages(
        _ operation: String, _ body: (inout JSONWriter) -> Void, page: (JSONAnswer) async throws -> Bool
    ) async throws {
        var token: String?
        repeat {
            let answer = try await call(operation) { json in
                body(&json)
                json.member("NextToken", token)
            }
            guard try await page(answer) else { return }
            let next = answer.string("NextToken")
            // A service that repeats itself would be asked for ever.
            if let next, next == token { throw answer.unexpected("NextToken does not change") }
            token = next
        } while token != nil
    }
}
