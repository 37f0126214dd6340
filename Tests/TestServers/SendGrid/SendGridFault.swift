// What can go wrong between a client and SendGrid, to be injected into the double.

/// One fault hits one request.
package struct SendGridFault: Sendable {
    enum Effect: Sendable {
        /// In place of SendGrid, which never sees the request.
        case instead(HTTPAnswer)
        /// SendGrid works; then its answer goes this way.
        case after(HTTPAnswer.Delivery)
        /// A whole answer that carries half of its JSON.
        case halfJSON
        case slow(Duration)
        /// Calls before or after SendGrid has worked, and closes the connection.
        case calling(handled: Bool, @Sendable () -> Void)
    }

    var effect: Effect

    /// An error before anything is done.
    /// - Parameter headers: `Retry-After`, say.
    package static func status(
        _ status: Int, _ message: String = "an error was injected", headers: [(name: String, value: String)] = []
    ) -> SendGridFault {
        var answer = SendGridAccount.error(status, message)
        answer.headers += headers
        return SendGridFault(effect: .instead(answer))
    }

    /// A web page where JSON was due.
    package static let html = SendGridFault(
        effect: .instead(HTTPAnswer(contentType: "text/html", "<html><body>Sign in to the hotel network</body></html>"))
    )

    /// The connection closes; SendGrid never saw the request.
    package static let closeBefore = SendGridFault(effect: .instead(HTTPAnswer(delivery: .closed)))
    /// SendGrid did its work, and the connection closes with no answer.
    package static let closeAfter = SendGridFault(effect: .after(.closed))
    /// SendGrid did its work; half of the answer comes.
    package static let closeMidBody = SendGridFault(effect: .after(.closedMidBody))
    /// SendGrid did its work; a complete answer carries half of its JSON.
    package static let halfJSON = SendGridFault(effect: .halfJSON)
    /// Waits before SendGrid sees the request.
    package static func slow(_ duration: Duration) -> SendGridFault { SendGridFault(effect: .slow(duration)) }

    /// The end of the client, say: calls, and the connection closes with no answer.
    /// - Parameter handled: whether SendGrid does its work before.
    package static func closing(handled: Bool, _ call: @escaping @Sendable () -> Void) -> SendGridFault {
        SendGridFault(effect: .calling(handled: handled, call))
    }
}
