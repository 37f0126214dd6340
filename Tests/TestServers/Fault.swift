// What can go wrong between a client and the service, to be injected into the double.

/// One fault hits one request.
package struct Fault: Sendable {
    enum Effect: Sendable {
        /// Answered in place of the service, which never sees the request.
        case instead(HTTPAnswer)
        case error(ServiceFailure, headers: [(name: String, value: String)])
        /// Waits, then goes on as usual.
        case slow(Duration)
        /// The service works; then its answer is changed.
        case after(@Sendable (HTTPAnswer) -> HTTPAnswer)
        /// Calls, and closes the connection; the service never sees the request.
        case calling(@Sendable () -> Void)
    }

    var effect: Effect

    /// Any error of the service by its code, before anything is done.
    package static func error(
        _ code: String, _ message: String = "An error was injected.", status: Int = 400
    ) -> Fault {
        Fault(effect: .error(ServiceFailure(code, message, status: status), headers: []))
    }

    /// ThrottlingException as AWS sends it: 400.
    /// - Parameters:
    ///   - status: 429 is seen too.
    ///   - retryAfterMilliseconds: sent as `x-amz-retry-after`.
    package static func throttle(status: Int = 400, retryAfterMilliseconds: Int? = nil) -> Fault {
        let headers = retryAfterMilliseconds.map { [(name: "x-amz-retry-after", value: String($0))] } ?? []
        return Fault(
            effect: .error(
                ServiceFailure("ThrottlingException", "Rate exceeded", status: status), headers: headers))
    }

    /// 500 with an AWS code.
    package static let internalServiceError = error(
        "InternalServiceError", "An error occurred on the server side.", status: 500)

    /// A bare status, as a load balancer sends it.
    /// - Parameter body: empty for none.
    package static func status(
        _ status: Int, body: String = "", contentType: String = "text/plain", retryAfterMilliseconds: Int? = nil
    ) -> Fault {
        var answer = HTTPAnswer(status: status, contentType: contentType, body)
        if let retryAfterMilliseconds { answer.headers.append(("x-amz-retry-after", "\(retryAfterMilliseconds)")) }
        return Fault(effect: .instead(answer))
    }

    /// A web page where JSON was due.
    package static func html(status: Int = 200) -> Fault {
        self.status(
            status, body: "<html><body><h1>Welcome to the hotel network</h1></body></html>",
            contentType: "text/html")
    }

    /// The key behind the secret is disabled or forbidden.
    package static let decryptionFailure = error(
        "DecryptionFailure", "Secrets Manager can't decrypt the protected secret text using the provided KMS key.")

    package static let encryptionFailure = error(
        "EncryptionFailure", "Secrets Manager can't encrypt the protected secret text using the provided KMS key.")

    /// A quota of the service: never gone by waiting.
    package static let quota = error(
        "LimitExceededException", "You've exceeded the maximum number of versions for this secret.")

    package static let expiredToken = error(
        "ExpiredTokenException", "The security token included in the request is expired")

    /// Waits before the service sees the request.
    package static func slow(_ duration: Duration) -> Fault { Fault(effect: .slow(duration)) }

    /// The connection closes; the service never saw the request.
    package static let closeBeforeHandling = Fault(effect: .instead(HTTPAnswer(delivery: .closed)))

    /// The same by a reset.
    package static let resetBeforeHandling = Fault(effect: .instead(HTTPAnswer(delivery: .reset)))

    /// The service did its work, and the connection closes with no answer: only a token tells the client afterwards.
    package static let closeAfterHandling = delivery(.closed)

    package static let resetAfterHandling = delivery(.reset)

    /// The service did its work; half of the promised body comes.
    package static let closeMidBody = delivery(.closedMidBody)

    /// The service did its work; a complete HTTP answer carries half of its JSON.
    package static let halfJSON = Fault(
        effect: .after { answer in
            var answer = answer
            answer.body = Array(answer.body.prefix(answer.body.count / 2))
            return answer
        })

    /// The service did its work; the answer's Date header is off by so many seconds.
    package static func wrongDate(bySeconds offset: Double) -> Fault {
        Fault(
            effect: .after { answer in
                var answer = answer
                answer.headers.removeAll { $0.name == "Date" }
                answer.headers.append(("Date", httpDate(secondsNow() + offset)))
                return answer
            })
    }

    /// The end of the client, say: calls, and the connection closes with no answer.
    /// - Parameter handled: whether the service does its work before.
    package static func closing(handled: Bool, _ call: @escaping @Sendable () -> Void) -> Fault {
        guard handled else { return Fault(effect: .calling(call)) }
        return Fault(
            effect: .after { answer in
                call()
                var answer = answer
                answer.delivery = .closed
                return answer
            })
    }

    private static func delivery(_ delivery: HTTPAnswer.Delivery) -> Fault {
        Fault(
            effect: .after { answer in
                var answer = answer
                answer.delivery = delivery
                return answer
            })
    }
}
