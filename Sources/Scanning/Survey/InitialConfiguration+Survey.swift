// From what was found in a repository to its first settings.

import Detection
package import Settings

extension InitialConfiguration {
    /// Fills in what a survey and a scan tell. Nothing in it is a value.
    package mutating func take(_ survey: RepositorySurvey, _ report: ScanReport) {
        let files = report.dotenvFiles.filter { !$0.isTemplate && $0.standing != .history }
        dotenvFiles = Self.sources(among: files)
        leftOutFiles = files.map(\.path).filter { !dotenvFiles.contains($0) }
        developmentFile = Self.developmentFile(among: files)

        let secrets = Self.keys(of: report) { $0 == .secret || $0 == .connectionString }
        let read = Set(survey.variables.map(\.name))
        requiredKeys = secrets.filter(read.contains)
        generatedKeys = secrets.filter(Self.isSigningKey)
        testCommand = Self.testCommand(survey.technologies)
        places = Self.places(survey.deployments, files)
        findings = Self.summary(survey, report)
    }

    /// Keys of dotenv files that have a value of such a class, in the order of the files.
    static func keys(of report: ScanReport, where isWanted: (ValueClass) -> Bool) -> [String] {
        var keys: [String] = []
        for file in report.dotenvFiles where !file.isTemplate {
            for entry in file.entries where isWanted(entry.valueClass) && !keys.contains(entry.key) {
                if Self.isKey(entry.key) { keys.append(entry.key) }
            }
        }
        return keys
    }

    /// A line of a broken file may pass for a key, and be a piece of a secret.
    private static func isKey(_ text: String) -> Bool {
        text.utf8.count <= 100
            && text.utf8.allSatisfy { (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
    }

    /// The files with secrets for production, the most fitting first; those of developers and tests only where there
    /// are no others.
    private static func sources(among files: [DotenvFileReport]) -> [String] {
        let holding = files.filter { file in
            file.entries.contains { $0.valueClass == .secret || $0.valueClass == .connectionString }
        }
        let ranked = holding.map { (path: $0.path, rank: Environment(path: $0.path).rank) }
        let production = ranked.filter { $0.rank < Environment.other.rank }
        return (production.isEmpty ? ranked : production).sorted { ($0.rank, $0.path) < ($1.rank, $1.path) }.map(\.path)
    }

    /// Which environment a file's name speaks of.
    private enum Environment {
        case production, any, other

        init(path: String) {
            let name = (path.split(separator: "/").last.map(String.init) ?? path).lowercased()
            let words = name.split { !$0.isLetter }.map(String.init)
            if words.contains(where: { $0.hasPrefix("prod") || $0 == "live" }) {
                self = .production
            } else if words.contains(where: {
                ["dev", "development", "test", "testing", "ci", "staging", "stage", "qa", "local", "bak", "old"]
                    .contains($0)
            }) {
                self = .other
            } else {
                self = .any
            }
        }

        var rank: Int {
            switch self {
            case .production: 0
            case .any: 1
            case .other: 2
            }
        }
    }

    private static func developmentFile(among files: [DotenvFileReport]) -> String? {
        for name in [".env.development", ".env.dev", ".env.local", ".env"] {
            if let file = files.first(where: { $0.path == name || $0.path.hasSuffix("/" + name) }) { return file.path }
        }
        return nil
    }

    /// Keys that only sign what their own application reads: a new value logs people out, and no more.
    private static func isSigningKey(_ key: String) -> Bool {
        key.contains("JWT") || key.hasPrefix("SESSION_") || key.hasPrefix("COOKIE_")
            || ["SECRET_KEY", "SECRET_KEY_BASE", "APP_SECRET", "APP_KEY", "DJANGO_SECRET_KEY", "NEXTAUTH_SECRET"]
                .contains(key)
    }

    private static func testCommand(_ technologies: [RepositorySurvey.Technology]) -> [String]? {
        let commands: [String: [String]] = [
            "Node.js": ["npm", "test"], "Python": ["python", "-m", "pytest"], "Go": ["go", "test", "./..."],
            "Ruby": ["bundle", "exec", "rake", "test"], "Rust": ["cargo", "test"], "Swift": ["swift", "test"],
            "Java": ["mvn", "test"], "Kotlin": ["./gradlew", "test"], "PHP": ["composer", "test"],
            ".NET": ["dotnet", "test"], "Elixir": ["mix", "test"], "Deno": ["deno", "test"],
        ]
        // The manifest at the root says more than one in a folder.
        let known = technologies.filter { commands[$0.name] != nil }
        let first = known.first { !$0.path.contains("/") } ?? known.first
        return first.flatMap { commands[$0.name] }
    }

    private static func places(
        _ deployments: [RepositorySurvey.Deployment], _ files: [DotenvFileReport]
    ) -> [String] {
        let kinds: Set<RepositorySurvey.Deployment.Kind> = [.compose, .ecs, .helm, .systemd]
        let deployed = deployments.filter { kinds.contains($0.kind) }.map(\.path)
        return files.map(\.path).filter { Environment(path: $0).rank == 0 } + deployed
    }

    private static func summary(_ survey: RepositorySurvey, _ report: ScanReport) -> [String] {
        var lines = survey.technologies.map { "\($0.name) (\($0.path))" }
        lines += survey.deployments.prefix(10).map { "\($0.kind.rawValue) (\($0.path))" }
        for file in report.dotenvFiles.filter({ !$0.isTemplate }).prefix(20) {
            lines.append("\(file.path): \(file.standing.words)")
        }
        let count = report.findings.count
        lines.append(count == 1 ? "1 leaked value: migrate scan" : "\(count) leaked values: migrate scan")
        return lines
    }
}

extension DotenvFileReport.Standing {
    /// Of a file, in a few words.
    package var words: String {
        switch self {
        case .tracked: "tracked by git"
        case .history: "in history only"
        case .untracked: "neither tracked nor ignored"
        case .ignored: "ignored by git"
        }
    }
}
