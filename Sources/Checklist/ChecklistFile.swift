// Checklists as files: the built-in ones, and a team's own.

import Files
package import Settings

/// Reads checklists. A file says, in YAML:
///
///     id: aws-secrets-manager
///     title: From committed .env files to AWS Secrets Manager
///     about: What it is for.
///     steps:
///       - id: store-values
///         kind: store-values
///         title: Store all secrets in AWS
///         why: What the step is there for.
///         with: { generate: [JWT_SECRET_KEY] }
///         needs: [create-secret]
///         emergency-needs: [create-secret, revoke-keys]
package enum ChecklistFile {
    /// The one that is meant where nobody names another.
    package static let standard = "aws-secrets-manager"
    /// In bytes.
    static let largest = 256 << 10
    static let mostSteps = 200

    /// Reads a checklist and checks it whole: nobody goes through half a checklist.
    ///
    /// - Parameters:
    ///   - path: for errors.
    ///   - kinds: the kinds of steps there are.
    /// - Throws: `ConfigurationError` with the line and the reason of the first thing that is wrong.
    package static func parse(
        _ bytes: [UInt8], path: String, kinds: [KindDescription]
    ) throws(ConfigurationError) -> Checklist {
        var reader = ChecklistReader(path: path, kinds: kinds)
        return try reader.read(bytes)
    }

    /// Puts the parameters of the settings over those of the checklist, checked in the same way.
    ///
    /// The digest stays: it tells which checklist a state file belongs to, and what a team has done must outlive a
    /// changed parameter. Whether a step is still done under its new parameters is what `observe` says.
    ///
    /// What is said about a step of another built-in checklist is left alone: one settings file serves all of them.
    ///
    /// - Parameters:
    ///   - settingsPath: of the file that `settings` are from, for errors.
    ///   - kinds: the kinds of steps there are.
    /// - Throws: `ConfigurationError` with the line of the settings file: an unknown step or parameter (the nearest is
    ///   suggested), a value of the wrong kind.
    package static func apply(
        settings: [StepSettings], to checklist: Checklist, settingsPath: String, kinds: [KindDescription]
    ) throws(ConfigurationError) -> Checklist {
        var checklist = checklist
        for setting in settings {
            guard let index = checklist.steps.firstIndex(where: { $0.id == setting.id }) else {
                if isStepOfBuiltIn(setting.id, kinds) { continue }
                let meant = NearestName.of(setting.id, among: checklist.steps.map(\.id))
                let advice = meant.map { "did you mean `\($0)`?" } ?? "its steps: \(names(checklist.steps.map(\.id)))"
                throw ConfigurationError(
                    path: settingsPath, line: setting.line,
                    reason: "the checklist `\(checklist.id)` has no step `\(YAMLReader.shown(setting.id))`; \(advice)")
            }
            guard let kind = kinds.first(where: { $0.name == checklist.steps[index].kind }) else { continue }
            for entry in setting.entries {
                let value = try ParameterCheck(path: settingsPath, kind: kind).checked(
                    entry.value, of: entry.name, line: entry.line)
                checklist.steps[index].parameters.values[entry.name] = value
            }
        }
        return checklist
    }

    /// The checklist that counts: the one that is asked for, else that of the settings, else the standard one; with the
    /// settings' parameters in it.
    ///
    /// - Parameters:
    ///   - name: what the command line says: the id of a built-in one, or the path of a file, absolute or from the
    ///     root on; nil for nothing.
    ///   - root: the folder whose settings these are.
    /// - Throws: `ConfigurationError`: no such checklist, no such file, or anything wrong in it or in the settings.
    package static func load(
        _ name: String? = nil, settings: Configuration, root: String, kinds: [KindDescription]
    ) throws(ConfigurationError) -> Checklist {
        let settingsPath = root + "/" + Configuration.path
        let line = name == nil ? settings.checklist?.line ?? 0 : 0
        let name = name ?? settings.checklist?.name ?? standard
        let checklist: Checklist
        if ChecklistReference.isFile(name) {
            let path = name.hasPrefix("/") ? name : root + "/" + name
            let bytes: [UInt8]?
            do { bytes = try FileContent.read(path, limit: largest) } catch {
                throw ConfigurationError(path: path, line: 0, reason: error.reason)
            }
            guard let bytes else {
                throw ConfigurationError(
                    path: line > 0 ? settingsPath : path, line: line,
                    reason: line > 0
                        ? "there is no checklist `\(YAMLReader.shown(name))`; the path counts from the folder of the repository"
                        : "there is no such checklist")
            }
            checklist = try parse(bytes, path: path, kinds: kinds)
        } else if let file = BuiltInChecklists[name] {
            checklist = try parse(file.bytes, path: file.path, kinds: kinds)
        } else {
            let known = BuiltInChecklists.all.map(\.id)
            let advice =
                NearestName.of(name, among: known).map { "did you mean `\($0)`?" }
                ?? "built in are \(names(known)); a file's name ends in .yml"
            throw ConfigurationError(
                path: line > 0 ? settingsPath : YAMLReader.shown(name), line: line,
                reason: "there is no checklist `\(YAMLReader.shown(name))`; \(advice)")
        }
        return try apply(settings: settings.steps, to: checklist, settingsPath: settingsPath, kinds: kinds)
    }

    private static func isStepOfBuiltIn(_ id: String, _ kinds: [KindDescription]) -> Bool {
        BuiltInChecklists.all.contains { file in
            (try? parse(file.bytes, path: file.path, kinds: kinds))?[id] != nil
        }
    }

    static func names(_ names: [String]) -> String { names.map { "`\($0)`" }.joined(separator: ", ") }
}

/// A checklist that is compiled in.
package struct BuiltInChecklist: Sendable {
    package var id: String
    /// The file, as it is in the sources.
    package var text: String

    package init(id: String, text: String) {
        self.id = id
        self.text = text
    }

    package var bytes: [UInt8] { Array(text.utf8) }
    /// For errors, which there are none of in a built-in checklist: the tests see to that.
    package var path: String { "Checklists/\(id).yml" }
}

extension BuiltInChecklists {
    package static subscript(_ id: String) -> BuiltInChecklist? { all.first { $0.id == id } }
}
