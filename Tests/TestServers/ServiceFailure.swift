// An error as AWS words it, and its two spellings on the wire: JSON 1.1 and the query protocol's XML.

/// What a service says when it says no.
package struct ServiceFailure: Error, Sendable {
    package var code: String
    package var message: String
    /// Nearly all client errors are 400, whatever they mean.
    package var status = 400

    package init(_ code: String, _ message: String, status: Int = 400) {
        self.code = code
        self.message = message
        self.status = status
    }
}

extension ServiceFailure {
    static let secretNotFound = ServiceFailure(
        "ResourceNotFoundException", "Secrets Manager can't find the specified secret.")

    static let markedForDeletion = ServiceFailure(
        "InvalidRequestException",
        "You can't perform this operation on the secret because it was marked for deletion.")

    static func invalidParameter(_ message: String) -> ServiceFailure {
        ServiceFailure("InvalidParameterException", message)
    }

    /// A value that the service's model does not allow.
    static func constraint(_ member: String, _ rule: String) -> ServiceFailure {
        ServiceFailure(
            "ValidationException",
            "1 validation error detected: Value at '\(member)' failed to satisfy constraint: Member must \(rule)")
    }

    /// - Parameter variant: AWS spells errors in several ways; each number from 0 to 3 gives another.
    func json(variant: Int) -> HTTPAnswer {
        // AccessDeniedException comes with a capital `Message`, always.
        let key = code == "AccessDeniedException" || variant % 2 == 1 ? "Message" : "message"
        let type = variant >= 2 ? "com.amazonaws.secretsmanager#\(code)" : code
        return HTTPAnswer(
            status: status, headers: [("Content-Type", "application/x-amz-json-1.1")],
            body: encoded(["__type": type, key: message]))
    }

    func xml() -> HTTPAnswer {
        HTTPAnswer(
            status: status, contentType: "text/xml",
            """
            <ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
              <Error>
                <Type>\(status < 500 ? "Sender" : "Receiver")</Type>
                <Code>\(escapedForXML(code))</Code>
                <Message>\(escapedForXML(message))</Message>
              </Error>
              <RequestId>\(newRequestID())</RequestId>
            </ErrorResponse>
            """)
    }
}
