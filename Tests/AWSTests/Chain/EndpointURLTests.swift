// Endpoints: which are taken, and which are refused for what reason.

import HTTP
import Testing

@testable import AWS

@Suite("Endpoints and regions") struct EndpointURLTests {
    @Test(
        "An endpoint is taken apart into scheme, host, port and path",
        arguments: [
            ("https://a.example", "https|a.example|-|"), ("HTTPS://A.example:8443/x/y", "https|A.example|8443|/x/y"),
            ("http://localhost:5000/", "http|localhost|5000|/"), ("http://[::1]:5000", "http|::1|5000|"),
            ("http://[fd00:ec2::23]/v1", "http|fd00:ec2::23|-|/v1"),
        ] as [(String, String)])
    func parts(_ text: String, _ parts: String) throws {
        let url = try EndpointURL(text)
        #expect("\(url.scheme)|\(url.host)|\(url.port.map(String.init) ?? "-")|\(url.path)" == parts)
    }

    @Test(
        "What is no endpoint is refused, and a password in it is not repeated",
        arguments: [
            "", "localhost:5000", "ftp://a", "https://", "https:///x", "https://a:0", "https://a:65536", "https://a:",
            "https://a:x", "https://u:hidden@a", "https://a?b", "https://a#b", "https://a b", "https://a/ b",
            "https://[::1", "https://[::1]x", "https://[a]", "https://a\n", "https://ä", "https://a/\u{1}",
        ])
    func refused(_ text: String) {
        let problem = #expect(throws: EndpointURL.Problem.self) { try EndpointURL(text) }
        #expect(problem?.reason.contains("hidden") == false)
    }

    @Test(
        "Only addresses of this machine are loopback",
        arguments: [
            ("127.0.0.1", true), ("127.255.1.2", true), ("localhost", true), ("LocalHost", true), ("::1", true),
            ("127.0.0.1.example.com", false), ("127.example.com", false), ("127.0.0", false), ("127.0.0.256", false),
            ("127.0.0.+1", false), ("localhost.example.com", false), ("0.0.0.0", false), ("::2", false),
            ("128.0.0.1", false), ("127..0.1", false),
        ] as [(String, Bool)])
    func loopback(_ host: String, _ isLoopback: Bool) {
        #expect(PlainHTTP.isLoopback(host) == isLoopback)
    }

    @Test(
        "A region cannot become another host's name",
        arguments: [
            ("eu-central-1", true), ("local", true), ("", false), ("evil.com/", false), ("a.b", false), ("-a", false),
            ("a-", false), ("a b", false), ("a\n", false), (String(repeating: "a", count: 64), false), ("é", false),
        ] as [(String, Bool)])
    func regions(_ text: String, _ isRegion: Bool) {
        #expect(AWSEndpoint.isRegionName(text) == isRegion)
    }

    @Test("Any text is read or refused, and what is read has a host without odd characters", arguments: 0..<10)
    func fuzz(_ seed: Int) {
        var generator = SplitMix(state: UInt64(seed))
        let pieces = [
            "http", "https", "://", "a", "1", ":", "[", "]", "@", "/", "?", "#", "%", "\\", "\n", "\u{0}", "::", "é",
            ".",
            "localhost", "443",
        ]
        for _ in 0..<500 {
            var text = Bool.random(using: &generator) ? "https://" : ""
            for _ in 0..<Int.random(in: 0..<10, using: &generator) {
                text += pieces.randomElement(using: &generator) ?? ""
            }
            guard let url = try? EndpointURL(text) else { continue }
            #expect(!url.host.isEmpty)
            let isClean = url.host.unicodeScalars.allSatisfy {
                $0.isASCII && $0.value > 0x20 && !"/?#@[]\\".unicodeScalars.contains($0)
            }
            #expect(isClean)
            #expect(url.path.isEmpty || url.path.hasPrefix("/"))
        }
    }
}
