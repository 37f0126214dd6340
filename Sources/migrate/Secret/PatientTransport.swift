// A word to who waits.

import HTTP

/// Says what is being waited for when an answer takes long: a silent screen looks like a program that hangs.
struct PatientTransport: Transport {
    private let inner: any Transport
    private static let patience = Duration.seconds(4)

    init(_ inner: any Transport) { self.inner = inner }

    func send(_ request: HTTPRequest, timeout: Duration) async throws -> HTTPResponse {
        let host = request.authority
        let word = Task.detached {
            try await Task.sleep(for: Self.patience)
            Diagnostics.note("still waiting for \(host) ...")
        }
        defer { word.cancel() }
        return try await inner.send(request, timeout: timeout)
    }
}
