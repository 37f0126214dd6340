// What a template becomes: a function of the template, the dotenv files, and what counts as real.

import Dotenv
import Testing

@testable import Steps

@Suite("Templates of dotenv files")
struct DotenvTemplateTests {
    private let template = DotenvTemplate { _, value in String(decoding: value, as: UTF8.self).contains("real") }

    private func updated(_ existing: String?, _ sources: [String], further: [String] = []) -> String {
        String(
            decoding: template.updated(
                existing.map { Array($0.utf8) }, from: sources.map { DotenvDocument(parsing: Array($0.utf8)) },
                furtherKeys: further), as: UTF8.self)
    }

    @Test("A new template has the keys, comments and order of the file, and not one value")
    func new() {
        let source = """
            \u{FEFF}# Backend

            PORT=8080 # of the server
            export API_KEY="real one"
            # the password is real
            DB_PASSWORD='a
            b'
            half a line of real things
            # OLD_KEY=real12345
            EMPTY=
            BARE_NAME
            # the end

            """
        #expect(
            updated(nil, [source]) == """
                # Backend

                PORT=changeme # of the server
                export API_KEY=changeme
                DB_PASSWORD=changeme
                # OLD_KEY=changeme
                EMPTY=changeme
                BARE_NAME=changeme
                # the end

                """)
    }

    @Test("A template keeps its lines, values and order; missing keys go where the file has them")
    func merged() {
        let existing = "# Copy to .env\nPORT=8080\nLOG_LEVEL='info' # or debug\n\n# Mail\nSMTP_HOST=localhost\n"
        let source = "FIRST=1\nPORT=1\nHOST=x\nLOG_LEVEL=debug\n# Mail\nSMTP_HOST=a\n# user\nSMTP_USER=b\nLAST=c\n"
        #expect(
            updated(existing, [source, "OTHER=1\n"], further: ["IN_SECRET", "PORT"]) == """
                # Copy to .env
                FIRST=changeme
                PORT=8080
                HOST=changeme
                LOG_LEVEL='info' # or debug

                # Mail
                SMTP_HOST=localhost
                # user
                SMTP_USER=changeme
                LAST=changeme
                OTHER=changeme
                IN_SECRET=changeme

                """)
        #expect(updated(existing, ["PORT=1\n"]) == existing)
    }

    @Test("Real values go, and nothing else of their lines: quotes, comments, several lines")
    func real() {
        #expect(
            updated("export A = \"real\" # c\nB='x\nreal\ny'\nC=fine\n# D=real12345\n", [])
                == "export A = changeme # c\nB=changeme\nC=fine\n# D=changeme\n")
    }

    @Test("Line ends, a missing last one and a byte-order mark are kept")
    func lineEnds() {
        #expect(updated("\u{FEFF}A=1\r\nB=2\r\n", ["A=\nC=\nB=\n"]) == "\u{FEFF}A=1\r\nC=changeme\r\nB=2\r\n")
        #expect(updated("A=1", ["A=\nB=\n"]) == "A=1\nB=changeme")
        #expect(updated(nil, ["A=1\r\nB=2\r\n"]) == "A=changeme\r\nB=changeme\r\n")
        #expect(updated("", ["A=1"]) == "A=changeme\n")
    }

    @Test(
        "Whatever the files look like: all keys, no real value, every line kept, and nothing to do twice",
        .timeLimit(.minutes(1)))
    func fuzz() {
        var generator = SeededSource(state: 11)
        func text(_ count: Int, isTemplate: Bool) -> String {
            (0..<count).map { _ in
                let key = ["A", "B_KEY", "C", "D1", "E"].randomElement(using: &generator) ?? "A"
                let value =
                    ["real12345", "x", "", "'real quoted 1'", "\"a\nreal2\nb\"", "changeme"]
                    .randomElement(using: &generator) ?? ""
                let line =
                    [
                        "\(key)=\(value)", "export \(key) = \(value)", "# \(key)=\(value)", "", "# plain",
                        "\(key): \(value)",
                        "broken line \(value)",
                    ].randomElement(using: &generator) ?? ""
                return line + (["\n", "\r\n", "\n\n"].randomElement(using: &generator) ?? "\n")
            }.joined()
        }
        for _ in 0..<400 {
            let existing =
                Bool.random(using: &generator)
                ? Array(text(Int.random(in: 0...6, using: &generator), isTemplate: true).utf8) : nil
            let sources = (0..<Int.random(in: 0...3, using: &generator)).map { _ in
                DotenvDocument(parsing: Array(text(Int.random(in: 0...6, using: &generator), isTemplate: false).utf8))
            }
            let result = template.updated(existing, from: sources, furtherKeys: ["FURTHER"])
            let document = DotenvDocument(parsing: result)
            let keys = Set(DotenvTemplate.keys(of: document))
            let wanted = Set(sources.flatMap { DotenvTemplate.keys(of: $0) } + ["FURTHER"])
            let shown =
                "\(existing.map { String(decoding: $0, as: UTF8.self) } ?? "none") + "
                + sources.map { String(decoding: $0.text, as: UTF8.self) }.joined(separator: " + ")
            #expect(keys.isSuperset(of: wanted), "\(shown.debugDescription)")
            for entry in document.entries {
                #expect(
                    !String(decoding: document.text[entry.valueSpan], as: UTF8.self).contains("real"),
                    "\(shown.debugDescription)")
            }
            #expect(
                template.updated(result, from: sources, furtherKeys: ["FURTHER"]) == result, "\(shown.debugDescription)"
            )
        }
    }
}
