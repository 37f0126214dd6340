// The one spelling of a request that both sides of a signature compute.

import HTTP

/// A request as Signature Version 4 spells it: whatever a proxy may change on the way is left out or made uniform.
struct CanonicalRequest {
    let text: String
    /// Names, lower case, in order, with semicolons between.
    let signedHeaders: String

    init(_ request: HTTPRequest, bodyHash: String, normalizesPath: Bool) {
        let headers = Self.canonicalHeaders(request)
        signedHeaders = headers.map(\.name).joined(separator: ";")
        text = [
            request.method.rawValue,
            Self.path(request.path, isNormalized: normalizesPath),
            Self.query(request.query ?? ""),
            headers.map { "\($0.name):\($0.value)\n" }.joined(),
            signedHeaders,
            bodyHash,
        ].joined(separator: "\n")
    }

    static func signedHeaders(_ request: HTTPRequest) -> String {
        canonicalHeaders(request).map(\.name).joined(separator: ";")
    }

    // What clients and proxies on the way may add or change.
    private static let unsigned: Set<String> = [
        "authorization", "connection", "expect", "transfer-encoding", "user-agent", "x-amzn-trace-id",
    ]

    private static func canonicalHeaders(_ request: HTTPRequest) -> [(name: String, value: String)] {
        var values: [String: [String]] = [:]
        for (name, value) in request.headers {
            let name = name.lowercased()
            if !unsigned.contains(name) { values[name, default: []].append(trimmed(value)) }
        }
        if values["host"] == nil { values["host"] = [request.authority] }
        return values.sorted { $0.key < $1.key }.map { ($0.key, $0.value.joined(separator: ",")) }
    }

    // Runs of white space, line breaks among them, are one space, and none at the ends.
    private static func trimmed(_ value: String) -> String {
        value.utf8.split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
            .map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
    }

    // Encoded once more, as it is on the wire already: every service but S3 wants it so.
    private static func path(_ path: String, isNormalized: Bool) -> String {
        guard isNormalized else { return PercentEncoding.encode(path.isEmpty ? "/" : path, keeping: "/") }
        var segments: [Substring.UTF8View] = []
        let parts = path.utf8.split(separator: UInt8(ascii: "/")).map { Substring($0).utf8 }
        for part in parts {
            if part.elementsEqual(".".utf8) { continue }
            if part.elementsEqual("..".utf8) {
                _ = segments.popLast()
            } else {
                segments.append(part)
            }
        }
        let endsInFolder =
            path.utf8.last == UInt8(ascii: "/") || parts.last.map { $0.elementsEqual(".".utf8) } == true
            || parts.last.map { $0.elementsEqual("..".utf8) } == true
        let joined = segments.map { PercentEncoding.encode($0) }.joined(separator: "/")
        return "/" + joined + (endsInFolder && !joined.isEmpty ? "/" : "")
    }

    private static func query(_ query: String) -> String {
        query.utf8.split(separator: UInt8(ascii: "&")).map { parameter -> (String, String) in
            let name = parameter.prefix { $0 != UInt8(ascii: "=") }
            let value = parameter.dropFirst(name.count + 1)
            return (encodedOnce(name), encodedOnce(value))
        }
        // By name, then by value: `Param` comes before `Param-3`, though `=` comes after `-`.
        .sorted { $0 < $1 }
        .map { "\($0)=\($1)" }.joined(separator: "&")
    }

    private static func encodedOnce(_ text: some Collection<UInt8>) -> String {
        PercentEncoding.encode(PercentEncoding.decode(text))
    }
}
