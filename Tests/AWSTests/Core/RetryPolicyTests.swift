// Which failures are tried again, and after how long.

import Testing

@testable import AWS

@Suite("Retries")
struct RetryPolicyTests {
    typealias Failure = RetryPolicy.Failure
    typealias Step = RetryPolicy.Step

    private let policy = RetryPolicy(AWSSettings())

    private static func failure(
        _ kind: AWSError.Kind, transient: Bool = false, applied: Bool = false, after: Double? = nil
    ) -> Failure {
        Failure(kind: kind, isTransient: transient, mayHaveBeenApplied: applied, retryAfter: after)
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let failure: Failure
        var attempt = 1
        var isIdempotent = true
        var hasRefreshed = false
        var hasCorrected = false
        let step: Step
    }

    static let rows = [
        Row(
            testDescription: "a throttle waits a second at most", failure: failure(.throttled, transient: true),
            step: .waitAndRepeat(1)),
        Row(
            testDescription: "the second throttle waits twice that", failure: failure(.throttled, transient: true),
            attempt: 2, step: .waitAndRepeat(2)),
        Row(
            testDescription: "the third attempt is the last", failure: failure(.throttled, transient: true),
            attempt: 3, step: .giveUp),
        Row(
            testDescription: "a fault waits little", failure: failure(.serverFault, transient: true, applied: true),
            step: .waitAndRepeat(0.05)),
        Row(
            testDescription: "a lost answer is asked for again when that does no harm",
            failure: failure(.unreachable, transient: true, applied: true), step: .waitAndRepeat(0.05)),
        Row(
            testDescription: "a lost answer is not asked for again when it may be done twice",
            failure: failure(.unreachable, transient: true, applied: true), isIdempotent: false, step: .giveUp),
        Row(
            testDescription: "what never arrived is sent again whatever it is",
            failure: failure(.unreachable, transient: true), isIdempotent: false, step: .waitAndRepeat(0.05)),
        Row(
            testDescription: "a throttle did nothing, whatever was asked",
            failure: failure(.throttled, transient: true), isIdempotent: false, step: .waitAndRepeat(1)),
        Row(testDescription: "a denial is final", failure: failure(.accessDenied), step: .giveUp),
        Row(testDescription: "a quota does not go away", failure: failure(.quota), step: .giveUp),
        Row(testDescription: "KMS is not asked again", failure: failure(.encryption), step: .giveUp),
        Row(testDescription: "a wrong key is final", failure: failure(.badCredentials), step: .giveUp),
        Row(
            testDescription: "expired credentials are fetched anew", failure: failure(.expiredCredentials),
            step: .refreshCredentials),
        Row(
            testDescription: "but once", failure: failure(.expiredCredentials), attempt: 2, hasRefreshed: true,
            step: .giveUp),
        Row(testDescription: "the clock is corrected", failure: failure(.clockSkew), step: .correctClock),
        Row(
            testDescription: "but once as well", failure: failure(.clockSkew), attempt: 2, hasCorrected: true,
            step: .giveUp),
        Row(
            testDescription: "the one does not stand for the other", failure: failure(.clockSkew), attempt: 2,
            hasRefreshed: true, step: .correctClock),
        Row(
            testDescription: "the service may ask for longer",
            failure: failure(.throttled, transient: true, after: 3.5), step: .waitAndRepeat(3.5)),
        Row(
            testDescription: "but not for ever", failure: failure(.throttled, transient: true, after: 3_600),
            step: .waitAndRepeat(6)),
        Row(
            testDescription: "and not for less than is fair", failure: failure(.throttled, transient: true, after: 0),
            step: .waitAndRepeat(1)),
    ]

    @Test("What comes after a failure", arguments: rows)
    func steps(_ row: Row) {
        let step = policy.step(
            after: row.failure, attempt: row.attempt, isIdempotent: row.isIdempotent, hasRefreshed: row.hasRefreshed,
            hasCorrected: row.hasCorrected, jitter: 1)
        #expect(step == row.step)
    }

    @Test("Waits grow to 20 seconds and are spread by jitter", arguments: 1...40)
    func waits(attempt: Int) {
        var settings = AWSSettings()
        settings.maxAttempts = 100
        func wait(_ jitter: Double) -> Double {
            let step = RetryPolicy(settings).step(
                after: Self.failure(.throttled, transient: true), attempt: attempt, isIdempotent: true,
                hasRefreshed: false, hasCorrected: false, jitter: jitter)
            guard case .waitAndRepeat(let seconds) = step else { return -1 }
            return seconds
        }
        #expect(wait(1) == (attempt < 6 ? Double(1 << (attempt - 1)) : 20))
        #expect(wait(0) == 0)
        #expect(wait(0.5) == wait(1) / 2)
    }

    @Test(
        "How many attempts there are",
        arguments: [
            (AWSSettings.RetryMode.standard, 3, 3), (.standard, 1, 1), (.standard, 0, 1), (.standard, -4, 1),
            (.legacy, 3, 3), (.legacy, 5, 5), (.adaptive, 3, 3),
        ])
    func attempts(_ mode: AWSSettings.RetryMode, _ set: Int, _ expected: Int) {
        var settings = AWSSettings()
        settings.retryMode = mode
        settings.maxAttempts = set
        #expect(RetryPolicy(settings).maxAttempts == expected)
    }

    @Test("The budget runs dry, and fills again up to its size")
    func budget() {
        var budget = RetryBudget()
        let loss = RetryBudget.cost(of: Self.failure(.unreachable))
        let throttle = RetryBudget.cost(of: Self.failure(.throttled))
        #expect(loss == 10 && throttle == 5)
        let losses = (0..<50).map { _ in budget.take(loss) }
        #expect(losses.allSatisfy { $0 })
        let whenDry = budget.take(throttle)
        #expect(!whenDry)
        for _ in 0..<5 { budget.putBack(nil) }
        let whenFilled = budget.take(throttle)
        #expect(whenFilled)
        budget.putBack(throttle)
        #expect(budget.tokens == 5)
        for _ in 0..<1_000 { budget.putBack(10) }
        #expect(budget.tokens == RetryBudget.capacity)
    }
}
