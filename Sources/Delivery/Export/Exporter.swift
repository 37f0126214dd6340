// Writes values, or references to them, for those who consume them.

import JSON
import Secrets

/// Exports in one format. What holds values is read back by a reader of that format before it is returned.
package struct Exporter: Sendable {
    package let format: ExportFormat
    package let options: ExportOptions

    package init(_ format: ExportFormat, options: ExportOptions) {
        self.format = format
        self.options = options
    }

    /// - Throws: `DeliveryError`, listing every key that stands in the way.
    package func export(_ values: [DeliveredValue], of secret: SecretReference) throws(DeliveryError) -> Export {
        let chosen = try options.selection.chosen(values)
        var seen: Set<[UInt8]> = []
        let doubled = chosen.filter { !seen.insert(Array($0.key.utf8)).inserted }
        guard doubled.isEmpty else {
            throw .refused(
                doubled.map { RefusedKey(key: $0.key, reason: .collides(with: $0.key, as: $0.key)) })
        }

        switch format {
        case .dotenv: return try valueExport(DotenvExport(dialect: options.dialect), chosen)
        case .json: return try valueExport(JSONExport(), chosen)
        case .shell: return try valueExport(ShellExport(allowsProtectedNames: options.allowsProtectedNames), chosen)
        case .gitHubActions:
            let export = GitHubActionsExport(
                allowsProtectedNames: options.allowsProtectedNames, randomBytes: options.randomBytes)
            return try valueExport(export, chosen)
        case .dockerEnv: return try valueExport(DockerEnvExport(), chosen)
        case .k8sSecret where options.withValues:
            return try KubernetesExport(options: options, secret: secret).secretWithValues(chosen)
        case .k8sSecret: return try KubernetesExport(options: options, secret: secret).secretProviderClass(chosen)
        case .externalSecret: return try KubernetesExport(options: options, secret: secret).externalSecret(chosen)
        case .ecs: return try ECSExport(secret: secret).export(chosen)
        case .terraform: return try TerraformExport(options: options, secret: secret).export(chosen)
        }
    }

    private func valueExport(
        _ writing: some ValueExport, _ values: [DeliveredValue]
    ) throws(DeliveryError) -> Export {
        let (kept, leftOut) = try Screening.screened(values, keepsNull: writing.keepsNull) { writing.refusal(of: $0) }
        let parts = try writing.written(kept)
        let notReadBack = Screening.differences(between: kept, and: writing.readBack(parts))
        guard notReadBack.isEmpty else {
            throw .refused(notReadBack.map { RefusedKey(key: $0, reason: .notReadBack) })
        }
        return Export(parts: parts, holdsValues: true, keys: kept.map(\.key), leftOut: leftOut, renamed: [])
    }
}

/// A format that holds values.
protocol ValueExport {
    /// Whether JSON's `null` has a form of its own.
    var keepsNull: Bool { get }
    func refusal(of value: DeliveredValue) -> RefusedKey.Reason?
    func written(_ values: [DeliveredValue]) throws(DeliveryError) -> [Export.Part]
    /// What a reader of the format makes of it; nil when it makes nothing of it.
    func readBack(_ parts: [Export.Part]) -> [ReadValue]?
}

extension ValueExport {
    var keepsNull: Bool { false }
}

/// What a reader found under a name.
struct ReadValue {
    let name: String
    let text: SharedSecret
}

enum Screening {
    /// Sets aside what has no value, and refuses what cannot be written.
    static func screened(
        _ values: [DeliveredValue], keepsNull: Bool = false, refusal: (DeliveredValue) -> RefusedKey.Reason?
    ) throws(DeliveryError) -> (kept: [DeliveredValue], leftOut: [LeftOutKey]) {
        let kept = values.filter { keepsNull || $0.kind != .null }
        let refused = kept.compactMap { value in refusal(value).map { RefusedKey(key: value.key, reason: $0) } }
        guard refused.isEmpty else { throw .refused(refused) }
        guard !kept.isEmpty else { throw .empty }
        let leftOut =
            keepsNull
            ? [] : values.filter { $0.kind == .null }.map { LeftOutKey(key: $0.key, reason: .null) }
        return (kept, leftOut)
    }

    /// Keys whose values were not read back the same; all of them when the reader found more, fewer, or others.
    static func differences(between values: [DeliveredValue], and read: [ReadValue]?) -> [String] {
        guard let read, read.map(\.name) == values.map(\.key) else { return values.map(\.key) }
        return zip(values, read).filter { !$0.text.isSame(as: $1.text) }.map(\.0.key)
    }
}

extension DeliveredValue {
    /// What no environment variable can be.
    var environmentRefusal: RefusedKey.Reason? {
        if !EnvironmentName.isValid(key) { return .notAnEnvironmentName }
        if contains(0) { return .nul }
        return isUTF8 ? nil : .notUTF8
    }
}

extension Export {
    /// An export of text without values.
    init(text: String, keys: [String], leftOut: [LeftOutKey], renamed: [Renaming] = []) {
        self.init(
            parts: [Part(destination: .output, content: SharedSecret(copying: text.utf8))], holdsValues: false,
            keys: keys, leftOut: leftOut, renamed: renamed)
    }
}
