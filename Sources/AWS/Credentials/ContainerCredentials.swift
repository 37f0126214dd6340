// Credentials of a container: ECS by a relative URI, EKS Pod Identity and others by a full one.

import Files
package import HTTP
import JSON
import Secrets
package import World

package struct ContainerCredentials: CredentialProvider {
    package let name = "container credentials"
    private let world: World
    private let transport: any Transport

    package init(world: World, transport: any Transport) {
        self.world = world
        self.transport = transport
    }

    package func load() async throws -> ProviderAnswer {
        guard let address = try address() else {
            return .notConfigured(
                "neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor AWS_CONTAINER_CREDENTIALS_FULL_URI is set")
        }
        var request = CredentialRequest.request(.get, address.url, path: nil, query: address.query)
        request.headers.append(("Accept", "application/json"))
        if let token = try token() { request.headers.append(("Authorization", token.unprotectedText)) }
        let response: HTTPResponse
        do {
            response = try await CredentialRequest(transport: transport, world: world, timeout: .seconds(2))
                .send(request)
        } catch let error as TransportError {
            throw failure(request, error)
        }
        guard response.status == 200 else { throw failure(request, status: response.status) }
        let root = try CredentialAnswer.document(response.body, for: self).root
        return .found(try CredentialAnswer(token: "Token").read(root, for: self, now: world.now()))
    }

    private func address() throws -> (url: EndpointURL, query: String?)? {
        let variable: String
        var text: String
        if let relative = world.variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") {
            variable = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
            guard relative.hasPrefix("/") else { throw failure("\(variable) must begin with a slash") }
            text = "http://169.254.170.2" + relative
        } else if let full = world.variable("AWS_CONTAINER_CREDENTIALS_FULL_URI") {
            variable = "AWS_CONTAINER_CREDENTIALS_FULL_URI"
            text = full
        } else {
            return nil
        }
        var query: String?
        if let mark = text.firstIndex(of: "?") {
            query = String(text[text.index(after: mark)...])
            text = String(text[..<mark])
        }
        guard query?.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") }) ?? true else {
            throw failure("the query of \(variable) holds characters that must be percent-encoded")
        }
        let url: EndpointURL
        do { url = try EndpointURL(text) } catch { throw failure("\(variable) cannot be used: \(error.reason)") }
        guard !url.isPlainAndRemote || PlainHTTP.isContainerEndpoint(url.host) else {
            throw failure(
                "\(variable) names a host that is not allowed over plain http: only this machine, 169.254.170.2, "
                    + "169.254.170.23 and [fd00:ec2::23] are")
        }
        return (url, query)
    }

    /// Read anew each time: the file is replaced while the container runs.
    private func token() throws -> SharedSecret? {
        let token: SharedSecret
        if let path = world.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") {
            token = try TokenFile.read(path, variable: "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", for: self)
        } else if let text = world.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN") {
            token = SharedSecret(copying: text.utf8)
        } else {
            return nil
        }
        // A line end in it would begin a header of its own. A space is fine: `Bearer ...`.
        guard token.withBytes({ bytes in bytes.indices.allSatisfy { (0x20...0x7E).contains(bytes[$0]) } }) else {
            throw failure("the authorization token holds line ends or other characters that no token has")
        }
        return token
    }
}

/// A file that holds one token.
enum TokenFile {
    /// Longer than any; AWS limits web identity tokens to 20,000 characters.
    private static let longest = 64 << 10

    /// The token without the white space around it.
    /// - Throws: `CredentialError`.
    static func read(_ path: String, variable: String, for provider: some CredentialProvider) throws -> SharedSecret {
        var bytes: [UInt8]
        do {
            guard let content = try FileContent.read(path, limit: longest) else {
                throw provider.failure("the file that \(variable) names does not exist")
            }
            bytes = content
        } catch let error as FileError {
            throw provider.failure("the file that \(variable) names cannot be read: \(error.reason)")
        }
        defer { bytes.withUnsafeMutableBytes { SecretMemory.wipe($0) } }
        let isSpace = { (byte: UInt8) in byte == 0x20 || (0x09...0x0D).contains(byte) }
        guard let start = bytes.firstIndex(where: { !isSpace($0) }), let end = bytes.lastIndex(where: { !isSpace($0) })
        else { throw provider.failure("the file that \(variable) names is empty") }
        return SharedSecret(copying: bytes[start...end])
    }
}
