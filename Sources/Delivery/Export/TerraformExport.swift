// Terraform that reads the secret when it runs: no value in the file.

import JSON

struct TerraformExport {
    let options: ExportOptions
    let secret: SecretReference

    func export(_ values: [DeliveredValue]) throws(DeliveryError) -> Export {
        guard let arn = secret.arn else { throw .needsARN(.terraform) }
        if let name = options.resourceName, !PlatformName.isTerraformLabel(name) { throw .invalidResourceName(name) }
        guard let label = options.resourceName ?? PlatformName.terraformLabel(from: secret.name) else {
            throw .invalidResourceName(secret.name)
        }
        // `null` is a value in Terraform, too.
        let (kept, _) = try Screening.screened(values, keepsNull: true) { _ in nil }

        let document = "\(label)_document"
        let type = "aws_secretsmanager_secret_version"
        let keys = kept.map { QuotedText.hcl($0.key) }
        let width = keys.map(\.count).max() ?? 0
        let members = keys.map { key in
            "    \(key)\(String(repeating: " ", count: width - key.count)) = local.\(document)[\(key)]"
        }
        let block: String
        let read: String
        let note: String
        switch options.terraformForm {
        case .ephemeral:
            (block, read) = ("ephemeral", "jsondecode(ephemeral.\(type).\(label).secret_string)")
            note = "Read when Terraform runs, and kept in neither state nor plan. Needs Terraform 1.10 or later."
        case .dataSource:
            (block, read) = ("data", "sensitive(jsondecode(data.\(type).\(label).secret_string))")
            note = "Read when Terraform runs. The state holds the values: keep it encrypted."
        }
        let text = """
            # \(note)
            \(block) "\(type)" "\(label)" {
              secret_id = \(QuotedText.hcl(arn))
            }

            locals {
              \(document) = \(read)

              \(label) = {
            \(members.joined(separator: "\n"))
              }
            }

            """
        return Export(text: text, keys: kept.map(\.key), leftOut: [])
    }
}
