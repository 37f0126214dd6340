// Calls that fail: which are made again, with what, and how often.

import HTTP
import JSON
import Secrets
import Testing
import World

@testable import AWS

@Suite("Calls that are made again")
struct CallRepetitionTests {
    @Test("Throttles are waited out, each longer than the one before")
    func throttles() async throws {
        let slept = Core.Slept()
        let transport = RehearsedTransport([Rehearsed.throttle, Rehearsed.throttle, .answer(200, "{}")])
        _ = try await Rehearsed.client(transport, slept: slept).json("GetSecretValue", Core.secret(Rehearsed.body))
        #expect(slept.all == [.seconds(1), .seconds(2)])
        #expect(transport.requests.count == 3)
    }

    @Test("After the last attempt the error is told")
    func lastAttempt() async throws {
        let transport = RehearsedTransport([Rehearsed.throttle, Rehearsed.throttle])
        let client = try Rehearsed.client(transport) { $0.maxAttempts = 2 }
        let error = await #expect(throws: AWSError.self) {
            try await client.json("GetSecretValue", Core.secret(Rehearsed.body))
        }
        #expect(error?.kind == .throttled && error?.attempts == 2)
        #expect(error?.mayHaveBeenApplied == false)
    }

    @Test(
        "What is final is asked once",
        arguments: [
            "LimitExceededException", "AccessDeniedException", "ResourceNotFoundException", "DecryptionFailure",
            "InvalidRequestException", "UnrecognizedClientException",
        ])
    func final(_ code: String) async throws {
        let transport = RehearsedTransport([.answer(400, #"{"__type":"\#(code)","message":"m"}"#)])
        let client = try Rehearsed.client(transport)
        let error = await #expect(throws: AWSError.self) { try await client.json("A", Core.secret("{}")) }
        #expect(error?.code == code)
        #expect(transport.requests.count == 1)
    }

    @Test("A lost answer is asked for again, and it stays known that the first may have been applied")
    func lostThenExists() async throws {
        let transport = RehearsedTransport([
            .loss(.closed, mayHaveArrived: true),
            .answer(400, #"{"__type":"ResourceExistsException","message":"already there"}"#),
        ])
        let client = try Rehearsed.client(transport)
        let error = await #expect(throws: AWSError.self) { try await client.json("CreateSecret", Core.secret("{}")) }
        #expect(error?.kind == .alreadyExists)
        #expect(error?.mayHaveBeenApplied == true)
        #expect(Core.text(transport.requests[0].body) == Core.text(transport.requests[1].body))
    }

    @Test(
        "A good answer that lacks its end is asked for again",
        arguments: [
            #"{"ARN":"a","SecretString":"corr"#, #"{"a":{"b":1}"#, #"{"a":1,"#, #" {"a":tru"#, "{", #"{"a":"\u00"#,
        ])
    func cutShortJSON(_ half: String) async throws {
        let transport = RehearsedTransport([.answer(200, half), .answer(200, #"{"a":1}"#)])
        let answer = try await Rehearsed.client(transport).json("GetSecretValue", Core.secret(Rehearsed.body))
        #expect(answer.root["a"]?.int == 1)

        let client = try Rehearsed.client(RehearsedTransport(Array(repeating: .answer(200, half), count: 3)))
        let error = await #expect(throws: AWSError.self) { try await client.json("PutSecretValue", Core.secret("{}")) }
        #expect(error?.kind == .unreachable && error?.attempts == 3 && error?.mayHaveBeenApplied == true)
        #expect(error?.message == "the answer ends before it is whole")
        #expect(!String(describing: error).contains("corr"))
    }

    @Test("So is XML", arguments: ["<AResponse>", "<AResponse><B>1</B>", "<AResponse><B", "<AResponse><B>&am"])
    func cutShortXML(_ half: String) async throws {
        let transport = RehearsedTransport([.answer(200, half), .answer(200, "<AResponse/>")])
        #expect(try await Rehearsed.client(transport, .sts).query("A", []).name == "AResponse")
    }

    @Test("What may not be done twice is not asked for again when its answer lacks its end")
    func cutShortOnce() async throws {
        let transport = RehearsedTransport([.answer(200, "{")])
        let client = try Rehearsed.client(transport)
        let error = await #expect(throws: AWSError.self) {
            try await client.json("RotateSecret", Core.secret("{}"), isIdempotent: false)
        }
        #expect(error?.kind == .unreachable && error?.mayHaveBeenApplied == true)
        #expect(transport.requests.count == 1)
    }

    @Test(
        "What may not be done twice is sent again only when it did not arrive",
        arguments: [(true, 1), (false, 2)])
    func notIdempotent(_ mayHaveArrived: Bool, _ requests: Int) async throws {
        let transport = RehearsedTransport([.loss(.closed, mayHaveArrived: mayHaveArrived), .answer(200, "{}")])
        let client = try Rehearsed.client(transport)
        let answer = try? await client.json("RotateSecret", Core.secret("{}"), isIdempotent: false)
        #expect((answer == nil) == mayHaveArrived)
        #expect(transport.requests.count == requests)
    }

    @Test(
        "Losses that another try does not mend",
        arguments: [(TransportError.Kind.tls, AWSError.Kind.unreachable), (.malformed, .unexpectedAnswer)])
    func finalLosses(_ loss: TransportError.Kind, _ kind: AWSError.Kind) async throws {
        let client = try Rehearsed.client(RehearsedTransport([.loss(loss, mayHaveArrived: false)]))
        let error = await #expect(throws: AWSError.self) { try await client.json("A", Core.secret("{}")) }
        #expect(error?.kind == kind)
        #expect(error?.message == "the line went dead")
        #expect(error?.code == "" && error?.status == nil)
    }

    @Test("Expired credentials are fetched anew once")
    func refresh() async throws {
        let credentials = CountingCredentials()
        let transport = RehearsedTransport([Rehearsed.expired, .answer(200, "{}")])
        _ = try await Rehearsed.client(transport, credentials: credentials).json("A", Core.secret("{}"))
        #expect(credentials.asked == [false, true])
        #expect(transport.requests[1].header("Authorization")?.contains("Credential=KEY2/") == true)

        let again = try Rehearsed.client(RehearsedTransport([Rehearsed.expired, Rehearsed.expired]))
        let error = await #expect(throws: AWSError.self) { try await again.json("A", Core.secret("{}")) }
        #expect(error?.kind == .expiredCredentials && error?.attempts == 2)
    }

    @Test("When new credentials cannot be had, that is the error")
    func refreshFails() async throws {
        let client = try Rehearsed.client(
            RehearsedTransport([Rehearsed.expired]), credentials: CountingCredentials(refreshFails: true))
        await #expect(throws: CredentialError.self) { try await client.json("A", Core.secret("{}")) }
    }

    @Test("Unless a request may have been applied, which is the greater news")
    func refreshFailsAfterLoss() async throws {
        let transport = RehearsedTransport([.loss(.closed, mayHaveArrived: true), Rehearsed.expired])
        let client = try Rehearsed.client(transport, credentials: CountingCredentials(refreshFails: true))
        let error = await #expect(throws: AWSError.self) { try await client.json("A", Core.secret("{}")) }
        #expect(error?.mayHaveBeenApplied == true)
        #expect(error?.message == "new credentials cannot be had: the session is over")
    }

    @Test("A wrong clock is corrected by the service's, for this call and the next")
    func clock() async throws {
        let skewed = RehearsedTransport.Turn.answer(
            403, #"{"__type":"RequestTimeTooSkewed","message":"m"}"#, ["Date": "Mon, 24 Nov 2025 10:00:00 GMT"])
        let transport = RehearsedTransport([skewed, .answer(200, "{}"), .answer(200, "{}")])
        let client = try Rehearsed.client(transport)
        let copy = client
        _ = try await client.json("A", Core.secret("{}"))
        _ = try await copy.json("A", Core.secret("{}"))
        #expect(
            transport.requests.map { $0.header("X-Amz-Date") } == [
                "20251124T085903Z", "20251124T100000Z", "20251124T100000Z",
            ])
        #expect(copy.clockOffset == 3_657)
    }

    @Test("A clock that is still wrong after that, or of which nothing is said, is the error")
    func clockStaysWrong() async throws {
        let skewed = #"{"__type":"RequestTimeTooSkewed","message":"m"}"#
        let date = ["Date": "Mon, 24 Nov 2025 10:00:00 GMT"]
        for turns in [
            [RehearsedTransport.Turn.answer(403, skewed)], Array(repeating: .answer(403, skewed, date), count: 2),
        ] {
            let client = try Rehearsed.client(RehearsedTransport(turns))
            let error = await #expect(throws: AWSError.self) { try await client.json("A", Core.secret("{}")) }
            #expect(error?.kind == .clockSkew && error?.attempts == turns.count)
        }
    }

    @Test("When a service fails for good, calls stop trying again")
    func budget() async throws {
        // Each call takes 20 of 500 tokens.
        let lost = RehearsedTransport.Turn.loss(.refused, mayHaveArrived: false)
        let transport = RehearsedTransport(Array(repeating: lost, count: 25 * 3 + 1))
        let client = try Rehearsed.client(transport)
        for call in 1...26 {
            let error = await #expect(throws: AWSError.self) { try await client.json("A", Core.secret("{}")) }
            #expect(error?.attempts == (call <= 25 ? 3 : 1))
        }
    }

    @Test("A call that is cancelled while it waits ends as cancelled")
    func cancelled() async throws {
        let client = try Rehearsed.client(RehearsedTransport([Rehearsed.throttle, .answer(200, "{}")]))
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            _ = try await client.json("A", Core.secret("{}"))
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
