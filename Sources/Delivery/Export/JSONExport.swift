// One JSON object: the values with their types, nested ones as they were written.

import JSON
import Secrets

struct JSONExport: ValueExport {
    var keepsNull: Bool { true }

    func refusal(of value: DeliveredValue) -> RefusedKey.Reason? { value.isUTF8 ? nil : .notUTF8 }

    func written(_ values: [DeliveredValue]) -> [Export.Part] {
        var writer = JSONWriter(capacity: values.reduce(64) { $0 + $1.text.count + 32 })
        writer.beginObject()
        for value in values {
            writer.key(value.key)
            if value.kind == .string { writer.string(value.text) } else { writer.literal(value.text) }
        }
        writer.endObject()
        var buffer = SecretBuffer()
        buffer.append(writer.finish())
        buffer.append("\n")
        return [Export.Part(destination: .output, content: SharedSecret(buffer.finish()))]
    }

    func readBack(_ parts: [Export.Part]) -> [ReadValue]? {
        guard let content = parts.first?.content,
            let document = try? JSONDocument(parsing: content.withBytes { SecretValue(copying: $0) })
        else { return nil }
        return DeliveredValue.all(in: document.root)?.map { ReadValue(name: $0.key, text: $0.text) }
    }
}
