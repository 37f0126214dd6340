// What libgit2 need not do at its start.

/// Takes the place of mbed TLS's function of this name, which libgit2, where it is built with that library, calls once
/// at its start to read the system's certificates: four milliseconds of every run. Nothing here talks to a remote
/// through libgit2; if anything did, it would trust nobody.
///
/// - Returns: 0, as for a file with no certificate that is wrong.
@_cdecl("mbedtls_x509_crt_parse_file")
public func skipCertificates(_ chain: OpaquePointer?, _ path: UnsafePointer<CChar>?) -> Int32 { 0 }
