// Where requests go.

import HTTP
import Testing

@testable import AWS

@Suite("Endpoints")
struct AWSEndpointTests {
    private func resolve(
        _ service: AWSService, _ region: String, _ change: (inout AWSSettings) -> Void = { _ in }
    ) throws -> AWSEndpoint {
        var settings = AWSSettings()
        change(&settings)
        return try AWSEndpoint.resolve(service, settings: settings, region: region)
    }

    struct Row: Sendable {
        let service: AWSService
        let region: String
        let plain: String
        let fips: String
        let dualStack: String?
        let signingRegion: String
    }

    // As the endpoint rules of botocore 1.43.11 answer.
    static let rows = [
        Row(
            service: .secretsManager, region: "eu-central-1", plain: "secretsmanager.eu-central-1.amazonaws.com",
            fips: "secretsmanager-fips.eu-central-1.amazonaws.com",
            dualStack: "secretsmanager.eu-central-1.amazonaws.com", signingRegion: "eu-central-1"),
        Row(
            service: .secretsManager, region: "cn-north-1", plain: "secretsmanager.cn-north-1.amazonaws.com.cn",
            fips: "secretsmanager-fips.cn-north-1.amazonaws.com.cn",
            dualStack: "secretsmanager.cn-north-1.amazonaws.com.cn", signingRegion: "cn-north-1"),
        Row(
            service: .secretsManager, region: "us-gov-west-1", plain: "secretsmanager.us-gov-west-1.amazonaws.com",
            fips: "secretsmanager-fips.us-gov-west-1.amazonaws.com",
            dualStack: "secretsmanager.us-gov-west-1.amazonaws.com", signingRegion: "us-gov-west-1"),
        Row(
            service: .secretsManager, region: "us-iso-east-1", plain: "secretsmanager.us-iso-east-1.c2s.ic.gov",
            fips: "secretsmanager-fips.us-iso-east-1.c2s.ic.gov",
            dualStack: "secretsmanager.us-iso-east-1.api.aws.ic.gov", signingRegion: "us-iso-east-1"),
        Row(
            service: .secretsManager, region: "us-isob-east-1", plain: "secretsmanager.us-isob-east-1.sc2s.sgov.gov",
            fips: "secretsmanager-fips.us-isob-east-1.sc2s.sgov.gov",
            dualStack: "secretsmanager.us-isob-east-1.api.aws.scloud", signingRegion: "us-isob-east-1"),
        Row(
            service: .secretsManager, region: "eu-isoe-west-1", plain: "secretsmanager.eu-isoe-west-1.cloud.adc-e.uk",
            fips: "secretsmanager-fips.eu-isoe-west-1.cloud.adc-e.uk", dualStack: nil,
            signingRegion: "eu-isoe-west-1"),
        Row(
            service: .secretsManager, region: "eusc-de-east-1", plain: "secretsmanager.eusc-de-east-1.amazonaws.eu",
            fips: "secretsmanager-fips.eusc-de-east-1.amazonaws.eu",
            dualStack: "secretsmanager.eusc-de-east-1.api.amazonwebservices.eu", signingRegion: "eusc-de-east-1"),
        Row(
            service: .sts, region: "us-east-1", plain: "sts.us-east-1.amazonaws.com",
            fips: "sts-fips.us-east-1.amazonaws.com", dualStack: "sts.us-east-1.api.aws", signingRegion: "us-east-1"),
        Row(
            service: .sts, region: "us-gov-west-1", plain: "sts.us-gov-west-1.amazonaws.com",
            fips: "sts.us-gov-west-1.amazonaws.com", dualStack: "sts.us-gov-west-1.api.aws",
            signingRegion: "us-gov-west-1"),
        Row(
            service: .iam, region: "eu-central-1", plain: "iam.amazonaws.com", fips: "iam-fips.amazonaws.com",
            dualStack: "iam.global.api.aws", signingRegion: "us-east-1"),
        Row(
            service: .iam, region: "us-gov-east-1", plain: "iam.us-gov.amazonaws.com",
            fips: "iam.us-gov.amazonaws.com", dualStack: "iam.us-gov.api.aws", signingRegion: "us-gov-west-1"),
        Row(
            service: .iam, region: "us-iso-west-1", plain: "iam.us-iso-east-1.c2s.ic.gov",
            fips: "iam-fips.us-iso-east-1.c2s.ic.gov", dualStack: "iam.api.aws.ic.gov",
            signingRegion: "us-iso-east-1"),
        Row(
            service: .cloudTrail, region: "cn-north-1", plain: "cloudtrail.cn-north-1.amazonaws.com.cn",
            fips: "cloudtrail-fips.cn-north-1.amazonaws.com.cn",
            dualStack: "cloudtrail.cn-north-1.api.amazonwebservices.com.cn", signingRegion: "cn-north-1"),
        Row(
            service: .cloudTrail, region: "mars-north-7", plain: "cloudtrail.mars-north-7.amazonaws.com",
            fips: "cloudtrail-fips.mars-north-7.amazonaws.com", dualStack: "cloudtrail.mars-north-7.api.aws",
            signingRegion: "mars-north-7"),
    ]

    @Test("AWS's own hosts are those that botocore knows", arguments: rows)
    func hosts(_ row: Row) throws {
        let plain = try resolve(row.service, row.region)
        #expect(plain.host == row.plain)
        #expect(plain.scheme == "https")
        #expect(plain.signingRegion == row.signingRegion)
        #expect(try resolve(row.service, row.region) { $0.usesFIPS = true }.host == row.fips)
        if let dualStack = row.dualStack {
            #expect(try resolve(row.service, row.region) { $0.usesDualStack = true }.host == dualStack)
        } else {
            #expect(throws: AWSEndpoint.Failure.self) {
                try resolve(row.service, row.region) { $0.usesDualStack = true }
            }
        }
    }

    @Test(
        "A region's name cannot become a part of another host",
        arguments: [
            "", "-", "a-", "-a", "eu central", "eu.central", "evil.com/", "x@evil.com", "x#", "x?", "x:80", "é", "a\n",
            "a\0", String(repeating: "a", count: 64),
        ])
    func badRegion(_ region: String) {
        #expect(throws: AWSEndpoint.Failure.self) { try resolve(.secretsManager, region) }
    }

    @Test("The endpoint of the service goes before the one for all")
    func order() throws {
        let all = AWSSettings.Origin("https://all.example.com", "AWS_ENDPOINT_URL")
        let own = AWSSettings.Origin("https://own.example.com:8443/prefix/", "AWS_ENDPOINT_URL_STS")
        let secrets = AWSSettings.Origin("http://127.0.0.1:4566", "--endpoint-url")
        func change(_ settings: inout AWSSettings) {
            settings.endpoint = all
            settings.serviceEndpoints = ["sts": own]
            settings.secretsManagerEndpoint = secrets
        }
        let sts = try resolve(.sts, "eu-west-1", change)
        #expect(sts.host == "own.example.com" && sts.port == 8_443 && sts.pathPrefix == "/prefix")
        #expect(sts.signingRegion == "eu-west-1")
        let iam = try resolve(.iam, "eu-west-1", change)
        #expect(iam.host == "all.example.com" && iam.port == nil && iam.pathPrefix.isEmpty)
        #expect(iam.signingRegion == "us-east-1")
        let manager = try resolve(.secretsManager, "eu-west-1", change)
        #expect(manager.scheme == "http" && manager.host == "127.0.0.1" && manager.port == 4_566)
    }

    @Test(
        "Endpoints that can be used",
        arguments: [
            ("https://a.example.com", "a.example.com", nil, ""),
            ("https://A.example.com:1/b//", "a.example.com", 1, "/b"),
            ("HTTPS://host_name", "host_name", nil, ""), ("http://localhost:5000/", "localhost", 5_000, ""),
            ("http://[::1]:5000", "::1", 5_000, ""), ("https://[fd00::1]/x", "fd00::1", nil, "/x"),
            ("http://127.9.8.7", "127.9.8.7", nil, ""),
        ] as [(String, String, Int?, String)])
    func good(_ text: String, _ host: String, _ port: Int?, _ path: String) throws {
        let endpoint = try AWSEndpoint.parse(text, from: "a test")
        #expect(endpoint.host == host)
        #expect(endpoint.port == port)
        #expect(endpoint.pathPrefix == path)
    }

    @Test(
        "Endpoints that cannot",
        arguments: [
            "", "a", "https:", "https://", "https:///", "ftp://a", "//a", "https:/a", "https://a:", "https://a:0",
            "https://a:65536", "https://a:+1", "https://a:1:2", "https://u@a", "https://u:p@a", "https://a?b",
            "https://a/?b",
            "https://a/#b", "https://a b", "https://a/ b", "https://a\\b", "https://[::1", "https://[]",
            "https://[a.b]",
            "https://[::1]x", "https://é", "https://a\n", "http://example.com", "http://127.0.0.1.example.com",
            "http://127.0.0", "http://127.0.0.256", "http://localhost.example.com", "http://10.0.0.1",
            "http://169.254.169.254", "http://[::2]", "http://0.0.0.0", "http://127.1", "http://0127.0.0.1",
        ])
    func bad(_ text: String) {
        #expect(throws: AWSEndpoint.Failure.self) { try AWSEndpoint.parse(text, from: "a test") }
    }

    @Test("The reason names the place and repeats nothing of a password")
    func reason() {
        let error = #expect(throws: AWSEndpoint.Failure.self) {
            try AWSEndpoint.parse("https://user:hunter2@example.com", from: "AWS_ENDPOINT_URL")
        }
        #expect(
            error?.reason == "the endpoint in AWS_ENDPOINT_URL cannot be used: it must not have a user name or password"
        )
    }

    private static let pieces = [
        "http", "https", ":", "//", "/", "@", "[", "]", "::1", "127.0.0.1", "localhost", "a", ".", "?", "#", "%", "80",
        " ",
    ]

    @Test("Whatever is read names one host, in plain http only this machine", arguments: 0..<500 as Range<UInt64>)
    func anything(seed: UInt64) {
        var random = SplitMix(state: seed)
        let head = ["", "http://", "https://"].randomElement(using: &random) ?? ""
        let text = head + String(decoding: random.bytes(from: Self.pieces, count: 8), as: UTF8.self)
        guard let endpoint = try? AWSEndpoint.parse(text, from: "a test") else { return }
        #expect(!endpoint.host.isEmpty)
        #expect(endpoint.host.utf8.allSatisfy { !"/@?#[]% ".utf8.contains($0) })
        #expect(endpoint.scheme == "https" || PlainHTTP.isLoopback(endpoint.host))
        #expect(endpoint.pathPrefix.isEmpty || endpoint.pathPrefix.hasPrefix("/"))
    }
}
