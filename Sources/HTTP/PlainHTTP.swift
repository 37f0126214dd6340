// Where plain http is allowed.

/// The hosts to which a request may go without TLS.
package enum PlainHTTP {
    /// This machine: `localhost`, 127.0.0.0/8, `::1`.
    package static func isLoopback(_ host: String) -> Bool {
        if host.lowercased() == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127"
            && parts.allSatisfy { part in
                (1...3).contains(part.utf8.count) && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
                    && Int(part).map { $0 <= 255 } == true
            }
    }

    /// The link-local addresses where containers (ECS, EKS) and instances fetch their credentials.
    package static func isCredentialEndpoint(_ host: String) -> Bool {
        isContainerEndpoint(host) || isInstanceEndpoint(host)
    }

    /// Of ECS and EKS.
    package static func isContainerEndpoint(_ host: String) -> Bool {
        ["169.254.170.2", "169.254.170.23", "fd00:ec2::23"].contains(host.lowercased())
    }

    /// Of EC2, over IPv4 and IPv6.
    package static func isInstanceEndpoint(_ host: String) -> Bool {
        ["169.254.169.254", "fd00:ec2::254"].contains(host.lowercased())
    }
}
