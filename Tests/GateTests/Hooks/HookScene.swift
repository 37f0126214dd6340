// A repository, a program that stands in for the check and writes down what it is asked, and the world around both.

import Foundation
import TestRepositories
import Testing
import World

@testable import Gate

final class HookScene {
    let repository: TemporaryRepository
    /// Its folder has a name that a shell could take for anything.
    let program: String
    let world: World

    init(_ repository: TemporaryRepository? = nil) throws {
        let repository = try repository ?? TemporaryRepository()
        self.repository = repository
        program = repository.folder + "/it's a \"$HOME\" `folder`\nof\\ two lines/migrate"
        var world = World.real()
        // As in `TemporaryRepository`: git's processes have the same home.
        world.environment = [
            "HOME": repository.folder, "PATH": "/usr/bin:/bin", "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": "/dev/null",
        ]
        self.world = world
        try script(
            program,
            """
            { echo "$#"; for word; do echo "$word"; done; } >> '\(repository.folder)/asked'
            case $3 in pre-push) cat >> '\(repository.folder)/asked' ;; esac
            if [ "$2" = run ] && [ -f '\(repository.folder)/refuses' ]; then exit 7; fi
            """)
    }

    /// Writes an executable shell script.
    func script(_ path: String, _ text: String, mode: Int = 0o755) throws {
        try TemporaryRepository.write(path, Array("#!/bin/sh\n\(text)\n".utf8))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    func installation(at place: String? = nil) throws -> HookInstallation {
        try HookInstallation(at: place ?? repository.path, program: program, world: world)
    }

    @discardableResult
    func install(_ kinds: HookKind..., at place: String? = nil) throws -> [HookChange] {
        let installation = try installation(at: place)
        let changes = try (kinds.isEmpty ? [.preCommit] : kinds).map { try installation.installing($0) }
        for change in changes { try installation.apply(change) }
        return changes
    }

    @discardableResult
    func uninstall(at place: String? = nil) throws -> [HookChange] {
        let installation = try installation(at: place)
        let changes = try HookKind.allCases.flatMap { try installation.removing($0) }
        for change in changes { try installation.apply(change) }
        return changes
    }

    func status(at place: String? = nil) throws -> HookStatus {
        try HookStatus(at: place ?? repository.path, running: program, world: world)
    }

    /// Whether the check refuses from now on.
    func refuse(_ refuses: Bool = true) throws {
        if refuses {
            try TemporaryRepository.write(repository.folder + "/refuses", [])
        } else {
            try FileManager.default.removeItem(atPath: repository.folder + "/refuses")
        }
    }

    /// Lines that the stand-in has written down since the last look.
    func asked() throws -> [String] { try log("asked") }

    func log(_ name: String) throws -> [String] {
        let path = repository.folder + "/" + name
        guard TemporaryRepository.exists(path) else { return [] }
        defer { try? FileManager.default.removeItem(atPath: path) }
        return String(decoding: try TemporaryRepository.read(path), as: UTF8.self).split(separator: "\n")
            .map(String.init)
    }

    func hook(_ name: String = "pre-commit") -> String { repository.path + "/.git/hooks/" + name }

    /// All that a folder has: kinds, modes, bytes, targets of links.
    static func everything(in folder: String) throws -> [String: String] {
        var found: [String: String] = [:]
        for name in try TemporaryRepository.names(in: folder) {
            let path = folder + "/" + name
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            let mode = (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0
            switch attributes[.type] as? FileAttributeType {
            case .typeSymbolicLink?:
                found[name] = "-> " + (try FileManager.default.destinationOfSymbolicLink(atPath: path))
            case .typeDirectory?: found[name] = "folder"
            default:
                found[name] =
                    String(mode, radix: 8) + " "
                    + Data(try TemporaryRepository.read(path)).base64EncodedString()
            }
        }
        return found
    }

    func hooks() throws -> [String: String] { try Self.everything(in: repository.path + "/.git/hooks") }
}
