// Runs a command of the team's to its end, or to the end of its time.

import Checklist
import Files
import HTTP
import Subprocess
import Synchronization
import SystemPackage
import World

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A command, its place and its environment.
struct CommandRun: Sendable {
    enum Ending: Sendable, Equatable {
        case exited(Int)
        case signalled(Int)
        case tookTooLong
    }

    /// Absolute.
    var program: String
    /// The program as it was named and its arguments; not empty. No shell reads them.
    var arguments: [String]
    /// Absolute.
    var folder: String
    /// `NAME=value` and a NUL each: what the child alone gets.
    var environment: [[UInt8]]
    var limit: Swift.Duration
    /// Whether what it prints goes to our standard error; otherwise it goes nowhere. It is never kept.
    var showsOutput: Bool

    /// How long it has to end after SIGTERM.
    private static let grace = Swift.Duration.seconds(5)

    /// A path is meant from the folder on. A mere name is looked for in our own `PATH`, whatever the command's
    /// environment says, and in none of its folders that depends on where we stand.
    /// - Throws: `StepFailure` where there is no such program.
    static func program(_ name: String, folder: String, world: World) throws -> String {
        if name.contains("/") { return name.hasPrefix("/") ? name : folder + "/" + name }
        let folders = (world.variable("PATH") ?? "").split(separator: ":").filter { $0.hasPrefix("/") }
        let found = folders.lazy.map { "\($0)/\(name)" }.first { path in
            FilePaths.resolved(path).flatMap { FileStatus(at: $0) }?.kind == .file && access(path, X_OK) == 0
        }
        guard let found else { throw isMissing(name) }
        return found
    }

    private static func isMissing(_ name: String) -> StepFailure {
        StepFailure(
            "there is no program `\(OneLine.of(name))`", remedy: "correct `run` of the step, or install the program")
    }

    /// - Throws: `StepFailure` when it cannot be started; `CancellationError`.
    func run() async throws -> Ending {
        let nowhere: FileDescriptor
        do { nowhere = try FileDescriptor.open("/dev/null", .writeOnly, options: .closeOnExec) } catch {
            throw StepFailure("/dev/null cannot be opened: \(error)")
        }
        defer { try? nowhere.close() }
        let output = showsOutput ? FileDescriptor.standardError : nowhere
        let leader = Leader()
        // Whatever it has started in the background and left behind goes with it.
        defer { leader.endGroup() }
        var options = PlatformOptions()
        options.processGroupID = 0
        options.teardownSequence = [.gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: Self.grace)]
        let settings = options
        let status: TerminationStatus?
        do {
            status = try await withThrowingTaskGroup(of: TerminationStatus?.self) { group in
                group.addTask {
                    try await Subprocess.run(
                        .path(FilePath(program)),
                        arguments: Arguments(Array(arguments.dropFirst())), environment: .custom(environment),
                        workingDirectory: FilePath(folder), platformOptions: settings, input: .none,
                        output: .fileDescriptor(output, closeAfterSpawningProcess: false),
                        error: .fileDescriptor(output, closeAfterSpawningProcess: false)
                    ) { execution in
                        leader.remember(execution.processIdentifier.value)
                    }.terminationStatus
                }
                group.addTask {
                    try await Task.sleep(for: limit)
                    return nil
                }
                defer { group.cancelAll() }
                return try await group.next() ?? nil
            }
        } catch let error as SubprocessError {
            try Task.checkCancellation()
            throw failure(error)
        }
        switch status {
        case .exited(let code)?: return .exited(Int(code))
        case .signaled(let signal)?: return .signalled(Int(signal))
        case nil: return .tookTooLong
        }
    }

    private func failure(_ error: SubprocessError) -> StepFailure {
        let program = OneLine.of(arguments[0])
        switch error.code {
        case .executableNotFound: return Self.isMissing(arguments[0])
        default:
            let cause = error.underlyingError.map { ": \(OneLine.of("\($0)"))" } ?? ""
            return StepFailure("`\(program)` could not be started" + cause)
        }
    }
}

/// The process that leads a command's group.
private final class Leader: Sendable {
    private let number = Mutex<pid_t>(0)

    func remember(_ number: pid_t) { self.number.withLock { $0 = number } }

    /// Ends all that is left of the group.
    func endGroup() {
        let group = number.withLock { $0 }
        if group > 0 { kill(-group, SIGKILL) }
    }
}
