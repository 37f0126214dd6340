// Which names are dotenv files, templates, or neither.

import Testing

@testable import Dotenv

struct DotenvFileKindTests {
    @Test(
        "These names hold real values",
        arguments: [
            ".env", ".ENV", ".Env.Local", ".env.production", ".env.production.local", ".env-prod", ".env_local",
            ".env~",
            ".env.local.bak", ".env.bak", ".env.keys", ".env.me", ".env.txt", ".env.sh", ".envrc", ".envrc.local",
            ".flaskenv",
            ".dev.vars", ".dev.vars.production", "prod.env", "app.env", "prod.env.bak", "app.env.production",
            "env.local",
            "dotenv.production", ".dotenv",
        ])
    func dotenv(name: String) {
        #expect(DotenvFileKind(path: name) == .dotenv)
        #expect(DotenvFileKind(path: "deploy/example/" + name) == .dotenv)
    }

    @Test(
        "These names are templates",
        arguments: [
            ".env.example", "example.env", ".env.production.sample", ".env.dist", "env.example", "sample.env",
            ".env-example",
            ".env_sample", ".env.template", ".env.tpl", ".env.default", ".env.defaults", ".env.schema",
            ".envrc.example",
            ".dev.vars.example", "dotenv.example", "docker.env.tmpl", ".ENV.EXAMPLE", ".env.local.example", ".env.j2",
        ])
    func template(name: String) {
        #expect(DotenvFileKind(path: name) == .template)
    }

    @Test(
        "These names are neither",
        arguments: [
            "environment.ts", ".envoy.yaml", ".envoy", ".environment", ".env.ts", ".env.js", ".env.d.ts",
            "next-env.d.ts", "env.py",
            "env", "env.js", ".env.md", ".env.yaml", ".env.json", ".env.local.php", ".env.vault", ".env.gpg",
            ".env.encrypted",
            "prod.env.ts", "venv", ".venv", "dotenv", "dotenv.gemspec", "dotenv-rails.gemspec", "vars.yml", "event.log",
            "",
            ".", ".en", "example", "env.", "src/.env/", ".env/config", "prod.environment",
        ])
    func neither(name: String) {
        #expect(DotenvFileKind(path: name) == nil)
    }

    @Test func `a name of any bytes and any length has an answer`() {
        var random = SeededGenerator(seed: 3)
        for _ in 0..<2_000 {
            let noise = (0..<Int.random(in: 0...30, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            #expect(DotenvFileKind(fileName: [0xFF, 0x65] + noise) == nil || noise.count > 3)
        }
        #expect(DotenvFileKind(fileName: Array(repeatElement(UInt8(ascii: "e"), count: 5_000))) == nil)
    }
}
