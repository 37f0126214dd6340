// `credential_process`: a program that prints credentials.

import HTTP
import JSON
import Secrets
import Subprocess
import SystemPackage
package import World

package struct CredentialProcess: CredentialProvider {
    package var name: String { "credential_process of profile `\(OneLine.of(profile))`" }
    private let config: SharedConfig
    private let profile: String
    private let world: World
    private let limit: Duration

    /// Longer than any answer; also the bound of what it may write to standard error.
    private static let longestOutput = 64 << 10

    /// - Parameter limit: how long the program may take. It may be asking somebody to confirm.
    package init(config: SharedConfig, profile: String, world: World, limit: Duration = .seconds(60)) {
        self.config = config
        self.profile = profile
        self.world = world
        self.limit = limit
    }

    package func load() async throws -> ProviderAnswer {
        guard let command = config.profiles[profile]?.text("credential_process") else {
            return .notConfigured("the profile has no credential_process")
        }
        let words: [String]
        do { words = try CommandWords.split(command) } catch {
            throw failure("\(config.place(profile, "credential_process")): a quote is not closed")
        }
        guard let program = words.first, !program.isEmpty else { throw failure("it names no program") }
        let output = try await run(program, Array(words.dropFirst()))
        let root = try CredentialAnswer.document(output, for: self).root
        guard root["Version"]?.int == 1 else { throw failure("its answer is not of Version 1") }
        return .found(try CredentialAnswer().read(root, for: self, now: world.now()))
    }

    /// Runs it without a shell, and with its standard output in wiped memory as far as that is ours.
    private func run(_ program: String, _ arguments: [String]) async throws -> SharedSecret {
        enum Outcome {
            case ended(TerminationStatus, output: SharedSecret, errors: String)
            case tookTooLong
        }
        let environment = Environment.custom(world.environment.map { Array("\($0.key)=\($0.value)\0".utf8) })
        let limit = limit
        let outcome: Outcome
        do {
            outcome = try await withThrowingTaskGroup(of: Outcome.self) { group in
                group.addTask {
                    let result = try await Subprocess.run(
                        program.contains("/") ? .path(FilePath(program)) : .name(program),
                        arguments: Arguments(arguments), environment: environment,
                        output: .bytes(limit: Self.longestOutput), error: .bytes(limit: Self.longestOutput))
                    var bytes = result.standardOutput
                    let output = SharedSecret(copying: bytes)
                    bytes.withUnsafeMutableBytes { SecretMemory.wipe($0) }
                    let errors = String(decoding: result.standardError, as: UTF8.self)
                    return .ended(result.terminationStatus, output: output, errors: errors)
                }
                group.addTask {
                    try await Task.sleep(for: limit)
                    return .tookTooLong
                }
                defer { group.cancelAll() }
                return try await group.next() ?? .tookTooLong
            }
        } catch let error as SubprocessError {
            throw failure(Self.words(for: error))
        }
        switch outcome {
        case .tookTooLong: throw failure("it did not end within \(limit.components.seconds) s")
        case .ended(let status, let output, let errors) where !status.isSuccess:
            throw failure(Self.words(for: status, errors, besides: output))
        case .ended(_, let output, _): return output
        }
    }

    private static func words(for error: SubprocessError) -> String {
        switch error.code {
        case .executableNotFound: "its program does not exist"
        case .outputLimitExceeded: "it writes more than \(longestOutput) bytes"
        default: "it could not be run" + (error.underlyingError.map { ": \($0)" } ?? "")
        }
    }

    private static func words(
        for status: TerminationStatus, _ errors: String, besides output: SharedSecret
    ) -> String {
        let ending =
            switch status {
            case .exited(let code): "it ended with exit code \(code)"
            default: "it was ended by a signal"
            }
        let lastLine = errors.split(whereSeparator: \.isNewline).last.map(String.init) ?? ""
        guard !lastLine.isEmpty, !isTelling(lastLine, output) else { return ending }
        return "\(ending): \(OneLine.of(lastLine, limit: 160))"
    }

    /// Whether the line may hold keys: a script that traces itself (`set -x`) writes them to its standard error.
    private static func isTelling(_ line: String, _ output: SharedSecret) -> Bool {
        let names = ["secretaccesskey", "sessiontoken", "aws_secret_access_key", "aws_session_token"]
        return names.contains { line.lowercased().contains($0) } || output.isRepeated(in: line)
    }
}
