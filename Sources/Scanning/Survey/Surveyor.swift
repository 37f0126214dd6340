// Looks at a repository's files, within limits.

/// Makes a survey from a list of paths and whatever reads them.
package struct Surveyor: Sendable {
    /// Larger files are no code that a person wrote.
    package var largestFile = 512 << 10
    /// In bytes, all files together.
    package var mostBytes = 128 << 20
    package var mostFiles = 50_000

    package init() {}

    /// - Parameters:
    ///   - paths: of files, from the root on.
    ///   - read: the bytes of a file, at most so many; nil when it is larger, or is not to be read.
    package func survey(
        _ paths: [String], read: (_ path: String, _ limit: Int) -> [UInt8]?
    ) -> RepositorySurvey {
        var survey = RepositorySurvey()
        var technologies: [String: String] = [:]
        var frameworks: [String: String] = [:]
        var variables: [String: RepositorySurvey.Variable] = [:]
        var byteCount = 0
        for path in paths.sorted() where Self.isOfInterest(path) {
            guard survey.fileCount < mostFiles, byteCount < mostBytes, let bytes = read(path, largestFile) else {
                survey.leftOutCount += 1
                continue
            }
            survey.fileCount += 1
            byteCount += bytes.count
            let name = Self.name(of: path)
            let content = bytes.span
            if let language = TechnologyMarks.language(of: name) {
                technologies[language] = technologies[language] ?? path
                for framework in TechnologyMarks.frameworks[language] ?? []
                where frameworks[framework.name] == nil && framework.marks.contains(where: { content.holds($0) }) {
                    frameworks[framework.name] = path
                }
            }
            let deployment = TechnologyMarks.deployment(of: name, path: path, content: content)
            if let deployment { survey.deployments.append(.init(kind: deployment, path: path)) }
            // In a chart or in Terraform `${…}` is an expression of its own.
            let hasSubstitutions = deployment == .compose || deployment == .serverless
            VariableReferences.find(in: content, hasSubstitutions: hasSubstitutions) { name, line in
                variables[name, default: .init(name: name, count: 0, path: path, line: line)].count += 1
            }
        }
        func listed(_ found: [String: String]) -> [RepositorySurvey.Technology] {
            found.sorted { $0.key < $1.key }.map { .init(name: $0.key, path: $0.value) }
        }
        survey.technologies = listed(technologies) + listed(frameworks)
        survey.variables = variables.values.sorted { $0.name < $1.name }
        return survey
    }

    /// Whether the file may be code, a manifest or a deployment.
    static func isOfInterest(_ path: String) -> Bool {
        if PathKind.isGenerated(path) { return false }
        let name = name(of: path)
        if TechnologyMarks.language(of: name) != nil || name.hasPrefix("dockerfile") { return true }
        guard let dot = name.lastIndex(of: ".") else { return false }
        return endings.contains(String(name[name.index(after: dot)...]))
    }

    private static let endings: Set<String> = [
        "js", "jsx", "mjs", "cjs", "ts", "tsx", "mts", "cts", "vue", "svelte", "py", "rb", "go", "rs", "java", "kt",
        "kts", "scala", "groovy", "gradle", "php", "cs", "fs", "swift", "c", "cc", "cpp", "h", "ex", "exs", "dart",
        "lua", "pl", "sh", "yml", "yaml", "json", "tf", "service", "dockerfile",
    ]

    private static func name(of path: String) -> String {
        (path.split(separator: "/").last.map(String.init) ?? path).lowercased()
    }
}
