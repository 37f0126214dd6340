// Registries that packages and images are published to.

extension Rule {
    static let packageRegistries: [Rule] = [
        .token(
            "npm-access-token", "npm access token", by: "npm", .critical,
            form: ["npm_", .alphanumeric(36)], minimumEntropy: 3, check: TokenChecksum.gitHub,
            sample: { Fake.npm(seed: $0) },
            revoke: "npm token revoke TOKEN", documentation: "https://docs.npmjs.com/about-access-tokens"),
        .assigned(
            "npm-legacy-token", "npm access token (legacy)", by: "npm", .critical, names: ["_authtoken"],
            shape: Shape(ByteClass("-", ranges: "0"..."9", "a"..."f"), 36), sample: { Fake.uuid(seed: $0 &* 100) },
            revoke: "npm token revoke TOKEN", documentation: "https://docs.npmjs.com/about-access-tokens"),
        .token(
            "pypi-api-token", "PyPI API token", by: "PyPI", .critical,
            form: ["pypi-AgEIcHlwaS5vcmc", .open(.base64URL, from: 50)], minimumEntropy: 3.5,
            check: TokenStructure.pyPI, sample: { Fake.pyPI(seed: $0) },
            revoke: "https://pypi.org/manage/account/token/", documentation: "https://pypi.org/help/#apitoken",
            boundsLength: false),
        .token(
            "test-pypi-api-token", "TestPyPI API token", by: "PyPI", .medium,
            form: ["pypi-AgENdGVzdC5weXBpLm9yZw", .open(.base64URL, from: 50)], minimumEntropy: 3.5,
            check: TokenStructure.pyPI, sample: { Fake.pyPI(location: "test.pypi.org", seed: $0) },
            revoke: "https://test.pypi.org/manage/account/token/",
            documentation: "https://test.pypi.org/help/#apitoken",
            boundsLength: false),
        .token(
            "rubygems-api-key", "RubyGems API key", by: "RubyGems", .critical,
            form: ["rubygems_", .lowerHex(48)],
            revoke: "https://rubygems.org/profile/api_keys",
            documentation: "https://guides.rubygems.org/api-key-scopes/"),
        // The prefix `cio` is part of too many words to look for by itself.
        .assigned(
            "crates-io-api-token", "crates.io API token", by: "crates.io", .critical,
            names: ["cargo_registry_token", "crates_io_token", "cargo_token"], shape: Shape(.alphanumeric, 35),
            minimumEntropy: 3.5, sample: { "cio" + Fake.alphanumeric(32, seed: $0) },
            revoke: "https://crates.io/settings/tokens",
            documentation: "https://doc.rust-lang.org/cargo/reference/publishing.html"),
        .token(
            "nuget-api-key", "NuGet API key", by: "NuGet", .critical,
            form: ["oy2", .lowerAlphanumeric(43)], before: .token, minimumEntropy: 3.8,
            revoke: "https://www.nuget.org/account/apikeys",
            documentation: "https://learn.microsoft.com/en-us/nuget/nuget-org/publish-a-package"),
        .token(
            "clojars-deploy-token", "Clojars deploy token", by: "Clojars", .critical,
            form: ["CLOJARS_", .lowerHex(60)],
            revoke: "https://clojars.org/tokens",
            documentation: "https://github.com/clojars/clojars-web/wiki/Deploy-Tokens"),
        .token(
            "docker-personal-access-token", "Docker Hub personal access token", by: "Docker", .high,
            form: ["dckr_pat_", .base64URL(27)],
            revoke: "https://app.docker.com/settings/personal-access-tokens",
            documentation: "https://docs.docker.com/security/access-tokens/"),
        .token(
            "docker-organization-access-token", "Docker organization access token", by: "Docker", .critical,
            form: ["dckr_oat_", .base64URL(27...40)],
            revoke: "https://app.docker.com",
            documentation: "https://docs.docker.com/enterprise/security/access-tokens/"),
        .token(
            "jfrog-api-key", "JFrog API key", by: "JFrog", .high,
            form: ["AKCp", .alphanumeric(69)], before: .alphanumeric, minimumEntropy: 3.5,
            revoke: "Revoke it in the user profile of the JFrog platform.",
            documentation: "https://jfrog.com/help/r/jfrog-platform-administration-documentation/api-key"),
        .token(
            "jfrog-reference-token", "JFrog reference token", by: "JFrog", .high,
            // Base64 of `reftkn:`.
            form: ["cmVmdGtuO", .alphanumeric(55)], before: .alphanumeric, minimumEntropy: 3.5,
            revoke: "Revoke it under Administration, Access Tokens in the JFrog platform.",
            documentation: "https://jfrog.com/help/r/jfrog-platform-administration-documentation/access-tokens"),
    ]
}
