// What a repository's files tell about it.

import Testing

@testable import Scanning

@Suite("Survey of a repository")
struct SurveyTests {
    private func survey(_ files: [String: String]) -> RepositorySurvey {
        Surveyor().survey(Array(files.keys)) { path, limit in
            files[path].map { Array($0.utf8) }.flatMap { $0.count <= limit ? $0 : nil }
        }
    }

    @Test(arguments: [
        ("package.json", "{\"dependencies\": {\"next\": \"15\"}}", ["Node.js", "Next.js"]),
        (
            "web/package.json", "{\"dependencies\": {\"@nestjs/core\": \"1\", \"express\": \"5\"}}",
            ["Node.js", "Express", "NestJS"]
        ),
        ("package.json", "{\"dependencies\": {\"nextra\": \"1\"}}", ["Node.js"]),
        ("backend/requirements-dev.txt", "Django==5\ncelery\n", ["Python", "Celery", "Django"]),
        ("pyproject.toml", "dependencies = [\"fastapi\"]", ["Python", "FastAPI"]),
        ("go.mod", "require github.com/gin-gonic/gin v1", ["Go", "Gin"]),
        ("Gemfile", "gem \"rails\"", ["Ruby", "Rails"]),
        ("Package.swift", ".package(url: \"vapor/vapor\")", ["Swift", "Vapor"]),
        ("Cargo.toml", "axum = \"0.8\"", ["Rust", "Axum"]),
        ("pom.xml", "<artifactId>spring-boot-starter</artifactId>", ["Java", "Spring Boot"]),
        ("composer.json", "{\"require\": {\"laravel/framework\": \"*\"}}", ["PHP", "Laravel"]),
        ("src/App.csproj", "<Project Sdk=\"Microsoft.NET.Sdk.Web\">", [".NET", "ASP.NET Core"]),
        ("build.gradle.kts", "", ["Kotlin"]), ("README.md", "package.json django", []),
    ])
    func `manifests name the language and the frameworks`(path: String, text: String, names: [String]) {
        let found = survey([path: text]).technologies
        #expect(found.map(\.name) == names)
        #expect(found.allSatisfy { $0.path == path })
    }

    @Test(arguments: [
        ("docker-compose.prod.yml", "services: {}", RepositorySurvey.Deployment.Kind.compose),
        ("compose.yaml", "", .compose),
        ("backend/Dockerfile", "FROM x", .dockerfile), ("api.dockerfile", "FROM x", .dockerfile),
        ("deploy/task.json", "{\"containerDefinitions\": []}", .ecs), ("infra/main.tf", "resource", .terraform),
        ("serverless.yml", "service: x", .serverless), ("charts/app/values-prod.yaml", "env: {}", .helm),
        ("k8s/app.yaml", "apiVersion: apps/v1\nkind: Deployment\nspec:\n containers:\n", .kubernetes),
        ("deploy/app.service", "[Service]\nExecStart=x", .systemd),
    ])
    func `deployments are told by names and words`(path: String, text: String, kind: RepositorySurvey.Deployment.Kind) {
        #expect(survey([path: text]).deployments == [.init(kind: kind, path: path)])
    }

    @Test(arguments: [
        ("values.yaml", "a: b"), ("app.service", "x"), ("data.json", "{}"), (".github/workflows/ci.yml", "on: push"),
    ])
    func `other files are no deployments`(path: String, text: String) {
        #expect(survey([path: text]).deployments.isEmpty)
    }

    @Test(arguments: [
        ("a.js", "process.env.API_KEY"), ("a.ts", "const k = process.env['API_KEY']!"),
        ("a.vue", "import.meta.env.API_KEY;"),
        ("a.ts", "Deno.env.get(\"API_KEY\")"), ("a.py", "os.environ[\"API_KEY\"]"),
        ("a.py", "os.environ.get('API_KEY', '')"),
        ("a.py", "os.getenv( 'API_KEY')"), ("a.py", "env('API_KEY')"), ("a.rb", "ENV[\"API_KEY\"]"),
        ("a.rb", "ENV.fetch('API_KEY')"),
        ("a.go", "os.Getenv(\"API_KEY\")"), ("a.go", "os.LookupEnv(`API_KEY`)"), ("a.rs", "std::env::var(\"API_KEY\")"),
        ("a.rs", "env!(\"API_KEY\")"), ("A.java", "System.getenv(\"API_KEY\")"),
        ("A.cs", "Environment.GetEnvironmentVariable(\"API_KEY\")"), ("a.php", "$_ENV['API_KEY']"),
        ("a.php", "getenv('API_KEY')"),
        ("a.swift", "ProcessInfo.processInfo.environment[\"API_KEY\"]"), ("docker-compose.yml", "KEY: ${API_KEY}"),
        ("compose.yml", "KEY: ${API_KEY:-none}"),
    ])
    func `variables are found by the words around their names`(path: String, text: String) {
        #expect(
            survey([path: "\n\n" + text + "\n"]).variables == [.init(name: "API_KEY", count: 1, path: path, line: 3)])
    }

    @Test(arguments: [
        ("a.js", "process.env.apiKey"), ("a.js", "process.env.Path"), ("a.js", "process.env[name]"),
        ("a.js", "`${API_KEY}`"),
        ("a.py", "setenv('API_KEY')"), ("a.py", "os.environ['API_KEY"), ("a.py", "getenv("), ("a.rb", "ENV["),
        ("a.go", "Getenv(\"1KEY\")"), ("README.md", "process.env.API_KEY"),
        ("node_modules/x/a.js", "process.env.API_KEY"),
        ("a.js", "process.env." + String(repeating: "A", count: 5_000)),
    ])
    func `what only looks like one is none`(path: String, text: String) {
        #expect(survey([path: text]).variables.isEmpty)
    }

    @Test func `variables are counted over all files, and listed by name`() {
        let found = survey([
            "b.py": "getenv('B_KEY')\ngetenv('A_KEY')", "a.js": "\nprocess.env.B_KEY + process.env.B_KEY",
        ])
        #expect(
            found.variables == [
                .init(name: "A_KEY", count: 1, path: "b.py", line: 2),
                .init(name: "B_KEY", count: 3, path: "a.js", line: 2),
            ])
        #expect(found.fileCount == 2 && found.leftOutCount == 0)
    }

    @Test func `what is too much is left out, and counted`() {
        var surveyor = Surveyor()
        surveyor.largestFile = 100
        surveyor.mostFiles = 2
        let files = ["a.js": 101, "b.js": 10, "c.js": 10, "d.js": 10]
        let found = surveyor.survey(Array(files.keys)) { path, limit in
            files[path].flatMap { $0 <= limit ? [UInt8](repeating: 0x20, count: $0) : nil }
        }
        #expect(found.fileCount == 2 && found.leftOutCount == 2)
    }

    @Test func `any bytes are gone through`() {
        var state: UInt64 = 7
        let pieces = ["process.env.", "getenv('", "env(", "ENV[\"", "${", "A", "_", "\"", "'", "\n", "environ.get("]
        for _ in 0..<300 {
            var bytes: [UInt8] = []
            for _ in 0..<40 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let number = Int(state >> 33)
                if number.isMultiple(of: 3) {
                    bytes.append(UInt8(truncatingIfNeeded: number >> 3))
                } else {
                    bytes += Array(pieces[number % pieces.count].utf8)
                }
            }
            let found = Surveyor().survey(["docker-compose.yml"]) { _, _ in bytes }
            #expect(
                found.variables.allSatisfy { $0.name.utf8.allSatisfy { (0x30...0x5F).contains($0) } && $0.line >= 1 })
        }
    }
}
