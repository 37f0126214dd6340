// What to make of an error, by its code: AWS answers nearly every client error with status 400.

extension ServiceFault {
    /// - Parameter skew: seconds that the service's clock is ahead of ours, where it is known.
    func kind(skew: Double? = nil) -> AWSError.Kind {
        if ["InvalidSignatureException", "SignatureDoesNotMatch", "AuthFailure"].contains(code) {
            // Signatures are good for 5 minutes; a clock that is off by nearly that is the likelier reason.
            let isSkewed = message.contains("Signature expired") || message.contains("Signature not yet current")
            return isSkewed || abs(skew ?? 0) > 240 ? .clockSkew : .badCredentials
        }
        if let kind = Self.kinds[code] { return kind }
        if code.hasPrefix("KMS") { return .encryption }
        // Where no code says better: a proxy's or a balancer's answer, mostly.
        if status >= 500 { return .serverFault }
        if status == 429 { return .throttled }
        return code.isEmpty ? .unexpectedAnswer : .other
    }

    private static let kinds: [String: AWSError.Kind] = {
        var kinds: [String: AWSError.Kind] = [:]
        for (kind, codes) in codes {
            for code in codes.split(separator: " ") { kinds[String(code)] = kind }
        }
        return kinds
    }()

    private static let codes: [(AWSError.Kind, String)] = [
        (.accessDenied, "AccessDenied AccessDeniedException UnauthorizedOperation NotAuthorized OptInRequired"),
        (
            .badCredentials,
            "InvalidClientTokenId UnrecognizedClientException InvalidAccessKeyId MissingAuthenticationToken "
                + "MissingAuthenticationTokenException IncompleteSignature IncompleteSignatureException "
                + "InvalidIdentityToken IDPRejectedClaim"
        ),
        (.expiredCredentials, "ExpiredToken ExpiredTokenException TokenRefreshRequired"),
        (.clockSkew, "RequestTimeTooSkewed RequestExpired RequestInTheFuture"),
        (.notFound, "ResourceNotFoundException NoSuchEntity NoSuchEntityException NotFoundException"),
        (.alreadyExists, "ResourceExistsException EntityAlreadyExists ResourceAlreadyExistsException"),
        (.invalidState, "InvalidRequestException PreconditionNotMetException ConflictException"),
        (
            .invalidInput,
            "InvalidParameterException InvalidParameterValue InvalidParameterCombination ValidationException "
                + "ValidationError MissingParameter InvalidInput InvalidInputException InvalidNextTokenException "
                + "MalformedPolicyDocument MalformedPolicyDocumentException PublicPolicyException "
                + "SerializationException UnknownOperationException InvalidAction MalformedQueryString "
                + "InvalidTimeRangeException InvalidLookupAttributesException InvalidMaxResultsException "
                + "InvalidEventCategoryException PolicyEvaluation"
        ),
        // A quota of Secrets Manager's, though botocore counts it among the throttles.
        (.quota, "LimitExceededException LimitExceeded"),
        (.encryption, "EncryptionFailure DecryptionFailure"),
        (
            .throttled,
            "Throttling ThrottlingException ThrottledException RequestThrottled RequestThrottledException "
                + "TooManyRequestsException ProvisionedThroughputExceededException TransactionInProgressException "
                + "RequestLimitExceeded BandwidthLimitExceeded SlowDown EC2ThrottledException"
        ),
        (
            .serverFault,
            "InternalServiceError InternalServiceErrorException InternalFailure InternalError ServiceUnavailable "
                + "ServiceUnavailableException RequestTimeout RequestTimeoutException PriorRequestNotComplete "
                + "IDPCommunicationError"
        ),
    ]
}
