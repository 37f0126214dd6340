// The XML of query answers.

import Secrets
import Testing

@testable import AWS

@Suite("XML of query answers")
struct XMLElementTests {
    private func parse(_ text: String) throws -> XMLElement { try XMLElement.parse(Core.secret(text)) }

    @Test("An answer as STS gives it is read")
    func answer() throws {
        let root = try parse(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <!-- a comment -->
            <GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
              <GetCallerIdentityResult>
                <Arn>arn:aws:sts::123456789012:assumed-role/r/s</Arn>
                <Account>123456789012</Account><Empty/><None></None>
              </GetCallerIdentityResult>
              <ResponseMetadata a = 'b' ><RequestId>42</RequestId></ResponseMetadata>
            </GetCallerIdentityResponse>
            """)
        #expect(root.name == "GetCallerIdentityResponse")
        let result = try #require(root["GetCallerIdentityResult"])
        #expect(result["Account"]?.text == "123456789012")
        #expect(result["Arn"]?.text == "arn:aws:sts::123456789012:assumed-role/r/s")
        #expect(result["Empty"]?.text == "")
        #expect(result["None"]?.text == "")
        #expect(result["Absent"] == nil)
        #expect(root.first("RequestId")?.text == "42")
        #expect(result.children.map(\.name) == ["Arn", "Account", "Empty", "None"])
    }

    @Test(
        "Text may be written in several ways",
        arguments: [
            ("a &lt;&gt;&amp;&quot;&apos; b", "a <>&\"' b"), ("&#65;&#x1F600;", "A😀"), ("<![CDATA[<b> & ]]>", "<b> & "),
            ("x<!-- no -->y", "xy"), ("x<?pi no?>y", "xy"), ("é", "é"), ("]]>", "]]>"),
        ])
    func texts(_ written: String, _ read: String) throws {
        #expect(try parse("<a>\(written)</a>").text == read)
    }

    @Test("Prefixes of namespaces are left out")
    func prefixes() throws {
        let root = try parse("<ns:a xmlns:ns='x'><ns:b>1</ns:b></ns:a>")
        #expect(root.name == "a")
        #expect(root["b"]?.text == "1")
    }

    @Test(
        "What is no XML, or more than is read here, is refused",
        arguments: [
            "", " ", "<", "<a", "<a>", "<a></b>", "<a></a", "</a>", "<a/><b/>", "a", "<a/>b", "<a b></a>", "<a b=c/>",
            "<a b='<'/>", "<a b='c/>", "<a>&nbsp;</a>", "<a>&lt</a>", "<a>&#0;</a>", "<a>&#xD800;</a>",
            "<a>&#x110000;</a>",
            "<a>&#99999999999;</a>", "<a>&;</a>", "<a><![CDATA[</a>", "<a><!-- </a>", "<a><!b></a>", "{}",
            "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "<?xml", "< a/>", "<a><b></a></b>",
        ])
    func refused(_ text: String) {
        #expect(throws: XMLError.self) { try parse(text) }
    }

    @Test("Depth has a limit")
    func depth() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "<a>", count: depth) + String(repeating: "</a>", count: depth)
        }
        #expect(throws: Never.self) { try parse(nested(32)) }
        #expect(throws: XMLError.self) { try parse(nested(33)) }
        #expect(throws: XMLError.self) { try parse(String(repeating: "<a>", count: 1_000_000)) }
    }

    @Test("The number of elements has a limit")
    func breadth() {
        #expect(throws: Never.self) { try parse("<a>" + String(repeating: "<b/>", count: 99_999) + "</a>") }
        #expect(throws: XMLError.self) { try parse("<a>" + String(repeating: "<b/>", count: 100_000) + "</a>") }
    }

    @Test("Text that is not UTF-8 is no text, but its bytes are there")
    func invalidText() throws {
        let root = try XMLElement.parse(SharedSecret(copying: Array("<a>".utf8) + [0xFF] + Array("</a>".utf8)))
        #expect(root.text == nil)
        #expect(root.content.count == 1)
    }

    private static let pieces = [
        "<a>", "</a>", "<b c='d'>", "</b>", "<", ">", "/", "&amp;", "&#65;", "&", ";", "<!--", "-->", "<![CDATA[",
        "]]>",
        "<?", "?>", "'", "\"", "=", " ", "text", "<!DOCTYPE",
    ]

    @Test("No bytes at all make the reader fall", arguments: 0..<400 as Range<UInt64>)
    func anyBytes(seed: UInt64) throws {
        var random = SplitMix(state: seed)
        let bytes = random.bytes(from: Self.pieces, count: Int.random(in: 0..<60, using: &random))
        do throws(XMLError) {
            _ = try XMLElement.parse(SharedSecret(copying: bytes))
        } catch {
            #expect((0...bytes.count).contains(error.offset))
        }
    }

    @Test("What is written comes back, whatever tree and text it is", arguments: 0..<100 as Range<UInt64>)
    func roundTrip(seed: UInt64) throws {
        var random = SplitMix(state: seed)
        struct Tree: Equatable {
            var name: String
            var text = ""
            var children: [Tree] = []
        }
        func tree(_ depth: Int) -> Tree {
            let name = ["a", "Bc", "d-e", "f.g_h"].randomElement(using: &random) ?? "a"
            let count = depth == 0 ? 0 : Int.random(in: 0..<4, using: &random)
            let text = (0..<Int.random(in: 0..<6, using: &random)).map { _ in
                ["<", "&", ">", "é", " ", "\n", "x", "]]>", "'"].randomElement(using: &random) ?? ""
            }
            return Tree(
                name: name, text: count == 0 ? text.joined() : "", children: (0..<count).map { _ in tree(depth - 1) })
        }
        func written(_ tree: Tree) -> String {
            let text = tree.text.map { character -> String in
                switch character {
                case "<": "&lt;"
                case "&": "&#38;"
                default: String(character)
                }
            }
            return "<\(tree.name)>" + text.joined() + tree.children.map(written).joined() + "</\(tree.name)>"
        }
        func read(_ element: XMLElement) -> Tree {
            Tree(name: element.name, text: element.text ?? "?", children: element.children.map(read))
        }
        let original = tree(4)
        #expect(read(try parse(written(original))) == original)
    }
}
