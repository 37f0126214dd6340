// The one spelling of a request that both sides of a signature compute.

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

/// RFC 3986: all but the unreserved characters as `%XX`.
package enum PercentEncoding {
    package static func encode(_ text: String, keeping kept: String = "") -> String {
        encode(text.utf8, keeping: kept)
    }

    package static func encode(_ bytes: some Sequence<UInt8>, keeping kept: String = "") -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var encoded: [UInt8] = []
        for byte in bytes {
            if isUnreserved(byte) || kept.utf8.contains(byte) {
                encoded.append(byte)
            } else {
                encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    /// Whether the byte stands for itself.
    package static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): true
        default: false
        }
    }

    /// `%XX` resolved; a percent sign that begins none stays.
    static func decode(_ text: some Collection<UInt8>) -> [UInt8] {
        let bytes = Array(text)
        var decoded: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count, let high = digit(bytes[index + 1]),
                let low = digit(bytes[index + 2])
            {
                decoded.append(high << 4 | low)
                index += 3
            } else {
                decoded.append(bytes[index])
                index += 1
            }
        }
        return decoded
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}
