// Every error in one place: facts in, one clear line out, with what to do next.

import ArgumentParser
import Detection
import Files
import Git
import Reporting
import Scanning
import Settings

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

enum Failure {
    /// Tells of `error` and ends the process with the code that fits.
    static func report(_ error: any Error, parsedBy root: any ParsableArguments.Type) -> Never {
        if case let error as ExecutionError = error {
            Diagnostics.error("migrate: cannot run \(quoted(error.command)): \(error.reason).")
            exit(error.status)
        }
        if let (status, message, hint) = words(for: error) {
            Diagnostics.error("migrate: " + message)
            if let hint { Diagnostics.error("hint: " + hint) }
            status.exit()
        }
        // Help, version and usage: ArgumentParser knows best. Its own code for usage is 64.
        let code = root.exitCode(for: error)
        if code == .success { root.exit(withError: error) }
        if code == .validationFailure {
            let arguments = Array(CommandLine.arguments.dropFirst())
            if let (message, hint) = UnknownCommand.words(for: arguments, root: Migrate.self) {
                Diagnostics.error("migrate: " + message)
                if let hint { Diagnostics.error("hint: " + hint) }
                ExitStatus.usage.exit()
            }
            let message = root.fullMessage(for: error)
            // What `scan` is given are paths and options.
            Diagnostics.error(
                arguments.first == "scan" ? message : ArgumentPrivacy.hidingValues(in: message, arguments: arguments))
            ExitStatus.usage.exit()
        }
        Diagnostics.error(
            "migrate: \(type(of: error)) came as a surprise. This is a bug in migrate: please report what you ran.")
        ExitStatus.bug.exit()
    }

    typealias Words = (status: ExitStatus, message: String, hint: String?)

    /// The error in one line and what to do about it, for a list in which it is one of several things.
    static func line(for error: any Error) -> String {
        guard let (_, message, hint) = words(for: error) else { return "\(type(of: error)) came as a surprise" }
        let reason = message.hasSuffix(".") ? String(message.dropLast()) : message
        return hint.map { "\(reason); \($0)" } ?? reason
    }

    /// What the process ends with when that is all there is to tell.
    static func status(for error: any Error) -> ExitStatus { words(for: error)?.status ?? .bug }

    private static func words(for error: any Error) -> Words? {
        switch error {
        case let error as ScanError: scanWords(for: error)
        case let error as ConfigurationError:
            (
                .failed, quoted(error.path) + (error.line > 0 ? ":\(error.line)" : "") + ": " + clean(error.reason),
                "mend or remove the file; nothing runs under half a configuration."
            )
        case let error as BaselineError:
            (
                .failed,
                quoted(error.path) + (error.line > 0 ? ":\(error.line)" : "") + ": " + clean(error.reason)
                    + "; nothing was scanned.", "name a sound baseline, or leave out --baseline."
            )
        case let error as FileError:
            (.failed, "cannot \(verb(for: error)) \(name(of: error)): \(error.reason).", hint(for: error))
        case let error as GitError:
            (
                .failed, "cannot \(error.operation): \(Sanitizer(unicode: Terminal.isUTF8).clean(error.message)).",
                "check the repository with: git fsck"
            )
        case let error as DetectionError: engineWords(for: error)
        default:
            storeWords(for: error) ?? sendGridWords(for: error) ?? commandWords(for: error)
                ?? checklistWords(for: error) ?? hookWords(for: error) ?? fleetWords(for: error)
        }
    }

    private static func scanWords(for error: ScanError) -> Words {
        switch error {
        case .noSuchPath(let path):
            (.failed, "there is nothing at \(quoted(path)).", "name a repository or a folder: migrate scan PATH")
        case .notReadable(let path, let reason):
            (.failed, "cannot read \(quoted(path)): \(reason).", nil)
        case .notOwner(let path):
            (
                .failed, "\(quoted(path)) belongs to another user, and git's safe.directory does not list it.",
                "if you trust it: git config --global --add safe.directory \(quoted(FilePaths.resolved(path) ?? path))"
            )
        case .sha256Repository(let path):
            (
                .failed, "\(quoted(path)) has SHA-256 object names, which libgit2 cannot read.",
                "scan its files alone with: git -C \(quoted(path)) archive HEAD | tar -x -C EMPTY-FOLDER && migrate scan EMPTY-FOLDER"
            )
        case .unsupportedRepository(let path, let reason):
            (
                .failed,
                "cannot open the repository at \(quoted(path)): \(Sanitizer(unicode: Terminal.isUTF8).clean(reason)).",
                "check it with: git -C \(quoted(path)) fsck"
            )
        case .noSuchRevision(let name, let reason):
            (
                .failed, "there is no commit \(quoted(name)): \(Sanitizer(unicode: Terminal.isUTF8).clean(reason)).",
                "list what there is with: git branch --all; in a shallow clone, fetch first: git fetch --unshallow"
            )
        case .needsRepository(let option, let path):
            (.usage, "\(quoted(path)) is in no git repository, and there is no \(option) without one.", nil)
        case .outsideRepository(let path, let root):
            (.usage, "\(quoted(path)) is not in the repository at \(quoted(root)).", "scan one repository at a time.")
        }
    }

    private static func engineWords(for error: DetectionError) -> Words {
        switch error {
        case .processorNotSupported:
            (.failed, "this processor lacks the instructions that Vectorscan needs (SSE4.2 on x86-64).", nil)
        case .invalidRule(let id, let reason):
            (.bug, "the rule \(id) does not compile: \(reason). This is a bug in migrate.", nil)
        case .engine(let operation, let code):
            (.bug, "the search engine cannot \(operation) (code \(code)). This is a bug in migrate.", nil)
        }
    }

    /// The steps of writing a file are of no interest: it was not written.
    private static func verb(for error: FileError) -> String {
        switch error.operation {
        case .read: "read"
        case .open, .write, .sync, .rename: "write"
        case .createFolder: error.operation.rawValue
        }
    }

    /// A standard stream's name is prose and needs no quotes.
    private static func name(of error: FileError) -> String {
        StandardStream.names.contains(error.path) ? error.path : quoted(error.path)
    }

    private static func hint(for error: FileError) -> String? {
        let isScan = CommandLine.arguments.dropFirst().first == "scan"
        if error.path == StandardStream.input, error.isTooLarge {
            return isScan ? "write it to a file, and scan that." : nil
        }
        if error.operation == .read || StandardStream.names.contains(error.path) { return nil }
        return ["scan", "export"].contains(CommandLine.arguments.dropFirst().first)
            ? "no partial file was left; choose another place with --output." : "no partial file was left."
    }

    /// A name from outside, in quotes where a shell would need them, safe on a terminal.
    static func quoted(_ text: String) -> String {
        let safe = Sanitizer(unicode: Terminal.isUTF8).clean(text)
        let isPlain =
            !safe.isEmpty
            && safe.utf8.allSatisfy { byte in
                byte >= 0x80 || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                    || (0x61...0x7A).contains(byte)
                    || "/._-+=@%:,~".utf8.contains(byte)
            }
        return isPlain ? safe : "'" + safe.replacing("'", with: "'\\''") + "'"
    }
}
