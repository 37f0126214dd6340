// swift-tools-version: 6.2
// `migrate`: from committed `.env` files to AWS Secrets Manager, with proof.
// Targets are floors: each may import only those listed below it (see CONTRIBUTING.md).

import PackageDescription

let package = Package(
    name: "migrate",
    platforms: [.macOS(.v26)],
    products: [
        .executable(name: "migrate", targets: ["migrate"]),
        // For server-side applications: cached reads from a secret store.
        .library(name: "SecretsManager", targets: ["SecretsManager"]),
    ],
    dependencies: [
        // The command line: parsing, help, completions.
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        // SHA-256, HMAC and key derivation for fingerprints.
        .package(url: "https://github.com/apple/swift-crypto", from: "4.0.0"),
        // File descriptors and error numbers.
        .package(url: "https://github.com/apple/swift-system", from: "1.6.0"),
        // `.migrate/config.yml`.
        .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
        // HTTP and TLS, with proxies and connection pools.
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.30.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.80.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.30.0"),
        // `credential_process`.
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.0"),
        // What the library says to its application's log.
        .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
    ],
    targets: [
        .executableTarget(
            name: "migrate",
            dependencies: [
                "Reporting", "Gate", "Steps", "Checklist", "Delivery", "Scanning", "Stores", "AWS", "SendGrid", "HTTP",
                "JSON",
                "Settings", "Detection", "Dotenv", "Files", "Git", "Secrets", "World",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),
        .target(
            name: "Reporting",
            dependencies: [
                "Gate", "Checklist", "Scanning", "Stores", "AWS", "JSON", "Detection", "Dotenv", "Git", "Secrets",
                "World",
            ]),
        // What keeps the door shut: the check of what is staged, git's hooks, pipelines and what they add.
        .target(
            name: "Gate",
            dependencies: [
                "Scanning", "Settings", "JSON", "Detection", "Dotenv", "Files", "Git", "Secrets", "World",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "Yams", package: "Yams"),
            ]
        ),
        // The kinds of steps; they join everything below.
        .target(
            name: "Steps",
            dependencies: [
                "Gate", "Checklist", "Delivery", "Scanning", "Stores", "AWS", "SendGrid", "HTTP", "JSON", "Settings",
                "Detection", "Dotenv", "Files", "Git", "Secrets", "World",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]
        ),
        // Checklist files, the state machine, the journal, the runner.
        .target(
            name: "Checklist",
            dependencies: [
                "Settings", "JSON", "Files", "Secrets", "World",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "Yams", package: "Yams"),
            ]
        ),
        // Cached reads for applications.
        .target(
            name: "SecretsManager",
            dependencies: [
                "Stores", "AWS", "HTTP", "JSON", "Secrets", "World",
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .executableTarget(name: "Greeter", dependencies: ["SecretsManager"], path: "Examples/Greeter"),
        // Values on their way from a store to who consumes them: a child's environment, files, references.
        .target(name: "Delivery", dependencies: ["Stores", "JSON", "Dotenv", "Secrets"]),
        // Secret stores behind one protocol: AWS Secrets Manager, the local vault; plans and merges.
        .target(
            name: "Stores",
            dependencies: [
                "AWS", "HTTP", "JSON", "Files", "Secrets", "World",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]
        ),
        // SendGrid's API of keys.
        .target(name: "SendGrid", dependencies: ["HTTP", "JSON", "Secrets", "World"]),
        // Clients: signer, credential chain, retries.
        .target(
            name: "AWS",
            dependencies: [
                "HTTP", "JSON", "Files", "Secrets", "World",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]
        ),
        // Requests, and the door through which they go: TLS, proxies, plain http to this machine only.
        .target(
            name: "HTTP",
            dependencies: [
                "Files", "Secrets",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]
        ),
        .target(
            name: "Scanning",
            dependencies: [
                "Settings", "JSON", "Detection", "Dotenv", "Files", "Git", "Secrets", "World",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Yams", package: "Yams"),
            ]
        ),
        // `.migrate/config.yml`.
        .target(name: "Settings", dependencies: ["Detection", "Files", .product(name: "Yams", package: "Yams")]),
        .target(
            name: "Detection",
            dependencies: [
                "Dotenv", "Files", "Secrets", "CVectorscan",
                .product(name: "Crypto", package: "swift-crypto"),
            ]
        ),
        .target(name: "Dotenv"),
        .target(name: "Git", dependencies: ["CLibgit2", "Files"]),
        // Whole files: bounded reads, atomic writes.
        .target(name: "Files", dependencies: [.product(name: "SystemPackage", package: "swift-system")]),
        // JSON by position: values that are secret stay in wiped memory, untouched text stays untouched.
        .target(name: "JSON", dependencies: ["Secrets"]),
        // Clock, randomness and environment as values.
        .target(name: "World"),
        // A secret value that cannot be copied, compared, encoded or printed.
        .target(name: "Secrets"),
        .systemLibrary(
            name: "CLibgit2", pkgConfig: "libgit2",
            providers: [.apt(["libgit2-dev"]), .brew(["libgit2"])]
        ),
        .systemLibrary(
            name: "CVectorscan", pkgConfig: "libhs",
            providers: [.apt(["libvectorscan-dev"]), .brew(["vectorscan"])]
        ),
        .executableTarget(
            name: "migrate-bench",
            dependencies: ["SecretsManager", "Stores", "Detection", "Dotenv", "Secrets", "World"],
            path: "Benchmarks/Micro"
        ),

        // Real HTTP servers for the tests: moto, and a double that injects the faults moto lacks.
        .target(
            name: "TestServers",
            dependencies: [
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            path: "Tests/TestServers"
        ),
        // Real repositories for the tests, made by the real git.
        .target(name: "TestRepositories", dependencies: ["CLibgit2"], path: "Tests/TestRepositories"),
        .testTarget(name: "TestServersTests", dependencies: ["TestServers"]),
        .testTarget(name: "SecretsTests", dependencies: ["Secrets"]),
        .testTarget(name: "WorldTests", dependencies: ["World"]),
        .testTarget(name: "JSONTests", dependencies: ["JSON", "Secrets"]),
        .testTarget(
            name: "AWSTests",
            dependencies: [
                "AWS", "HTTP", "JSON", "Files", "Secrets", "World", "TestServers",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            resources: [.copy("Vectors")]
        ),
        .testTarget(
            name: "StoresTests",
            dependencies: ["Stores", "AWS", "HTTP", "JSON", "Files", "Secrets", "World", "TestServers"]),
        .testTarget(
            name: "SecretsManagerTests",
            dependencies: [
                "SecretsManager", "Stores", "AWS", "HTTP", "JSON", "Secrets", "World", "TestServers",
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .testTarget(
            name: "DeliveryTests", dependencies: ["Delivery", "Stores", "JSON", "Dotenv", "Secrets", "TestServers"]),
        .testTarget(name: "SettingsTests", dependencies: ["Settings", "Detection"]),
        .testTarget(name: "FilesTests", dependencies: ["Files"]),
        .testTarget(name: "DotenvTests", dependencies: ["Dotenv"]),
        .testTarget(name: "DetectionTests", dependencies: ["Detection", "Dotenv", "Files", "Secrets"]),
        .testTarget(name: "GitTests", dependencies: ["Git", "CLibgit2", "Files"]),
        .testTarget(
            name: "ScanningTests",
            dependencies: [
                "Scanning", "Settings", "Detection", "Dotenv", "Git", "CLibgit2", "Secrets", "World",
                "TestRepositories",
            ]),
        .testTarget(
            name: "GateTests",
            dependencies: [
                "Gate", "Scanning", "Settings", "JSON", "Detection", "Dotenv", "Files", "Git", "Secrets", "World",
                "TestRepositories",
            ]),
        .testTarget(
            name: "ChecklistTests", dependencies: ["Checklist", "Settings", "JSON", "Files", "Secrets", "World"]),
        .testTarget(
            name: "SendGridTests", dependencies: ["SendGrid", "HTTP", "JSON", "Secrets", "World", "TestServers"]),
        .testTarget(
            name: "StepsTests",
            dependencies: [
                "Steps", "Checklist", "Scanning", "Stores", "AWS", "SendGrid", "HTTP", "JSON", "Settings", "Detection",
                "Dotenv", "Files", "Git", "CLibgit2", "Secrets", "World", "TestServers",
            ]
        ),
        .testTarget(
            name: "ReportingTests",
            dependencies: [
                "Reporting", "Gate", "Checklist", "Scanning", "Stores", "AWS", "Detection", "Dotenv", "Git", "Secrets",
                "World",
            ]),
        // End to end: runs the built binary against real repositories.
        .testTarget(
            name: "CommandTests", dependencies: ["migrate", "TestServers", "TestRepositories"], exclude: ["Snapshots"]),
    ],
    swiftLanguageModes: [.v6]
)

for target in package.targets where target.type != .system {
    target.swiftSettings =
        (target.swiftSettings ?? []) + [
            .enableUpcomingFeature("ExistentialAny"),
            .enableUpcomingFeature("InternalImportsByDefault"),
            .enableUpcomingFeature("MemberImportVisibility"),
            .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        ]
}
