// The list of an account's keys, for people and for programs.

import JSON
import Secrets

struct SendGridKeyRow {
    let id: String
    let name: String
    let scopes: [String]
    /// The name under which the secret holds it; nil when it does not.
    let heldAs: String?
    let isLeaked: Bool
    /// Whether it is the key that was used to ask.
    let isOwn: Bool
}

struct SendGridKeyList {
    /// Host that was asked.
    let place: String
    let rows: [SendGridKeyRow]

    /// Two lines for each key, which fit into 80 columns but for long names.
    /// - Parameter clean: makes a text from outside fit for the terminal.
    func text(_ clean: (String) -> String) -> String {
        guard !rows.isEmpty else { return "no keys at \(place)\n" }
        var text = ""
        for row in rows {
            var marks: [String] = []
            if row.isLeaked { marks.append(row.heldAs == nil ? "LEAKED: revoke it" : "LEAKED: replace it") }
            if let name = row.heldAs { marks.append("in the secret as \(clean(name))") }
            if row.isOwn { marks.append("asks now") }
            text += "\(clean(row.id))  \(clean(row.name))"
            text += marks.isEmpty ? "\n" : "  (\(marks.joined(separator: "; ")))\n"
            let few = row.scopes.prefix(4).map(clean).joined(separator: ", ")
            let more = row.scopes.count > 4 ? ", and \(row.scopes.count - 4) more" : ""
            text += "    " + (row.scopes.isEmpty ? "no scopes" : few + more) + "\n"
        }
        text += "\(rows.count) \(rows.count == 1 ? "key" : "keys") at \(place)\n"
        if rows.contains(where: \.isLeaked) { text += "next: migrate plan\n" }
        return text
    }

    /// `migrate.sendgrid-keys/1`
    func json() -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.member("schema", "migrate.sendgrid-keys/1")
        json.member("endpoint", place)
        json.key("keys")
        json.beginArray()
        for row in rows {
            json.beginObject()
            json.member("id", row.id)
            json.member("name", row.name)
            json.key("scopes")
            json.beginArray()
            for scope in row.scopes { json.string(scope) }
            json.endArray()
            json.key("heldAs")
            if let name = row.heldAs { json.string(name) } else { json.null() }
            json.key("leaked")
            json.boolean(row.isLeaked)
            json.endObject()
        }
        json.endArray()
        json.endObject()
        return json.finish().withBytes { bytes in bytes.indices.map { bytes[$0] } } + [UInt8(ascii: "\n")]
    }
}
