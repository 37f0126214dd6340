// One account of SendGrid: its keys, and what each request does to them. The shapes of the answers are those of the
// description that SendGrid publishes.

import Foundation

/// A key as the account knows it.
package struct SendGridAccountKey: Sendable {
    package var id: String
    package var name: String
    package var scopes: [String]
    /// `SG.<id>.<secret>`
    package var text: String
    /// False for keys that may not even ask what they may do: 403.
    package var mayReadScopes: Bool
}

struct SendGridAccount {
    static let keyLimit = 100
    static let managing = ["api_keys.create", "api_keys.read", "api_keys.update", "api_keys.delete"]

    var keys: [SendGridAccountKey] = []
    /// Deleted, and still let in for a while: seconds since 1970 until when, requests how many.
    var fading: [(key: SendGridAccountKey, until: Double, requests: Int)] = []
    /// How long a deleted key is let in.
    var delaySeconds = 0.0
    var delayRequests = 0
    /// Whether GET of one key puts it into a list, as the description has it, or gives it plainly.
    var answersWithList = true

    mutating func add(
        _ name: String, _ scopes: [String], text: String? = nil, mayReadScopes: Bool = true
    ) -> SendGridAccountKey {
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        let text = text ?? "SG.\(randomText(22, of: alphabet)).\(randomText(43, of: alphabet))"
        let id = String(text.split(separator: ".", omittingEmptySubsequences: false).dropFirst().first ?? "")
        let key = SendGridAccountKey(id: id, name: name, scopes: scopes, text: text, mayReadScopes: mayReadScopes)
        keys.append(key)
        return key
    }

    mutating func handle(_ request: ReceivedRequest, now: Double) -> HTTPAnswer {
        guard let key = caller(request, now) else { return Self.error(401, "authorization required") }
        let parts = request.path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        switch (request.method, parts.count) {
        case ("GET", 3) where request.path == "/v3/scopes":
            guard key.mayReadScopes else { return Self.error(403, "access forbidden") }
            return Self.answer(200, ["scopes": key.scopes])
        case (_, 3) where request.path == "/v3/api_keys": return handleAll(request, key)
        case (_, 4) where request.path.hasPrefix("/v3/api_keys/"):
            return handleOne(request, key, id: parts[3].removingPercentEncoding ?? parts[3], now)
        default: return Self.error(404, "not found")
        }
    }

    private mutating func caller(_ request: ReceivedRequest, _ now: Double) -> SendGridAccountKey? {
        guard let words = request.header("Authorization")?.split(separator: " "), words.count == 2,
            words[0].lowercased() == "bearer"
        else { return nil }
        if let key = keys.first(where: { $0.text == words[1] }) { return key }
        guard let index = fading.firstIndex(where: { $0.key.text == words[1] }) else { return nil }
        if now < fading[index].until { return fading[index].key }
        guard fading[index].requests > 0 else { return nil }
        fading[index].requests -= 1
        return fading[index].key
    }

    private mutating func handleAll(_ request: ReceivedRequest, _ caller: SendGridAccountKey) -> HTTPAnswer {
        switch request.method {
        case "GET":
            guard caller.scopes.contains("api_keys.read") else { return Self.error(403, "access forbidden") }
            return Self.answer(200, ["result": keys.map { ["api_key_id": $0.id, "name": $0.name] }])
        case "POST":
            guard caller.scopes.contains("api_keys.create") else { return Self.error(403, "access forbidden") }
            guard let body = Self.body(request) else { return Self.error(400, "JSON in body is invalid") }
            guard let name = body["name"] as? String, !name.isEmpty else {
                return Self.error(400, "missing required argument", field: "name")
            }
            guard keys.count < Self.keyLimit else { return Self.error(403, "Cannot create more than 100 API Keys") }
            // Without scopes, a key may do everything.
            let key = add(name, body["scopes"] as? [String] ?? Self.managing + ["mail.send"])
            return Self.answer(
                201, ["api_key": key.text, "api_key_id": key.id, "name": key.name, "scopes": key.scopes])
        default: return Self.error(405, "method not allowed")
        }
    }

    private mutating func handleOne(
        _ request: ReceivedRequest, _ caller: SendGridAccountKey, id: String, _ now: Double
    ) -> HTTPAnswer {
        let verbs = ["GET": "read", "PATCH": "update", "PUT": "update", "DELETE": "delete"]
        guard let verb = verbs[request.method] else { return Self.error(405, "method not allowed") }
        guard caller.scopes.contains("api_keys." + verb) else { return Self.error(403, "access forbidden") }
        guard let index = keys.firstIndex(where: { $0.id == id }) else {
            return Self.error(404, "unable to find API Key")
        }
        switch request.method {
        case "GET":
            let key = Self.words(keys[index])
            return Self.answer(200, answersWithList ? ["result": [key]] : key)
        case "DELETE":
            let key = keys.remove(at: index)
            fading.append((key, now + delaySeconds, delayRequests))
            return HTTPAnswer(status: 204)
        default:
            guard let body = Self.body(request) else { return Self.error(400, "JSON in body is invalid") }
            guard let name = body["name"] as? String, !name.isEmpty else {
                return Self.error(400, "missing required argument", field: "name")
            }
            if request.method == "PUT" {
                guard let scopes = body["scopes"] as? [String], !scopes.isEmpty else {
                    return Self.error(400, "must contain at least one scope", field: "scopes")
                }
                keys[index].scopes = scopes
            }
            keys[index].name = name
            let all = Self.words(keys[index])
            return Self.answer(200, request.method == "PUT" ? all : all.filter { $0.key != "scopes" })
        }
    }

    private static func words(_ key: SendGridAccountKey) -> JSONObject {
        ["api_key_id": key.id, "name": key.name, "scopes": key.scopes]
    }

    private static func body(_ request: ReceivedRequest) -> JSONObject? {
        try? JSONSerialization.jsonObject(with: Data(request.body)) as? JSONObject
    }

    private static func answer(_ status: Int, _ body: JSONObject) -> HTTPAnswer {
        HTTPAnswer(status: status, headers: [("Content-Type", "application/json")], body: encoded(body))
    }

    static func error(_ status: Int, _ message: String, field: String? = nil) -> HTTPAnswer {
        answer(status, ["errors": [["message": message, "field": field as Any? ?? NSNull()]]])
    }
}
