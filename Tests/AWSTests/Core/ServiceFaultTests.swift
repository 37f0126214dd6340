// Errors, in all the ways that services and what stands before them write them.

import HTTP
import Secrets
import Testing

@testable import AWS

@Suite("Errors of services")
struct ServiceFaultTests {
    private static func fault(
        _ status: Int, _ body: String, _ headers: [(String, String)] = [], secrets: [SharedSecret] = []
    ) -> ServiceFault {
        ServiceFault(
            HTTPResponse(status: status, headers: headers.map { ($0.0, $0.1) }, body: Core.secret(body)),
            secrets: secrets)
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let status: Int
        let body: String
        var headers: [(String, String)] = []
        let code: String
        let message: String
        let kind: AWSError.Kind
    }

    static let rows = [
        Row(
            testDescription: "JSON with a namespace and a capital letter", status: 400,
            body: #"{"__type":"com.amazonaws.secretsmanager#ResourceNotFoundException","Message":"not there"}"#,
            code: "ResourceNotFoundException", message: "not there", kind: .notFound),
        Row(
            testDescription: "JSON with an address behind the code", status: 400,
            body: #"{"code":"AccessDeniedException:http://internal.amazon.com/coral/","message":"no"}"#,
            code: "AccessDeniedException", message: "no", kind: .accessDenied),
        Row(
            testDescription: "a code in a header alone", status: 400, body: #"{"message":"full"}"#,
            headers: [("x-amzn-errortype", "LimitExceededException:http://x/")], code: "LimitExceededException",
            message: "full", kind: .quota),
        Row(
            testDescription: "the body's code goes before the header's", status: 400,
            body: #"{"__type":"ThrottlingException","message":"slow"}"#,
            headers: [("X-Amzn-ErrorType", "InternalFailure")], code: "ThrottlingException", message: "slow",
            kind: .throttled),
        Row(
            testDescription: "a not found with another status", status: 404,
            body: #"{"__type":"ResourceNotFoundException","message":"m"}"#, code: "ResourceNotFoundException",
            message: "m", kind: .notFound),
        Row(
            testDescription: "an internal error with status 400", status: 400,
            body: #"{"__type":"InternalServiceError","message":"m"}"#, code: "InternalServiceError", message: "m",
            kind: .serverFault),
        Row(
            testDescription: "XML of STS", status: 403,
            body: """
                <ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>
                <Code>ExpiredToken</Code><Message>The security token included in the request is expired</Message>
                </Error><RequestId>1-2-3</RequestId></ErrorResponse>
                """,
            code: "ExpiredToken", message: "The security token included in the request is expired",
            kind: .expiredCredentials),
        Row(
            testDescription: "XML in answer to JSON, as moto denies", status: 403,
            body: """
                <Response><Errors><Error><Code>SignatureDoesNotMatch</Code><Message>The request signature we calculated
                does not match</Message></Error></Errors><RequestID>r</RequestID></Response>
                """,
            code: "SignatureDoesNotMatch", message: "The request signature we calculated does not match",
            kind: .badCredentials),
        Row(
            testDescription: "a signature that is out of date", status: 400,
            body: #"{"__type":"InvalidSignatureException","message":"Signature expired: 1 is now earlier than 2"}"#,
            code: "InvalidSignatureException", message: "Signature expired: 1 is now earlier than 2",
            kind: .clockSkew),
        Row(
            testDescription: "an encryption failure", status: 400,
            body: #"{"__type":"DecryptionFailure","message":"m"}"#, code: "DecryptionFailure", message: "m",
            kind: .encryption),
        Row(
            testDescription: "a gateway's page", status: 502, body: "<html><body>Bad Gateway<br></body></html>",
            code: "", message: "the answer has HTTP status 502 and no message that can be read", kind: .serverFault),
        Row(
            testDescription: "a 429 with nothing", status: 429, body: "", code: "",
            message: "the answer has HTTP status 429 and no message that can be read", kind: .throttled),
        Row(
            testDescription: "a redirect", status: 301, body: "", code: "",
            message: "the answer has HTTP status 301 and no message that can be read", kind: .unexpectedAnswer),
        Row(
            testDescription: "a code that is not known", status: 400, body: #"{"__type":"BrandNew","message":"m"}"#,
            code: "BrandNew", message: "m", kind: .other),
        Row(
            testDescription: "JSON that is no object", status: 400, body: "[1]", code: "",
            message: "the answer has HTTP status 400 and no message that can be read", kind: .unexpectedAnswer),
        Row(
            testDescription: "a code and a message that are no strings", status: 400,
            body: #"{"__type":1,"message":{}}"#, code: "",
            message: "the answer has HTTP status 400 and no message that can be read", kind: .unexpectedAnswer),
    ]

    @Test("An error is read", arguments: rows)
    func errors(_ row: Row) {
        let fault = Self.fault(row.status, row.body, row.headers)
        #expect(fault.code == row.code)
        #expect(fault.message == row.message)
        #expect(fault.kind() == row.kind)
    }

    @Test("A wrong signature is put down to the clock when that is off by minutes")
    func skew() {
        let fault = Self.fault(400, #"{"__type":"InvalidSignatureException","message":"does not match"}"#)
        #expect(fault.kind(skew: nil) == .badCredentials)
        #expect(fault.kind(skew: 200) == .badCredentials)
        #expect(fault.kind(skew: -290) == .clockSkew)
        let denied = Self.fault(400, #"{"__type":"AccessDeniedException","message":"m"}"#)
        #expect(denied.kind(skew: 5_000) == .accessDenied)
    }

    @Test(
        "Which faults pass",
        arguments: [
            (500, "", true), (501, "", false), (502, "", true), (503, "", true), (504, "", true), (505, "", false),
            (400, "InternalServiceError", true), (400, "RequestTimeout", true), (429, "", true),
            (400, "ThrottlingException", true), (400, "SlowDown", true), (400, "LimitExceededException", false),
            (400, "AccessDeniedException", false), (400, "EncryptionFailure", false),
        ])
    func transient(_ status: Int, _ code: String, _ expected: Bool) {
        let fault = Self.fault(status, #"{"__type":"\#(code)","message":"m"}"#)
        #expect(fault.isTransient(fault.kind()) == expected)
    }

    @Test("A message is one line without anything that moves a terminal's cursor or turns text around")
    func oneLine() {
        let fault = Self.fault(
            400, #"{"__type":"A","message":" a\nb\r\n\t\u001b[31mc\u0000 \u202Ed\u200b\u2028e\u0085f "}"#)
        #expect(fault.message == "a b [31mc d e f")
    }

    @Test("A message has an end")
    func bounded() {
        let fault = Self.fault(400, #"{"message":"\#(String(repeating: "long ", count: 10_000))"}"#)
        #expect(fault.message.count == ServiceFault.longestMessage + 1)
        #expect(fault.message.hasSuffix("…"))
    }

    @Test("A code or a request id that is none is left out")
    func identifiers() {
        let fault = Self.fault(
            400, #"{"__type":"a b\u001b","message":"m"}"#, [("x-amzn-requestid", "a\u{1B}[2J")])
        #expect(fault.code.isEmpty)
        #expect(fault.requestID == nil)
        #expect(Self.fault(400, "{}", [("X-Amzn-RequestId", "0a-1b")]).requestID == "0a-1b")
        #expect(Self.fault(400, "<E><RequestID>9</RequestID></E>").requestID == "9")
    }

    @Test(
        "A message that repeats what was to be kept secret is not taken over",
        arguments: ["correct horse battery", "short", "{\"KEY\":\"correct horse\"}"])
    func echo(_ secret: String) {
        let whole = Self.fault(
            400, "<E><Message>1 validation error: Value '\(secret)' failed</Message></E>",
            secrets: [Core.secret(secret)])
        #expect(whole.message == "the service's message repeats a part of the request and is not shown")
        let other = Self.fault(400, "<E><Message>1 validation error</Message></E>", secrets: [Core.secret(secret)])
        #expect(other.message == "1 validation error")
    }

    @Test(
        "Any twelve bytes of a long secret are noticed, wherever they stand in it",
        arguments: [0, 1, 30_000, 65_523, 65_524])
    func echoOfPart(offset: Int) {
        var random = SplitMix(state: 11)
        let bytes = (0..<65_536).map { _ in UInt8.random(in: 0x61...0x7A, using: &random) }
        let part = String(decoding: bytes[offset..<offset + 12], as: UTF8.self)
        let secrets = [SharedSecret(copying: bytes)]
        let fault = Self.fault(400, #"{"message":"near \#(part)"}"#, secrets: secrets)
        #expect(fault.message == "the service's message repeats a part of the request and is not shown")
        let other = Self.fault(400, #"{"message":"near \#(part.dropLast())"}"#, secrets: secrets)
        #expect(other.message == "near \(part.dropLast())")
    }

    @Test(
        "How long a service asks to be left alone",
        arguments: [
            ([("x-amz-retry-after", "1500")], 1.5), ([("Retry-After", "2")], 2),
            ([("Retry-After", "2"), ("X-Amz-Retry-After", "1")], 0.001), ([("Retry-After", "-1")], nil),
            ([("Retry-After", "Mon, 24 Nov 2025 08:59:03 GMT")], nil), ([("Retry-After", "99999999999999999999")], nil),
            ([], nil),
        ] as [([(String, String)], Double?)])
    func retryAfter(_ headers: [(String, String)], _ expected: Double?) {
        #expect(Self.fault(503, "", headers).retryAfter == expected)
    }

    private static let pieces = [
        "{", "}", "\"__type\"", ":", "\"message\"", ",", "\"a#b:c\"", "<Error>", "</Error>", "<Code>", "</Code>", "#",
        "\\u0000",
        "[", "]", "null", "1e9", "\u{202E}", "\n",
    ]

    @Test("No answer at all makes the reader fall, and what it says is clean", arguments: 0..<400 as Range<UInt64>)
    func anyAnswer(seed: UInt64) {
        var random = SplitMix(state: seed)
        let body = SharedSecret(copying: random.bytes(from: Self.pieces, count: 20))
        let header = String(decoding: random.bytes(from: Self.pieces, count: 3), as: UTF8.self)
        let response = HTTPResponse(
            status: Int.random(in: 100..<600, using: &random),
            headers: [("x-amzn-errortype", header), ("Retry-After", header)],
            body: body)
        let fault = ServiceFault(response, secrets: [body])
        _ = fault.kind(skew: 0)
        #expect(fault.message.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F && $0.value != 0x202E })
        #expect(fault.message.count <= ServiceFault.longestMessage + 1)
        #expect(fault.code.utf8.allSatisfy { (0x21...0x7E).contains($0) })
    }
}
