// The `secrets` of a container definition in an ECS task definition: names and references.

import JSON
import Secrets

struct ECSExport {
    let secret: SecretReference

    func export(_ values: [DeliveredValue]) throws(DeliveryError) -> Export {
        guard let arn = secret.arn else { throw .needsARN(.ecs) }
        let (kept, leftOut) = try Screening.screened(values) { value in
            if !EnvironmentName.isValid(value.key) { return .notAnEnvironmentName }
            return Self.keepsSpelling(value) ? nil : .notAString
        }
        let lines = kept.map { value in
            // Stage and version stay empty: AWSCURRENT when the task starts.
            let reference = "\(arn):\(value.key)::"
            return "    {\"name\": \(QuotedText.json(value.key)), \"valueFrom\": \(QuotedText.json(reference))}"
        }
        return Export(
            text: "{\n  \"secrets\": [\n\(lines.joined(separator: ",\n"))\n  ]\n}\n", keys: kept.map(\.key),
            leftOut: leftOut)
    }

    /// The agent prints whatever the JSON holds in Go's way: `map[a:1]` for an object, `1e+06` for a million. Whole
    /// numbers of six digits come out as they are.
    private static func keepsSpelling(_ value: DeliveredValue) -> Bool {
        switch value.kind {
        case .string, .boolean: true
        case .null, .object, .array: false
        case .number:
            value.text.withBytes { bytes in
                bytes.count <= 6 && bytes.indices.allSatisfy { (0x30...0x39).contains(bytes[$0]) }
            }
        }
    }
}
