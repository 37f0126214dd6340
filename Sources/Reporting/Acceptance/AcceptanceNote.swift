// What an entry of `.migrate/ignore.yml` says for people about its finding.

package import Scanning

extension Finding {
    /// `PASSWORD (generic-secret) in backend/.env`: no line number, since those change. One line of 200 characters at
    /// most, without anything that a text in the file must not hold.
    package var acceptanceNote: String {
        let sanitizer = Sanitizer(unicode: true)
        let what = name.flatMap { $0.isEmpty ? nil : "\($0) (\(ruleID))" } ?? ruleID
        let place = occurrences.first.map { " in " + HumanReportWriter.holder(of: $0) } ?? ""
        let note = sanitizer.clean(what + place)
        return note.count > 200 ? String(note.prefix(199)) + "…" : note
    }
}
