// An endpoint as a person writes it, taken apart and checked.

/// `http[s]://host[:port][/path]`.
package struct EndpointURL: Sendable, Equatable {
    /// `https` or `http`.
    package var scheme: String
    /// IPv6 addresses without brackets.
    package var host: String
    /// Nil for the scheme's own.
    package var port: Int?
    /// As it is written; empty for none.
    package var path: String

    /// What comes before a path of one's own: the path without slashes at its end.
    package var prefix: String {
        var prefix = path[...]
        while prefix.hasSuffix("/") { prefix.removeLast() }
        return String(prefix)
    }

    /// Why a text is no endpoint that can be used. The text is not repeated: it may hold a password.
    package struct Problem: Error, Equatable {
        /// One line that goes on after "cannot be used:".
        package let reason: String
    }

    /// - Throws: `Problem`.
    package init(_ text: String) throws(Problem) {
        let lower = text.lowercased()
        if lower.hasPrefix("https://") {
            scheme = "https"
        } else if lower.hasPrefix("http://") {
            scheme = "http"
        } else {
            throw Problem(reason: "it must begin with https:// (or http:// for this machine)")
        }
        let rest = text.utf8.dropFirst(scheme.utf8.count + 3)
        guard !rest.contains(UInt8(ascii: "?")), !rest.contains(UInt8(ascii: "#")) else {
            throw Problem(reason: "it must not have a query or a fragment")
        }
        let authority = rest.prefix { $0 != UInt8(ascii: "/") }
        guard !authority.contains(UInt8(ascii: "@")) else {
            throw Problem(reason: "it must not have a user name or password")
        }
        path = String(decoding: rest[authority.endIndex...], as: UTF8.self)
        guard path.utf8.allSatisfy(Self.isPathByte) else {
            throw Problem(reason: "its path holds characters that must be percent-encoded")
        }
        (host, port) = try Self.hostAndPort(authority)
    }

    /// Plain http would carry secrets in the clear: it is for this machine only.
    package var isPlainAndRemote: Bool { scheme == "http" && !PlainHTTP.isLoopback(host) }

    private static func hostAndPort(_ authority: Substring.UTF8View.SubSequence) throws(Problem) -> (String, Int?) {
        let portStart: Substring.UTF8View.Index?
        let host: String
        if authority.first == UInt8(ascii: "[") {
            guard let end = authority.firstIndex(of: UInt8(ascii: "]")) else {
                throw Problem(reason: "its IPv6 address lacks the closing bracket")
            }
            host = String(decoding: authority[authority.index(after: authority.startIndex)..<end], as: UTF8.self)
            let isAddress = { (byte: UInt8) in isHexDigit(byte) || byte == UInt8(ascii: ":") || byte == 0x2E }
            guard host.utf8.contains(UInt8(ascii: ":")), host.utf8.allSatisfy(isAddress) else {
                throw Problem(reason: "what stands in its brackets is no IPv6 address")
            }
            let next = authority.index(after: end)
            guard next == authority.endIndex || authority[next] == UInt8(ascii: ":") else {
                throw Problem(reason: "only a port may follow its IPv6 address")
            }
            portStart = next == authority.endIndex ? nil : authority.index(after: next)
        } else {
            let name = authority.prefix { $0 != UInt8(ascii: ":") }
            host = String(decoding: name, as: UTF8.self)
            guard !host.isEmpty else { throw Problem(reason: "it has no host") }
            guard host.utf8.count <= 253, host.utf8.allSatisfy(isHostByte) else {
                throw Problem(reason: "its host holds characters that no host has")
            }
            portStart = name.endIndex == authority.endIndex ? nil : authority.index(after: name.endIndex)
        }
        guard let portStart else { return (host, nil) }
        let digits = authority[portStart...]
        guard (1...5).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }),
            let port = Int(String(decoding: digits, as: UTF8.self)), (1...65_535).contains(port)
        else { throw Problem(reason: "its port is not a number from 1 to 65535") }
        return (host, port)
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
    }

    private static func isHostByte(_ byte: UInt8) -> Bool { isLetterOrDigit(byte) || "-._".utf8.contains(byte) }

    private static func isPathByte(_ byte: UInt8) -> Bool {
        isLetterOrDigit(byte) || "-._~!$&'()*+,;=:@/%".utf8.contains(byte)
    }
}
