// What a path says about how its text came to be.

/// Kinds of files in which a name and a random-looking text mean little: what is left out there is counted.
enum PathKind {
    private static let lockFiles: Set<String> = [
        "package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "composer.lock",
        "cargo.lock",
        "gemfile.lock", "poetry.lock", "pipfile.lock", "uv.lock", "pdm.lock", "go.sum", "go.work.sum",
        "packages.lock.json",
        "package.resolved", "podfile.lock", "mix.lock", "flake.lock", "pubspec.lock", "gradle.lockfile", "deno.lock",
        "module.bazel.lock", ".terraform.lock.hcl",
    ]
    private static let vendorFolders: Set<String> = [
        "node_modules", "bower_components", "vendor", "third_party", "third-party", "site-packages", ".venv", "venv",
    ]
    private static let generatedEndings = [
        ".min.js", ".min.css", ".map", ".svg", ".ipynb", ".pb.go", "_pb2.py", ".snap", ".po", ".pot", ".xliff", ".lock",
    ]

    /// Whether the file is written by a tool or by somebody else: lock files, vendored folders, minified text. Only the
    /// rules of vendors' own formats count there.
    static func isGenerated(_ path: String) -> Bool {
        let parts = path.lowercased().split(separator: "/")
        guard let name = parts.last.map(String.init) else { return false }
        if lockFiles.contains(name) || generatedEndings.contains(where: { name.hasSuffix($0) }) { return true }
        return parts.dropLast().contains { vendorFolders.contains(String($0)) }
    }
}
