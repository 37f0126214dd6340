// Ignore files of other scanners: places that people have looked at already.

import Files

/// `.gitleaksignore` and `.betterleaksignore`, at the root of a repository.
package struct PeerIgnoreFile: Sendable {
    /// Relative to the root.
    package let name: String
    let known: KnownFindings

    package static let names = [".gitleaksignore", ".betterleaksignore"]
    private static let largest = 4 << 20

    /// Those that are there. One that cannot be read accepts nothing, which is the safe side.
    package static func load(root: String) -> [PeerIgnoreFile] {
        names.compactMap { name in
            guard let bytes = (try? FileContent.read(root + "/" + name, limit: largest)) ?? nil else { return nil }
            let file = PeerIgnoreFile(bytes, name: name)
            return file.known.count == 0 ? nil : file
        }
    }

    /// Lines of `COMMIT:PATH:RULE:LINE` or `PATH:RULE:LINE`; comments, and what is neither, is passed over. The rule's
    /// name is another scanner's, and means nothing here.
    init(_ bytes: [UInt8], name: String) {
        self.name = name
        var known = KnownFindings()
        for line in bytes.split(separator: 0x0A) {
            let text =
                String(decoding: line, as: UTF8.self)
                .split(separator: " #", maxSplits: 1).first.map(String.init) ?? ""
            let entry = text.filter { $0 != "\r" }
            guard !entry.hasPrefix("#"), let (commit, place) = Self.place(entry) else { continue }
            known.places[commit, default: []].insert(place)
            known.count += 1
        }
        self.known = known
    }

    private static func place(_ entry: String) -> (commit: String, place: KnownFindings.Place)? {
        var parts = entry.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 3, let line = parts.popLast().flatMap({ Int($0.filter { $0 != " " }) }), line > 0 else {
            return nil
        }
        parts.removeLast()
        var commit = ""
        if parts.count > 1, let first = parts.first, BaselineReader.isObjectName(first) {
            commit = first.lowercased()
            parts.removeFirst()
        }
        let path = BaselineReader.plain(parts.joined(separator: ":"))
        return path.isEmpty ? nil : (commit, KnownFindings.Place(path: path, line: line))
    }
}

extension ScanReport {
    /// Takes out the findings whose places the file lists.
    package mutating func accept(_ file: PeerIgnoreFile) {
        takeOut { file.known.knowsPlaces(of: $0) ? .ignoreFile(file.name) : nil }
    }
}
