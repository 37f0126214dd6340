// Which file names are dotenv files, and which are templates of them.

/// What a file is, by its name alone.
package enum DotenvFileKind: Sendable, Hashable {
    /// Holds real values: `.env`, `.env.production`, `prod.env`, `.envrc`, `.flaskenv`, `.dev.vars`.
    case dotenv
    /// Meant to be committed, with stand-ins for values: `.env.example`, `sample.env`, `.env.dist`.
    case template

    /// Names of real files are shorter; a longer one is none of these.
    private static let longestName = 100

    /// What the last component of `path` says; nil for all other files.
    package init?(path: String) {
        let bytes = Array(path.utf8)
        let name = bytes.lastIndex(of: UInt8(ascii: "/")).map { bytes[($0 + 1)...] } ?? bytes[...]
        self.init(fileName: Array(name))
    }

    package init?(fileName: [UInt8]) {
        guard let kind = fileName.withUnsafeBytes({ Self(fileName: $0) }) else { return nil }
        self = kind
    }

    /// The same without a copy. A scan asks this of every new name in every tree, so nearly all are turned away by one
    /// pass over their bytes.
    package init?(fileName name: UnsafeRawBufferPointer) {
        guard name.count >= 4, name.count <= Self.longestName, Self.mayBe(name) else { return nil }
        guard let kind = Self.kind(of: String(decoding: name, as: UTF8.self).lowercased()) else { return nil }
        self = kind
    }

    /// Whether `env` or `.vars` is in the name, in any case, and goes on with no letter but the `rc` of `.envrc`: so
    /// `environment.ts` needs no closer look.
    @inline(__always)
    private static func mayBe(_ name: UnsafeRawBufferPointer) -> Bool {
        for index in 0..<(name.count - 2) where name[index + 2] | 0x20 == UInt8(ascii: "v") {
            if name[index] | 0x20 == UInt8(ascii: "e"), name[index + 1] | 0x20 == UInt8(ascii: "n") {
                guard index + 3 < name.count else { return true }
                let next = name[index + 3]
                if !Byte.isLetter(next) || next | 0x20 == UInt8(ascii: "r") { return true }
            } else if name[index + 1] == UInt8(ascii: "."), index + 5 < name.count,
                name[index + 3] | 0x20 == UInt8(ascii: "a"), name[index + 4] | 0x20 == UInt8(ascii: "r"),
                name[index + 5] | 0x20 == UInt8(ascii: "s")
            {
                return true
            }
        }
        return false
    }
}

extension DotenvFileKind {
    private static let wholeNames: Set<String> = [".env", ".envrc", ".flaskenv", ".dev.vars", ".dotenv"]
    private static let templateWords: Set<String> = [
        "example", "examples", "sample", "samples", "template", "templates", "tpl", "tmpl", "dist", "default",
        "defaults",
        "schema", "skeleton", "j2", "erb", "jinja", "mustache", "in",
    ]
    /// What says of `env.X`, without a dot in front, that it is an environment: `env.local`.
    private static let environmentWords: Set<String> = [
        "local", "dev", "development", "prod", "production", "stage", "staging", "test", "testing", "qa", "uat", "ci",
        "docker", "bak", "backup", "old", "orig",
    ]
    /// Endings of code and documents about environments, and of encrypted files.
    private static let otherEndings: Set<String> = [
        "ts", "tsx", "js", "jsx", "mjs", "cjs", "mts", "cts", "py", "pyi", "rb", "go", "rs", "java", "kt", "php", "cs",
        "c", "h",
        "cpp", "swift", "dart", "lua", "ex", "exs", "md", "mdx", "rst", "adoc", "html", "css", "json", "jsonc", "json5",
        "yaml", "yml", "toml", "xml", "lock", "png", "svg", "jpg", "gif", "zip", "gz", "tar", "gpg", "asc", "age",
        "enc",
        "vault", "sops", "sealed", "swp", "map", "vue", "svelte", "snap", "sql", "encrypted", "pgp", "pdf", "htm",
        "markdown",
        "csv", "scss", "less", "graphql", "proto", "scala", "kts", "hpp", "cc", "mm", "pl", "r", "fish", "ps1", "bat",
        "cmd",
        "ini", "conf", "cfg", "properties", "plist", "tgz", "bz2", "xz", "7z", "rar", "gemspec", "jpeg", "ico",
    ]

    private static func kind(of name: String) -> DotenvFileKind? {
        if wholeNames.contains(name) { return .dotenv }
        guard let (stem, rest) = split(name) else { return nil }
        // The last ending tells what the file is: `.env.d.ts` is code, and `.env.bak` is a copy.
        if let ending = rest.last, otherEndings.contains(ending) { return nil }
        return (stem + rest).contains(where: { templateWords.contains($0) }) ? .template : .dotenv
    }

    /// The words before and after `.env` (or its relatives) in the name; nil where there is none.
    private static func split(_ name: String) -> (stem: [String], rest: [String])? {
        func words(_ text: Substring) -> [String] {
            text.split(whereSeparator: { "._-~ ".contains($0) }).map(String.init)
        }
        for start in [".env", ".flaskenv", ".envrc", ".dotenv", ".dev.vars"] where name.hasPrefix(start) {
            let rest = name.dropFirst(start.count)
            // `.environment` and `.envoy` go on with a letter.
            guard let next = rest.first else { return ([], []) }
            if "._-~ ".contains(next) { return ([], words(rest)) }
        }
        if name.hasSuffix(".env") { return (words(name.dropLast(4)), []) }
        // `app.env.production`
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        if let place = parts.dropLast().lastIndex(of: "env"), place > 0 {
            return (
                words(parts[..<place].joined(separator: ".")[...]),
                words(parts[(place + 1)...].joined(separator: ".")[...])
            )
        }
        // `env.local` and `dotenv.example`, but not `env.mk` nor a library's `dotenv`.
        if let first = parts.first, first == "env" || first == "dotenv", parts.count > 1 {
            let rest = words(name.dropFirst(first.count + 1))
            if rest.contains(where: { templateWords.contains($0) || environmentWords.contains($0) }) {
                return ([], rest)
            }
        }
        return nil
    }
}
