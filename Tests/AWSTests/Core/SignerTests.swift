// Signatures, compared with those of AWS's own suite.

import Foundation
import HTTP
import Secrets
import Testing
import World

@testable import AWS

/// A case of Vectors/signing.json.
struct SigningVector: Decodable, Sendable, CustomTestStringConvertible {
    struct Expected: Decodable, Sendable {
        let canonicalRequest: String
        let stringToSign: String
        let signature: String
    }

    let name: String
    let normalizesPath: Bool?
    let signsBody: Bool?
    let signsToken: Bool?
    /// Which of two tokens, put together below so that none stands here as it would in the wild.
    let token: String?
    let method: String
    let target: String
    let headers: [[String]]
    let body: String?
    let header: Expected
    let query: Expected

    var testDescription: String { name }

    static let all: [SigningVector] = {
        guard let file = Bundle.module.url(forResource: "Vectors/signing", withExtension: "json"),
            let data = try? Data(contentsOf: file)
        else { return [] }
        return (try? JSONDecoder().decode([SigningVector].self, from: data)) ?? []
    }()

    var request: HTTPRequest {
        get throws {
            let parts = target.split(separator: "?", maxSplits: 1).map(String.init)
            return HTTPRequest(
                method: try #require(HTTPRequest.Method(rawValue: method)), scheme: "https",
                host: "example.amazonaws.com", path: parts.first ?? "/", query: parts.count > 1 ? parts[1] : nil,
                headers: headers.map { ($0[0], $0[1]) }, body: body.map(Core.secret))
        }
    }

    var tokenText: String? {
        switch token {
        case "short": "6e86291e8372ff2a2260956d9b8aae1d" + "763fbf315fa00fa31553b73ebf194267"
        case "long":
            [
                "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKW",
                "HGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4",
                "IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE",
                "8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yj",
                "c8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==",
            ].joined()
        default: nil
        }
    }

    var signer: Signer {
        var signer = Signer(service: "service", region: "us-east-1")
        signer.normalizesPath = normalizesPath ?? true
        signer.signsBody = signsBody ?? false
        signer.signsToken = signsToken ?? true
        return signer
    }

    func filled(_ text: String, encoded: Bool) -> String {
        let token = tokenText ?? ""
        return text.replacingOccurrences(of: "<token>", with: encoded ? PercentEncoding.encode(token) : token)
    }
}

@Suite("Signature Version 4")
struct SignerTests {
    private let time: Instant

    init() throws { time = try #require(Instant(iso8601: "2015-08-30T12:36:00Z")) }

    @Test("All 38 cases of the suite are there")
    func suiteIsWhole() { #expect(SigningVector.all.count == 38) }

    @Test("Headers sign a request as the suite has it", arguments: SigningVector.all)
    func headers(_ vector: SigningVector) throws {
        let credentials = Core.exampleCredentials(token: vector.tokenText)
        let (signed, steps) = vector.signer.signWithSteps(try vector.request, with: credentials, at: time)
        #expect(steps.canonicalRequest == vector.filled(vector.header.canonicalRequest, encoded: false))
        #expect(steps.stringToSign == vector.header.stringToSign)
        #expect(steps.signature == vector.header.signature)

        func value(_ name: String) -> String? { signed.headers.last { $0.name == name }?.value }
        #expect(value("Authorization")?.hasSuffix(", Signature=" + vector.header.signature) == true)
        #expect(value("X-Amz-Date") == "20150830T123600Z")
        #expect(value("X-Amz-Security-Token") == vector.tokenText)
    }

    @Test("A query signs a request as the suite has it", arguments: SigningVector.all)
    func query(_ vector: SigningVector) throws {
        let credentials = Core.exampleCredentials(token: vector.tokenText)
        var request = try vector.request
        request.headers.removeAll { $0.name == "X-Amz-Date" }
        let (signed, steps) = vector.signer.presignWithSteps(request, with: credentials, at: time, expiresIn: 3_600)
        #expect(steps.canonicalRequest == vector.filled(vector.query.canonicalRequest, encoded: true))
        #expect(steps.stringToSign == vector.query.stringToSign)
        #expect(steps.signature == vector.query.signature)
        #expect(signed.query?.hasSuffix("&X-Amz-Signature=" + vector.query.signature) == true)
        #expect(signed.query?.contains("X-Amz-Security-Token=") == (vector.token != nil))
    }

    @Test("Neither the key nor the body is in what goes out as headers")
    func nothingSecretIsInHeaders() {
        let request = HTTPRequest(
            scheme: "https", host: "example.com", headers: [("Content-Type", "application/json")],
            body: Core.secret("{\"SecretString\":\"as it were\"}"))
        let credentials = Core.exampleCredentials()
        let signed = Signer(service: "s", region: "r").sign(request, with: credentials, at: time)
        for header in signed.headers {
            #expect(!header.value.contains(Core.text(credentials.secretAccessKey)))
            #expect(!header.value.contains("as it were"))
        }
    }

    private static let pieces = ["/", "//", ".", "..", "%", "%2", "%2F", "é", " ", "&", "=", "?", "+", "~", "a", "B"]

    @Test("Any path, query and header can be signed, in the same way each time", arguments: 0..<300 as Range<UInt64>)
    func anythingCanBeSigned(seed: UInt64) {
        var random = SplitMix(state: seed)
        func text() -> String { String(decoding: random.bytes(from: Self.pieces, count: 12), as: UTF8.self) }
        let request = HTTPRequest(
            scheme: "https", host: "example.com", path: text(), query: text(),
            headers: [("X-\(text())", text()), ("x-b", text()), ("X-B", text())], body: Core.secret(text()))
        let signer = Signer(service: "s", region: "r")
        let credentials = Core.exampleCredentials()
        let (signed, steps) = signer.signWithSteps(request, with: credentials, at: time)
        #expect(steps == signer.signWithSteps(request, with: credentials, at: time).steps)
        #expect(steps.signature.utf8.count == 64)

        // The order of parameters and of headers with other names does not matter, and nothing else may change.
        var shuffled = request
        shuffled.query = request.query?.split(separator: "&").shuffled(using: &random).joined(separator: "&")
        shuffled.headers.swapAt(0, 1)
        #expect(signer.signWithSteps(shuffled, with: credentials, at: time).steps == steps)
        #expect(signed.path == request.path)
        #expect(signed.query == request.query)

        let second = steps.canonicalRequest.split(separator: "\n", omittingEmptySubsequences: false)[1]
        #expect(second.hasPrefix("/"))
        #expect(!second.contains("//"))
        #expect(!second.split(separator: "/").contains("..") && !second.split(separator: "/").contains("."))
    }

    @Test("A change of any part changes the signature")
    func allIsSigned() {
        let request = HTTPRequest(
            scheme: "https", host: "example.com", path: "/a", query: "b=c", headers: [("X-D", "e")],
            body: Core.secret("f"))
        var others = [HTTPRequest](repeating: request, count: 6)
        others[0].path = "/A"
        others[1].query = "b=C"
        others[2].headers[0].value = "E"
        others[3].body = Core.secret("F")
        others[4].host = "example.org"
        others[5].method = .get
        let signer = Signer(service: "s", region: "r")
        let credentials = Core.exampleCredentials()
        func signature(_ request: HTTPRequest, _ signer: Signer, _ time: Instant) -> String {
            signer.signWithSteps(request, with: credentials, at: time).steps.signature
        }
        var signatures = Set(others.map { signature($0, signer, time) })
        signatures.insert(signature(request, signer, time))
        signatures.insert(signature(request, Signer(service: "t", region: "r"), time))
        signatures.insert(signature(request, Signer(service: "s", region: "q"), time))
        signatures.insert(signature(request, signer, time + 1))
        #expect(signatures.count == 10)
    }
}
