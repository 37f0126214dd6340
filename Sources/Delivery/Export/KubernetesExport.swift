// Manifests for Kubernetes: two that point at the secret, and one that holds its values.

import JSON
import Secrets

/// A Kubernetes Secret has no form without values. What comes nearest is a SecretProviderClass: the Secrets Store CSI
/// driver reads AWS when a pod starts, and makes the Secret in the cluster.
struct KubernetesExport {
    private let secret: SecretReference
    private let options: ExportOptions
    private let objectName: String

    init(options: ExportOptions, secret: SecretReference) throws(DeliveryError) {
        if let name = options.resourceName, !PlatformName.isKubernetesObject(name) { throw .invalidResourceName(name) }
        if let name = options.namespace, !PlatformName.isKubernetesNamespace(name) { throw .invalidResourceName(name) }
        guard let name = options.resourceName ?? PlatformName.kubernetesObject(from: secret.name) else {
            throw .invalidResourceName(secret.name)
        }
        guard PlatformName.isKubernetesObject(options.secretStore) else {
            throw .invalidResourceName(options.secretStore)
        }
        self.secret = secret
        self.options = options
        objectName = name
    }

    func secretProviderClass(_ values: [DeliveredValue]) throws(DeliveryError) -> Export {
        guard let arn = secret.arn else { throw .needsARN(.k8sSecret) }
        // The driver's provider takes strings alone: one number, and the pod gets no secret at all.
        let named = try self.named(values) { $0.kind == .string ? nil : .notAString }
        let paths = named.kept.map { value, name in
            """
                      - path: \(QuotedText.json(Self.jmesPath(to: value.key)))
                        objectAlias: \(QuotedText.json(name))
            """
        }
        let data = named.kept.map { _, name in
            """
                    - objectName: \(QuotedText.json(name))
                      key: \(QuotedText.json(name))
            """
        }
        let text = """
            # Holds no value. The Secrets Store CSI driver (with syncSecret.enabled) and its AWS provider make the Secret
            # when the first pod mounts the volume, and remove it with the last.
            apiVersion: secrets-store.csi.x-k8s.io/v1
            kind: SecretProviderClass
            \(metadata)
            spec:
              provider: aws
              parameters:\(region(of: arn))
                objects: |
                  - objectName: \(QuotedText.json(arn))
                    jmesPath:
            \(paths.joined(separator: "\n"))
              secretObjects:
                - secretName: \(QuotedText.json(objectName))
                  type: Opaque
                  data:
            \(data.joined(separator: "\n"))

            """
        return export(text, named)
    }

    func externalSecret(_ values: [DeliveredValue]) throws(DeliveryError) -> Export {
        guard let arn = secret.arn else { throw .needsARN(.externalSecret) }
        // A property is a path, in which most signs mean something; a dot is tried as a part of the name first.
        let named = try self.named(values) { value in
            PlatformName.kubernetesKey(from: value.key) == value.key ? nil : .unaddressable
        }
        let data = named.kept.map { value, name in
            """
                - secretKey: \(QuotedText.json(name))
                  remoteRef:
                    key: \(QuotedText.json(arn))
                    property: \(QuotedText.json(value.key))
            """
        }
        let text = """
            # Holds no value: the External Secrets operator reads them.
            apiVersion: external-secrets.io/v1
            kind: ExternalSecret
            \(metadata)
            spec:
              refreshInterval: 1h
              secretStoreRef:
                kind: \(options.isClusterStore ? "ClusterSecretStore" : "SecretStore")
                name: \(QuotedText.json(options.secretStore))
              target:
                name: \(QuotedText.json(objectName))
                creationPolicy: Owner
              data:
            \(data.joined(separator: "\n"))

            """
        return export(text, named)
    }

    func secretWithValues(_ values: [DeliveredValue]) throws(DeliveryError) -> Export {
        let named = try self.named(values) { _ in nil }
        var buffer = SecretBuffer(capacity: values.reduce(512) { $0 + $1.text.count * 2 + 64 })
        buffer.append(
            """
            # Holds the values, in base64, which hides nothing.
            apiVersion: v1
            kind: Secret
            \(metadata)
            type: Opaque
            data:

            """)
        for (value, name) in named.kept {
            buffer.append("  \(QuotedText.json(name)): \"")
            value.text.withBytes { Base64.append($0, to: &buffer) }
            buffer.append("\"\n")
        }
        let content = SharedSecret(buffer.finish())
        let expected = named.kept.map { DeliveredValue(key: $1, text: $0.text, kind: $0.kind) }
        let notReadBack = Screening.differences(between: expected, and: Self.readBack(content))
        guard notReadBack.isEmpty else {
            throw .refused(notReadBack.map { RefusedKey(key: $0, reason: .notReadBack) })
        }
        return Export(
            parts: [Export.Part(destination: .output, content: content)], holdsValues: true,
            keys: named.kept.map(\.value.key), leftOut: named.leftOut, renamed: named.renamed)
    }
}

extension KubernetesExport {
    private struct Named {
        var kept: [(value: DeliveredValue, name: String)] = []
        var leftOut: [LeftOutKey] = []

        var renamed: [Export.Renaming] {
            kept.filter { $0.value.key != $0.name }.map { Export.Renaming(key: $0.value.key, name: $0.name) }
        }
    }

    /// Gives each key a name that Kubernetes takes, no two the same.
    private func named(
        _ values: [DeliveredValue], refusal: (DeliveredValue) -> RefusedKey.Reason?
    ) throws(DeliveryError) -> Named {
        var owners: [String: String] = [:]
        let (kept, leftOut) = try Screening.screened(values) { value in
            if let reason = refusal(value) { return reason }
            guard let name = PlatformName.kubernetesKey(from: value.key) else { return .unaddressable }
            if let owner = owners[name] { return .collides(with: owner, as: name) }
            owners[name] = value.key
            return nil
        }
        return Named(
            kept: kept.map { ($0, PlatformName.kubernetesKey(from: $0.key) ?? $0.key) }, leftOut: leftOut)
    }

    private var metadata: String {
        let namespace = options.namespace.map { "\n  namespace: \(QuotedText.json($0))" } ?? ""
        return "metadata:\n  name: \(QuotedText.json(objectName))\(namespace)"
    }

    /// Spares the driver a look-up at each mount; the ARN's is the only one that can be right.
    private func region(of arn: String) -> String {
        let parts = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, !parts[3].isEmpty else { return "" }
        return "\n    region: \(QuotedText.json(String(parts[3])))"
    }

    /// A name is an identifier in JMESPath, or stands in double quotes with JSON's escapes.
    private static func jmesPath(to key: String) -> String {
        EnvironmentName.isValid(key) ? key : QuotedText.json(key)
    }

    private func export(_ text: String, _ named: Named) -> Export {
        Export(text: text, keys: named.kept.map(\.value.key), leftOut: named.leftOut, renamed: named.renamed)
    }

    /// Each line of `data` is a member of a JSON object as well.
    private static func readBack(_ content: SharedSecret) -> [ReadValue]? {
        var object = SecretBuffer(capacity: content.count)
        object.append("{")
        content.withBytes { bytes in
            var start = 0
            var isFirst = true
            for index in bytes.indices where bytes[index] == UInt8(ascii: "\n") {
                let line = bytes.extracting(start..<index)
                start = index + 1
                guard line.count > 3, line[0] == 0x20, line[1] == 0x20, line[2] == UInt8(ascii: "\"") else { continue }
                if !isFirst { object.append(",") }
                isFirst = false
                object.append(line)
            }
        }
        object.append("}")
        guard let document = try? JSONDocument(parsing: object.finish()) else { return nil }
        var found: [ReadValue] = []
        for member in document.root.members {
            guard let text = member.value.secret()?.withBytes({ Base64.decoded($0) }) else { return nil }
            found.append(ReadValue(name: member.key, text: text))
        }
        return found
    }
}
