// Which files give a language, a framework or a deployment away.

/// What file names and words in files tell.
enum TechnologyMarks {
    /// The language of a manifest, by its name in lower case.
    static func language(of name: String) -> String? {
        if let language = manifests[name] { return language }
        if name.hasSuffix(".csproj") || name.hasSuffix(".fsproj") { return ".NET" }
        if name.hasPrefix("requirements"), name.hasSuffix(".txt") { return "Python" }
        return nil
    }

    private static let manifests = [
        "package.json": "Node.js", "deno.json": "Deno", "pyproject.toml": "Python", "setup.py": "Python",
        "pipfile": "Python", "go.mod": "Go", "gemfile": "Ruby", "package.swift": "Swift", "cargo.toml": "Rust",
        "pom.xml": "Java", "build.gradle": "Java", "build.gradle.kts": "Kotlin", "composer.json": "PHP",
        "mix.exs": "Elixir",
    ]

    /// Frameworks of a language, each with words of which one stands in its manifest.
    static let frameworks: [String: [(name: String, marks: [String])]] = [
        "Node.js": [
            ("Next.js", ["\"next\""]), ("Nuxt", ["\"nuxt\""]), ("NestJS", ["\"@nestjs/core\""]),
            ("Express", ["\"express\""]), ("Fastify", ["\"fastify\""]), ("Remix", ["\"@remix-run/node\""]),
            ("SvelteKit", ["\"@sveltejs/kit\""]), ("React", ["\"react-scripts\""]), ("Vite", ["\"vite\""]),
        ],
        "Python": [
            ("Django", ["django"]), ("Flask", ["flask"]), ("FastAPI", ["fastapi"]), ("Celery", ["celery"]),
        ],
        "Go": [("Gin", ["gin-gonic/gin"]), ("Echo", ["labstack/echo"]), ("Fiber", ["gofiber/fiber"])],
        "Ruby": [("Rails", ["'rails'", "\"rails\""]), ("Sinatra", ["'sinatra'", "\"sinatra\""])],
        "Swift": [("Vapor", ["vapor/vapor"]), ("Hummingbird", ["hummingbird-project/hummingbird"])],
        "Rust": [("Actix Web", ["actix-web"]), ("Axum", ["axum"]), ("Rocket", ["rocket"])],
        "Java": [("Spring Boot", ["spring-boot"]), ("Quarkus", ["quarkus"])],
        "Kotlin": [("Spring Boot", ["spring-boot"]), ("Ktor", ["ktor"])],
        "PHP": [("Laravel", ["laravel/framework"]), ("Symfony", ["symfony/framework-bundle"])],
        ".NET": [("ASP.NET Core", ["microsoft.net.sdk.web"])],
        "Elixir": [("Phoenix", [":phoenix"])],
    ]

    /// What the file says of how the software is run.
    ///
    /// - Parameter name: of the file, in lower case.
    static func deployment(
        of name: String, path: String, content: Span<UInt8>
    ) -> RepositorySurvey.Deployment.Kind? {
        let isYAML = name.hasSuffix(".yml") || name.hasSuffix(".yaml")
        if name == "dockerfile" || name.hasPrefix("dockerfile.") || name.hasSuffix(".dockerfile") { return .dockerfile }
        if name.hasSuffix(".tf") { return .terraform }
        if name.hasSuffix(".service"), content.holds("[service]") { return .systemd }
        if name.hasSuffix(".json") {
            return content.holds("\"containerdefinitions\"") ? .ecs : nil
        }
        guard isYAML else { return nil }
        if name.hasPrefix("docker-compose") || name.hasPrefix("compose.") || name.hasPrefix("compose-") {
            return .compose
        }
        if name.hasPrefix("serverless") { return .serverless }
        if name.hasPrefix("values"), isInChart(path) { return .helm }
        // A chart's templates are filled in by its values.
        if content.holds("apiversion:"), content.holds("kind:"), content.holds("containers:") { return .kubernetes }
        return nil
    }

    private static func isInChart(_ path: String) -> Bool {
        let folders = path.lowercased().split(separator: "/").dropLast()
        return folders.contains { $0.contains("chart") || $0.contains("helm") }
    }
}

extension Span<UInt8> {
    /// Whether the text stands in it, in any case.
    ///
    /// - Parameter text: ASCII in lower case.
    func holds(_ text: String) -> Bool {
        let wanted = Array(text.utf8)
        guard count >= wanted.count, let first = wanted.first else { return false }
        for start in 0...(count - wanted.count) where lowered(start) == first {
            var length = 1
            while length < wanted.count, lowered(start + length) == wanted[length] { length += 1 }
            if length == wanted.count { return true }
        }
        return false
    }

    private func lowered(_ index: Int) -> UInt8 {
        let byte = self[index]
        return (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
    }
}
