// `migrate ci init`: the pipeline's file, written once.

import ArgumentParser
import Files
import Gate
import Reporting

struct CIInitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Writes a pipeline that runs migrate ci, with a whole clone and a cache.",
        discussion: """
            A file that is there already stays as it is: then what to add to it is shown. The pipeline expects migrate on \
            the PATH of its runner, unless --install says how it gets there.
            """)

    @Argument(help: "github, gitlab, jenkins, buildkite, circleci, azure or bitbucket.")
    var platform: Platform

    @Flag(help: "Show the file and write nothing.")
    var print = false

    @Flag(help: "Write over a file that is there.")
    var force = false

    @Option(help: "The command that installs migrate on the runner, one line.")
    var install: String?

    func validate() throws {
        if print && force { throw ValidationError("--print writes nothing: leave out --force.") }
        if let install {
            guard !install.isEmpty, install.utf8.count <= 1_000, Sanitizer().isClean(install) else {
                throw ValidationError("--install takes one line, 1000 bytes at most.")
            }
        }
    }

    func run() async throws {
        let template = CITemplate(platform, install: install)
        if print {
            try StandardOutput.write(Array(template.text.utf8))
            return
        }
        let place = try RepositoryPlace.find()
        let path = place.root + "/" + template.path
        // A link is there, wherever it leads.
        if !force, try FileStatus.lookUp(Array(path.utf8)) != nil {
            Diagnostics.note("\(template.path) is there already and stays as it is. Add this to it, or use --force:")
            try StandardOutput.write(Array(template.text.utf8))
            throw ExitStatus.failed
        }
        if let slash = template.path.lastIndex(of: "/") {
            var folder = place.root
            for part in template.path[..<slash].split(separator: "/") {
                folder += "/" + part
                if FileStatus(at: folder)?.kind != .folder { try Folder.make(at: folder) }
            }
        }
        try AtomicFile.write(Array(template.text.utf8), to: path, isPrivate: false)
        try StandardOutput.write(Array(("Wrote \(template.path). " + template.next + "\n").utf8))
    }
}

extension Platform: ExpressibleByArgument {}
