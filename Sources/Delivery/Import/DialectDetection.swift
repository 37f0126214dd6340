// Who reads a dotenv file, told from the files beside it.

package import Dotenv

extension Dialect {
    /// The dialects whose programs have left these files in the folder, in the order of `allCases`. None tells nothing;
    /// several all read the file.
    package static func detected(beside names: some Sequence<String>) -> [Dialect] {
        var found: Set<Dialect> = []
        for name in names {
            if let dialect = owner(of: name) { found.insert(dialect) }
        }
        return allCases.filter(found.contains)
    }

    private static func owner(of name: String) -> Dialect? {
        switch name {
        case "package.json", "package-lock.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb": .node
        case "pyproject.toml", "setup.py", "setup.cfg", "Pipfile", "Pipfile.lock", "poetry.lock", "uv.lock",
            "manage.py":
            .python
        case "compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml": .compose
        case _ where name.hasPrefix("requirements") && name.hasSuffix(".txt"): .python
        // Overrides: `compose.override.yaml`, `docker-compose.prod.yml`.
        case _
        where (name.hasPrefix("compose.") || name.hasPrefix("docker-compose."))
            && (name.hasSuffix(".yaml") || name.hasSuffix(".yml")):
            .compose
        default: nil
        }
    }
}
