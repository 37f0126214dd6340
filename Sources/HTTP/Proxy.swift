// Which requests go through a proxy, and through which.

import AsyncHTTPClient
import Secrets

/// The hosts that are reached directly, as NO_PROXY lists them.
struct NoProxy: Sendable, Equatable {
    private let entries: [String]

    /// - Parameter entries: `*`, a host, a domain with or without its dot, an IPv4 network such as `10.0.0.0/8`; each
    ///   but the first with or without a port.
    init(_ entries: [String]) {
        self.entries = entries.map { $0.lowercased() }
    }

    func covers(_ host: String, port: Int) -> Bool {
        let host = host.lowercased()
        return entries.contains { Self.covers($0, host, port) }
    }

    private static func covers(_ entry: String, _ host: String, _ port: Int) -> Bool {
        if entry == "*" { return true }
        if entry.contains("/") { return isInNetwork(host, entry) }
        var name = Substring(entry)
        if entry.hasPrefix("["), let end = entry.firstIndex(of: "]") {
            name = entry[entry.index(after: entry.startIndex)..<end]
            let rest = entry[entry.index(after: end)...]
            if rest.hasPrefix(":"), Int(rest.dropFirst()) != port { return false }
        } else if entry.count(where: { $0 == ":" }) == 1, let colon = entry.firstIndex(of: ":") {
            guard Int(entry[entry.index(after: colon)...]) == port else { return false }
            name = entry[..<colon]
        }
        if name.hasPrefix("*.") { name = name.dropFirst() }
        let bare = name.hasPrefix(".") ? name.dropFirst() : name
        guard !bare.isEmpty else { return false }
        return host == bare || host.hasSuffix("." + bare)
    }

    private static func isInNetwork(_ host: String, _ network: String) -> Bool {
        let parts = network.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let bits = Int(parts[1]), (0...32).contains(bits), let base = address(parts[0]),
            let address = address(Substring(host))
        else { return false }
        let mask: UInt32 = bits == 0 ? 0 : .max << UInt32(32 - bits)
        return base & mask == address & mask
    }

    private static func address(_ text: Substring) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var address: UInt32 = 0
        for part in parts {
            guard let number = UInt8(part) else { return nil }
            address = address << 8 | UInt32(number)
        }
        return address
    }
}

/// `http://user:password@host:port`, the scheme optional.
struct ProxyAddress: CustomStringConvertible, CustomReflectable {
    let host: String
    let port: Int
    private let user: String?
    private let password: String?

    /// - Throws: `TransportError` of kind `proxy`, with no part of the address.
    init(_ address: SharedSecret) throws(TransportError) {
        func failure(_ reason: String) -> TransportError {
            TransportError(kind: .proxy, reason: reason, mayHaveArrived: false)
        }
        // A password becomes text here, as the HTTP client takes it in no other form.
        var rest = Substring(address.unprotectedText)
        if let scheme = rest.range(of: "://") {
            guard rest[..<scheme.lowerBound].lowercased() == "http" else {
                throw failure("only proxies whose address begins with http:// can be used")
            }
            rest = rest[scheme.upperBound...]
        }
        rest = rest.prefix { $0 != "/" }
        if let at = rest.lastIndex(of: "@") {
            let parts = rest[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            user = Self.decoded(parts[0])
            password = parts.count == 2 ? Self.decoded(parts[1]) : ""
            rest = rest[rest.index(after: at)...]
        } else {
            user = nil
            password = nil
        }
        do throws(EndpointURL.Problem) {
            // The same rules as for endpoints; https so that any host will do.
            let parsed = try EndpointURL("https://" + rest)
            host = parsed.host.lowercased()
            port = parsed.port ?? 80
        } catch {
            throw failure("the proxy's address has no proper host or port")
        }
    }

    /// Host and port: the rest is secret.
    var description: String { "\(host):\(port)" }
    var customMirror: Mirror { Mirror(self, children: [Mirror.Child]()) }

    var clientProxy: HTTPClient.Configuration.Proxy {
        let authorization = user.map { HTTPClient.Authorization.basic(username: $0, password: password ?? "") }
        return .server(host: host, port: port, authorization: authorization)
    }

    private static func decoded(_ text: Substring) -> String {
        String(decoding: PercentEncoding.decode(text.utf8), as: UTF8.self)
    }
}

extension Substring {
    // Foundation has this, and brings too much with it.
    fileprivate func range(of text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}
