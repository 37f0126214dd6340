// The way of a request through the double: recorded, met by a fault, checked, handled, answered.

import Synchronization

extension SecretsManagerDouble {
    func answer(_ request: ReceivedRequest) async -> HTTPAnswer {
        let route = Route(request)
        let recorded = RecordedRequest(service: route.service, operation: route.operation, request: request)
        let (index, fault, latency, hooks) = state.withLock { state in
            state.requests.append(recorded)
            var fault: Fault?
            if let numbered = state.numberedFaults.removeValue(forKey: state.requests.count) {
                fault = numbered
            } else if let next = state.faults.firstIndex(where: { [route.operation, "*"].contains($0.operation) }) {
                fault = state.faults.remove(at: next).fault
            }
            let hooks = (state.before[route.operation] ?? [], state.after[route.operation] ?? [])
            return (state.requests.count - 1, fault, state.latency, hooks)
        }
        if latency > .zero { await LocalHTTPServer.sleep(latency) }
        var answer: HTTPAnswer
        switch fault?.effect {
        case .instead(let given):
            answer = given
        case .error(let failure, let headers):
            answer = failed(failure, route)
            answer.headers += headers
        case .slow(let duration):
            await LocalHTTPServer.sleep(duration)
            answer = await handle(recorded, route, hooks)
        case .after(let change):
            answer = change(dated(await handle(recorded, route, hooks)))
        case .calling(let call):
            call()
            answer = HTTPAnswer(delivery: .closed)
        case nil:
            answer = await handle(recorded, route, hooks)
        }
        let hasFailed = answer.status >= 400 || answer.delivery != .whole
        state.withLock { state in
            if state.requests.indices.contains(index) { state.requests[index].failed = hasFailed }
        }
        return dated(answer)
    }

    private func handle(
        _ recorded: RecordedRequest, _ route: Route, _ hooks: (before: [Hook], after: [Hook])
    ) async -> HTTPAnswer {
        for hook in hooks.before { await hook(recorded) }
        let answer: HTTPAnswer
        do throws(ServiceFailure) {
            answer = try state.withLock { state throws(ServiceFailure) in
                try serve(recorded.request, route, &state)
            }
        } catch {
            answer = failed(error, route)
        }
        for hook in hooks.after { await hook(recorded) }
        return answer
    }

    private func serve(
        _ request: ReceivedRequest, _ route: Route, _ state: inout State
    ) throws(ServiceFailure) -> HTTPAnswer {
        let now = secondsNow() + state.clockOffset
        guard request.method == "POST", !route.operation.isEmpty else {
            throw ServiceFailure("UnknownOperationException", "", status: 404)
        }
        var caller = KnownKey(accessKeyID: accessKeyID, secretAccessKey: secretAccessKey, arn: identity)
        // A web identity stands in for a signature.
        if state.checksSignatures, route.operation != "AssumeRoleWithWebIdentity" {
            // IAM lives in us-east-1, STS may be asked in its global place: their region is not ours.
            let verifier = SignatureVerifier(
                service: route.service, region: ["sts", "iam"].contains(route.service) ? "" : region)
            caller = try verifier.verify(request, keys: state.identities.keys, now: now)
        }
        if route.isQuery {
            if route.service == "iam" { try state.identities.check("iam:\(route.operation)", on: nil, by: caller.arn) }
            let services = QueryServices(account: account)
            let answer = try services.call(
                route.operation, formFields(request.body), caller: caller, identities: &state.identities, now: now)
            return HTTPAnswer(contentType: "text/xml", answer)
        }
        let input = try decoded(request.body)
        let output: JSONObject
        if route.service == "cloudtrail" {
            guard route.operation == "LookupEvents" else { throw ServiceFailure("UnknownOperationException", "") }
            try state.identities.check("cloudtrail:LookupEvents", on: nil, by: caller.arn)
            output = try state.trail.lookup(input, now: now)
        } else {
            output = try manageSecrets(route.operation, input, caller: caller, &state, now: now)
        }
        let headers = [("Content-Type", "application/x-amz-json-1.1"), ("x-amzn-RequestId", newRequestID())]
        return HTTPAnswer(headers: headers, body: output.isEmpty ? Array("{}".utf8) : encoded(output))
    }

    private func manageSecrets(
        _ operation: String, _ input: JSONObject, caller: KnownKey, _ state: inout State, now: Double
    ) throws(ServiceFailure) -> JSONObject {
        let id = input["SecretId"] as? String ?? input["Name"] as? String
        do throws(ServiceFailure) {
            let name = id.map { state.secrets.name(for: $0) ?? $0 }
            try state.identities.check("secretsmanager:\(operation)", on: name, by: caller.arn)
            if input["Tags"] is [JSONObject], operation == "CreateSecret" {
                try state.identities.check("secretsmanager:TagResource", on: name, by: caller.arn)
            }
            let identities = state.identities
            let output =
                operation == "BatchGetSecretValue"
                ? try state.secrets.batchGet(input, now: now) { name throws(ServiceFailure) in
                    try identities.check("secretsmanager:GetSecretValue", on: name, by: caller.arn)
                }
                : try state.secrets.call(operation, input, now: now)
            state.trail.record(operation, input, caller: caller, region: region, error: nil, now: now)
            return output
        } catch {
            state.trail.record(operation, input, caller: caller, region: region, error: error, now: now)
            throw error
        }
    }

    /// The failure in the protocol that was asked in. Its spelling changes from one error to the next.
    private func failed(_ failure: ServiceFailure, _ route: Route) -> HTTPAnswer {
        if route.isQuery { return failure.inQueryProtocol.xml() }
        let number = state.withLock { state in
            state.errorsAnswered += 1
            return state.errorsAnswered
        }
        return failure.json(variant: number % 4)
    }

    private func dated(_ answer: HTTPAnswer) -> HTTPAnswer {
        guard !answer.headers.contains(where: { $0.name == "Date" }) else { return answer }
        var answer = answer
        answer.headers.append(("Date", httpDate(secondsNow() + state.withLock(\.clockOffset))))
        return answer
    }
}

/// Which service and call a request is meant for.
struct Route {
    var service = ""
    var operation = ""
    var isQuery = false

    init(_ request: ReceivedRequest) {
        if let target = request.header("X-Amz-Target") {
            let parts = target.split(separator: ".")
            operation = parts.last.map(String.init) ?? ""
            switch parts.dropLast().joined(separator: ".") {
            case "secretsmanager": service = "secretsmanager"
            case "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101": service = "cloudtrail"
            default: operation = ""
            }
        } else if request.header("Content-Type")?.hasPrefix("application/x-www-form-urlencoded") == true {
            let fields = formFields(request.body)
            operation = fields["Action"] ?? ""
            service = fields["Version"] == "2010-05-08" ? "iam" : "sts"
            isQuery = true
        }
    }
}
