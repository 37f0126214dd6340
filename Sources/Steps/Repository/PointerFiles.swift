// Dotenv files that tell production which secret to read, and hold none themselves.

import Detection
import Dotenv
import Files
import Git
import Scanning
import Settings

/// Files that the settings name as places of production's configuration, that have the form of dotenv files and that
/// hold no secret, neither on disk nor in the index: they belong into git, as nothing is deployed without them.
struct PointerFiles {
    private static let parameter = "places"
    private static let largest = 1 << 20

    /// Relative to the root.
    let paths: Set<String>

    init(_ workbench: Workbench) {
        let named = workbench.settings.steps.flatMap(\.entries).flatMap { entry -> [String] in
            guard entry.name == Self.parameter, case .list(let places) = entry.value else { return [] }
            return places.map { $0.hasPrefix("./") ? String($0.dropFirst(2)) : $0 }
        }
        let dotenv = Set(named).filter { DotenvFileKind(path: $0) == .dotenv }
        paths = dotenv.filter { path in
            let contents = Self.contents(of: path, in: workbench.root)
            return !contents.isEmpty && !contents.contains(where: Self.holdsSecret)
        }
    }

    /// On disk, and in the index.
    private static func contents(of path: String, in root: String) -> [[UInt8]] {
        var contents: [[UInt8]] = []
        if let bytes = (try? FileContent.read(root + "/" + path, limit: largest)) ?? nil { contents.append(bytes) }
        let name = Array(path.utf8)
        guard let repository = try? Repository(discovering: root),
            let record = (try? repository.indexRecords { $0 == name })?.first,
            let staged = try? repository.withObject(record.id, { _, bytes in Array(bytes) })
        else { return contents }
        return contents + [staged]
    }

    /// A comment counts as well, and so does what is no line of a dotenv file.
    static func holdsSecret(_ bytes: [UInt8]) -> Bool {
        DotenvTemplate { key, value in
            let (name, value) = (String(decoding: key, as: UTF8.self), Array(value))
            // Its own name speaks of a secret, and its value is where the secret is.
            if name == ValueSurvey.nameKey || StandaloneValue.isPlaceholder(value.span) { return false }
            let judged = ValueJudge.judge(
                key: (key.isEmpty ? Array("KEY".utf8) : key).span, value: value.span,
                in: key.isEmpty ? .unquoted : .dotenv
            ).valueClass
            return judged == .secret || judged == .connectionString
        }.realKeys(in: bytes).isEmpty == false
    }

    /// Whether a file is one of a deployment, by its name, that has never held a secret: nobody fills in a template of
    /// it to work.
    static func isHarmlessDeployment(_ file: DotenvFileReport) -> Bool {
        [.production, .staging].contains(DotenvPurpose(path: file.path))
            && !file.entries.contains { entry in
                entry.key != ValueSurvey.nameKey
                    && [.secret, .connectionString].contains(entry.valueClass)
            }
    }
}
