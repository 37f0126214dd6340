// `migrate init`: looks at the repository, and writes its first settings.

import ArgumentParser
import Checklist
import Files
import Reporting
import Scanning
import Settings
import Steps
import Stores
import World

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Looks at the repository and writes .migrate/config.yml, with what it found explained.",
        discussion: """
            Nothing is sent anywhere, and no value is shown or written. The file is shown before it is written, and one \
            that is there already is never changed.

            Next: migrate plan
            """)

    @Option(
        name: [.customLong("secret"), .customShort("s")], help: "Name of the secret. Default: REPOSITORY/production.")
    var secret: String?

    @Option(help: "AWS region. Default: AWS_REGION, AWS_DEFAULT_REGION, else left open.")
    var region: String?

    @Option(help: ArgumentHelp("Where the values go.", valueName: "aws|local"))
    var store: StoreSettings.Kind = .aws

    @Option(help: "Id of a built-in checklist, or the path of your own from the repository's root on.")
    var checklist: String = ChecklistFile.standard

    @Flag(help: "Copy the checklist to .migrate/checklists/, to change it.")
    var copyChecklist = false

    @OptionGroup var consent: ConsentOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        for (name, value) in [("--secret", secret), ("--region", region), ("--checklist", checklist)] where value == ""
        {
            throw ValidationError("\(name) is empty: a variable that is not set, perhaps?")
        }
        if store == .local, region != nil { throw ValidationError("--region is about AWS, and --store local is not.") }
        if copyChecklist, ChecklistReference.isFile(checklist) {
            throw ValidationError("--copy-checklist copies a built-in checklist, and --checklist names a file.")
        }
        if let region, !Self.isRegion(region) { throw ValidationError("--region takes a region, such as eu-west-1.") }
        if let name = ChecklistReference.isFile(checklist) ? checklist : nil,
            name.hasPrefix("/") || name.split(separator: "/").contains("..")
        {
            throw ValidationError("--checklist takes a path from the repository's root on.")
        }
    }

    func run() async throws {
        if let secret {
            try SecretWord.check(secret)
            _ = try SecretName(new: secret)
        }
        try InitRefusal.requireKnown(checklist: checklist)
        let facts = try await InitFacts.find()
        let steps = try ChecklistFile.load(
            checklist, settings: Configuration(), root: facts.root, kinds: StepCatalog.descriptions)
        var initial = initialConfiguration(facts, World.real())
        initial.stepIDs = steps.steps.map(\.id)
        var files = [SurveyReport.File(path: Configuration.path, text: "")]
        if copyChecklist, let builtIn = BuiltInChecklists[checklist] {
            let path = ".migrate/checklists/\(checklist).yml"
            initial.checklist = path
            files.insert(SurveyReport.File(path: path, text: builtIn.text), at: 0)
        }
        files[files.count - 1].text = initial.text
        // What would not be read back as it is meant is a mistake of ours, and must not become a person's.
        let settings = try Configuration.parse(Array(initial.text.utf8), path: Configuration.path)
        _ = try ChecklistFile.apply(
            settings: settings.steps, to: steps, settingsPath: Configuration.path, kinds: StepCatalog.descriptions)

        let report = try report(facts, files)
        try requireAbsent(files, root: facts.root)
        try await settle(report, files, root: facts.root)
    }

    private func report(_ facts: InitFacts, _ files: [SurveyReport.File]) throws -> SurveyReport {
        SurveyReport(
            root: facts.root, survey: facts.survey, scan: facts.scan,
            checklists: try BuiltInChecklists.all.map { file in
                let read = try ChecklistFile.parse(file.bytes, path: file.path, kinds: StepCatalog.descriptions)
                return SurveyReport.Choice(id: read.id, title: read.title)
            },
            // A copied checklist is in the list of files, and as long as the settings.
            chosen: checklist, files: files.filter { $0.path == Configuration.path })
    }

    private func settle(_ report: SurveyReport, _ files: [SurveyReport.File], root: String) async throws {
        let asks = !consent.yes && !consent.dryRun
        if asks {
            Diagnostics.text(report.text(output.choice.style(.standardError)))
            let agreed = try Prompt.confirm(
                "Write \(files.map(\.path).joined(separator: " and "))?", need: "your consent to write the settings",
                remedy: "look at them with --dry-run, then add --yes")
            if !agreed { throw PromptError.cancelled }
        }
        if !consent.dryRun { try write(files, root: root) }
        let names = files.map(\.path).joined(separator: " and ")
        try output.choice.write(
            human: { style in
                if consent.dryRun { return report.text(style) }
                return (asks ? "" : report.text(style) + "\n") + "Wrote \(names). Read it through, then: migrate plan\n"
            },
            json: { try report.json(written: !consent.dryRun) })
    }

    private func requireAbsent(_ files: [SurveyReport.File], root: String) throws {
        for file in files where FileStatus(at: root + "/" + file.path) != nil {
            throw InitRefusal.exists(file.path, isSettings: file.path == Configuration.path)
        }
    }

    /// The settings come last: they name what must be there by then.
    private func write(_ files: [SurveyReport.File], root: String) throws {
        // Somebody else may have written them while the question was open.
        try requireAbsent(files, root: root)
        for file in files {
            var folder = root
            for part in file.path.split(separator: "/").dropLast() {
                folder += "/" + part
                mkdir(folder, 0o777)
                // A link could lead out of the repository.
                guard FileStatus(at: folder)?.kind == .folder else { throw InitRefusal.notAFolder(folder) }
            }
            try AtomicFile.write(Array(file.text.utf8), to: root + "/" + file.path, isPrivate: false)
        }
    }

    private func initialConfiguration(_ facts: InitFacts, _ world: World) -> InitialConfiguration {
        let guess = InitialConfiguration.Choice(
            facts.name + "/production", "a guess from the name of the repository")
        var initial = InitialConfiguration(secret: secret.map { .init($0, "as you named it") } ?? guess)
        initial.store = store
        initial.checklist = checklist
        initial.dialect = facts.dialect
        if store == .aws { initial.region = knownRegion(world) }
        initial.take(facts.survey, facts.scan)
        return initial
    }

    private func knownRegion(_ world: World) -> InitialConfiguration.Choice<String>? {
        if let region { return .init(region, "As you named it.") }
        for name in ["AWS_REGION", "AWS_DEFAULT_REGION"] {
            if let region = world.variable(name), Self.isRegion(region) { return .init(region, "From \(name).") }
        }
        return nil
    }

    private static func isRegion(_ text: String) -> Bool {
        text.utf8.count <= 32 && text.contains("-")
            && text.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
    }
}
