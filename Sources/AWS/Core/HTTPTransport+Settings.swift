// The transport that AWS's settings describe.

package import HTTP

extension HTTPTransport {
    /// With the proxy, its exceptions and the certificates of the settings.
    /// - Throws: `TransportError` of kind `tls` when the certificates that the settings name cannot be read. One among
    ///   them that is damaged is told of with the first request that needs them.
    package convenience init(settings: AWSSettings) throws(TransportError) {
        try self.init(
            proxy: settings.httpsProxy, noProxy: settings.noProxy,
            certificates: settings.certificateBundle.map { CertificateFile(path: $0.value, origin: $0.origin) })
    }
}
