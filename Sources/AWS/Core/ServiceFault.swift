// What an answer that is an error says, whichever way it is written.

import HTTP
import JSON
import Secrets

/// An error as a service words it, cleaned for people.
struct ServiceFault: Sendable, Equatable {
    /// Without namespace (`ns#`) and without address (`:http://…`); empty when the answer has none.
    var code: String
    /// One line, bounded.
    var message: String
    var requestID: String?
    var status: Int
    /// How long the service asks to be left alone, in seconds.
    var retryAfter: Double?
    /// The service's clock, in its own spelling.
    var date: String?

    /// Longer than AWS's own are; what is longer may be an echo.
    static let longestMessage = 400

    /// - Parameter secrets: what of the request is secret. A message that repeats of one is not taken over.
    init(_ response: HTTPResponse, secrets: [SharedSecret] = []) {
        status = response.status
        date = response.header("Date")
        var code: String?
        var message: String?
        var requestID = Self.requestID(response)
        let body = response.body.withBytes { SecretValue(copying: $0) }
        if let root = try? JSONDocument(parsing: body).root, root.kind == .object {
            code = root["__type"]?.string ?? root["code"]?.string ?? root["Code"]?.string
            message = root["message"]?.string ?? root["Message"]?.string ?? root["errorMessage"]?.string
        } else if let root = try? XMLElement.parse(response.body) {
            code = root.first("Code")?.text
            message = root.first("Message")?.text
            let named = root.first("RequestId")?.text ?? root.first("RequestID")?.text
            requestID = requestID ?? named.flatMap(Self.identifier)
        }
        self.code = Self.plainCode(code ?? response.header("x-amzn-ErrorType") ?? "")
        let words = message ?? "the answer has HTTP status \(response.status) and no message that can be read"
        self.message =
            secrets.contains { $0.isRepeated(in: words) }
            ? "the service's message repeats a part of the request and is not shown"
            : OneLine.of(words, limit: Self.longestMessage)
        self.requestID = requestID
        // Milliseconds in the one, seconds in the other.
        retryAfter =
            response.header("x-amz-retry-after").flatMap { Int($0) }.map { Double($0) / 1_000 }
            ?? response.header("Retry-After").flatMap { Int($0) }.map { Double($0) }
        if let seconds = retryAfter, seconds < 0 { retryAfter = nil }
    }

    /// As the headers of an answer name it.
    static func requestID(_ response: HTTPResponse) -> String? {
        (response.header("x-amzn-RequestId") ?? response.header("x-amz-request-id")).flatMap(identifier)
    }

    static func plainCode(_ code: String) -> String {
        let name = code.split(separator: "#", omittingEmptySubsequences: false).last ?? ""
        let plain = name.split(separator: ":", omittingEmptySubsequences: false).first ?? ""
        return identifier(String(plain)) ?? ""
    }

    // What AWS's own codes and ids are made of.
    private static func identifier(_ text: String) -> String? {
        let isPlain = text.utf8.allSatisfy { PercentEncoding.isUnreserved($0) || "=+/".utf8.contains($0) }
        return isPlain && (1...128).contains(text.utf8.count) ? text : nil
    }
}
