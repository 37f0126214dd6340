// swift-tools-version: 6.2
// `migrate`: from committed `.env` files to AWS Secrets Manager, with proof.
// Targets are floors: each may import only those listed below it (see CONTRIBUTING.md).

import PackageDescription

let package = Package(
    name: "migrate",
    platforms: [.macOS(.v26)],
    products: [
        .executable(name: "migrate", targets: ["migrate"])
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
    ],
    targets: [
        .executableTarget(
            name: "migrate",
            dependencies: [
                "Reporting", "Scanning", "Detection", "Dotenv", "Files", "Git", "Secrets",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),
        .target(name: "Reporting", dependencies: ["Scanning", "Detection", "Dotenv", "Git", "Secrets"]),
        .target(
            name: "Scanning",
            dependencies: [
                "Detection", "Dotenv", "Files", "Git", "Secrets",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Yams", package: "Yams"),
            ]
        ),
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
            dependencies: ["Detection", "Dotenv"],
            path: "Benchmarks/Micro"
        ),

        .testTarget(name: "SecretsTests", dependencies: ["Secrets"]),
        .testTarget(name: "FilesTests", dependencies: ["Files"]),
        .testTarget(name: "DotenvTests", dependencies: ["Dotenv"]),
        .testTarget(name: "DetectionTests", dependencies: ["Detection", "Dotenv", "Files", "Secrets"]),
        .testTarget(name: "GitTests", dependencies: ["Git", "Files"]),
        .testTarget(name: "ScanningTests", dependencies: ["Scanning", "Detection", "Dotenv", "Git", "Secrets"]),
        .testTarget(
            name: "ReportingTests", dependencies: ["Reporting", "Scanning", "Detection", "Dotenv", "Git", "Secrets"]),
        // End to end: runs the built binary against real repositories.
        .testTarget(name: "CommandTests", dependencies: ["migrate"], exclude: ["Snapshots"]),
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
