// Where the hits of a repository's scan stand, and how each value came and went.

import Dotenv
import Git

/// What the passes over the objects found, for giving it places.
struct Scanned {
    var objects: ObjectScan
    var sightings: [Int: DotenvSighting]
    var table: ObjectTable
    var keepers: [Keeper]
    /// Paths of files that are as the index has them.
    var unmodified: Set<[UInt8]>
    /// False for a range of commits, or the index alone.
    var isWhole: Bool
}

extension RepositoryScan {
    /// Gives every hit its places, and every secret and dotenv file its history.
    mutating func place(
        _ scanned: Scanned, _ provenance: inout Provenance, _ repository: borrowing Repository
    ) throws {
        let (scan, sightings, table) = (scanned.objects, scanned.sightings, scanned.table)
        let places = provenance.places(ofBlobs: Set(scan.blobHits.keys).union(sightings.keys))
        let later = scanned.isWhole ? LaterContent() : try laterContent(scanned, places, provenance, repository)
        var subjects = SubjectNumbers()
        var subjectsOfPath: [Int32: [Int32]] = [:]
        /// Reach that the index and the worktree add, by blob and path.
        var present: [BlobAtPath: Set<Reach>] = [:]
        for entry in indexEntries where entry.kind != .submodule {
            guard let blob = table.place(of: entry.id), scan.blobHits[blob] != nil || sightings[blob] != nil else {
                continue
            }
            present[BlobAtPath(blob: blob, path: entry.pathBytes)] =
                scanned.unmodified.contains(entry.pathBytes) ? [.index, .worktree] : [.index]
        }

        func note(_ blob: Int, _ path: String?, _ reach: Set<Reach>, index: Int32?) {
            let source = Occurrence.Source.blob(table.ids[blob], path: path)
            if let hits = scan.blobHits[blob] {
                assembly.add(hits, in: source, reach: reach)
                for hit in hits {
                    let number = subjects.number(.secret(hit.secret))
                    if let index { subjectsOfPath[index, default: []].append(number) }
                }
            }
            if let path, let sighting = sightings[blob], let kind = DotenvFileKind(path: path), request.covers(path) {
                let isTracked = !reach.isDisjoint(with: [.index, .head]) || later.paths.contains(path)
                dotenv.add(
                    sighting, path: path, kind: kind, blob: blob,
                    occurrence: Occurrence(source: source, range: 0..<0, line: 1, column: 1, reach: reach),
                    standing: isTracked ? .tracked : .history)
                let number = subjects.number(.dotenvFile(path))
                if let index { subjectsOfPath[index, default: []].append(number) }
            }
        }

        var found = Set<Int>()
        var pathed: [PathedOccurrence] = []
        for (blob, indices) in places {
            found.insert(blob)
            for index in indices {
                let path = provenance.blobs.path(of: index)
                pathed.append(PathedOccurrence(key: BlobAtPath(blob: blob, path: path), index: index))
            }
        }
        // What is in the index comes first, since the first version of a dotenv file decides the order of its keys.
        for item in pathed.sorted(by: { left, right in
            let (first, second) = (present[left.key] != nil, present[right.key] != nil)
            if first != second { return first }
            // Then by what does not depend on the order of reading.
            if left.key.path != right.key.path { return left.key.path.lexicographicallyPrecedes(right.key.path) }
            return table.ids[left.key.blob] < table.ids[right.key.blob]
        }) {
            var reach = provenance.reach(of: item.index)
            if let more = present.removeValue(forKey: item.key) {
                if reach == [.unreachable] { reach = [] }
                reach.formUnion(more)
            }
            note(item.key.blob, item.key.shownPath, reach, index: item.index)
        }
        for (key, reach) in present.sorted(by: {
            $0.key.path == $1.key.path
                ? table.ids[$0.key.blob] < table.ids[$1.key.blob]
                : $0.key.path.lexicographicallyPrecedes($1.key.path)
        }) {
            found.insert(key.blob)
            note(key.blob, key.shownPath, reach, index: nil)
        }
        // Blobs that neither a tree nor the index names.
        for blob in scan.blobHits.keys where !found.contains(blob) {
            note(blob, nil, provenance.reach(ofLooseBlob: blob), index: nil)
        }

        let messages = placeMessages(scan, provenance.graph, table, scanned.keepers, &subjects)
        var histories = provenance.histories(
            count: subjects.count, subjects: subjectsOfPath, messages: messages.commits)
        for (number, tags) in messages.tags { histories[Int(number)].references.formUnion(tags) }
        var summaries = CommitSummaries(table: table, graph: provenance.graph, hiding: scan.messageHits)
        for (number, subject) in subjects.all.enumerated() {
            switch subject {
            case .secret(let key):
                if later.secrets.contains(key) { histories[number].isInHead = true }
                assembly.set(History(histories[number], &summaries, repository), for: key)
            case .dotenvFile(let path):
                if later.paths.contains(path) { histories[number].isInHead = true }
                dotenv.set(History(histories[number], &summaries, repository), for: path)
            }
        }
    }

    /// Hits in messages of commits and tags.
    ///
    /// - Returns: the subjects of commits' messages by node of the graph, and the tags whose messages hold a subject.
    private mutating func placeMessages(
        _ scan: ObjectScan, _ graph: CommitGraph, _ table: ObjectTable, _ keepers: [Keeper],
        _ subjects: inout SubjectNumbers
    ) -> (commits: [Int: [Int32]], tags: [Int32: Set<String>]) {
        var commits: [Int: [Int32]] = [:]
        var tags: [Int32: Set<String>] = [:]
        for (place, hits) in scan.messageHits {
            let id = table.ids[place]
            if scan.kinds[place] == .tag {
                let names = Set(keepers.filter { $0.named == id }.map(\.name))
                assembly.add(hits, in: .tagMessage(id), reach: [.tagMessage, names.isEmpty ? .unreachable : .tag])
                for hit in hits { tags[subjects.number(.secret(hit.secret)), default: []].formUnion(names) }
            } else {
                assembly.add(hits, in: .commitMessage(id), reach: [.commitMessage])
                guard let node = graph.node(atPlace: place) else { continue }
                for hit in hits { commits[node, default: []].append(subjects.number(.secret(hit.secret))) }
            }
        }
        return (commits.mapValues { Array(Set($0)) }, tags)
    }
}

// MARK: - A selection and what came after it

/// What HEAD has now at the paths of a selection.
private struct LaterContent {
    /// Dotenv files that HEAD has, with whatever content.
    var paths: Set<String> = []
    /// Secrets in files that were changed once more after the selection.
    var secrets: Set<SecretKey> = []
}

extension RepositoryScan {
    /// A later version of a file, which the selection does not have, may still hold its value.
    private func laterContent(
        _ scanned: Scanned, _ places: [Int: [Int32]], _ provenance: Provenance, _ repository: borrowing Repository
    ) throws -> LaterContent {
        guard let headID else { return LaterContent() }
        var later = LaterContent()
        let reader = try ValueReader(compiled)
        let paths = Set(places.values.joined().map { String(decoding: provenance.blobs.path(of: $0), as: UTF8.self) })
        for path in paths.sorted() {
            // HEAD's tree was asked before: what cannot be read of it is a gap already.
            guard let id = try? repository.blob(at: path, in: headID) else { continue }
            let isDotenv = DotenvFileKind(path: path) != nil
            if isDotenv { later.paths.insert(path) }
            guard scanned.table.place(of: id) == nil else { continue }
            // One that cannot be read says nothing about HEAD, and is a gap of a scan of everything.
            let hits = try? repository.withObject(id) { _, bytes in
                guard bytes.count <= request.largestBlob else { return [Hit]() }
                return try isDotenv ? reader.readDotenv(bytes).hits : reader.hits(in: bytes)
            }
            later.secrets.formUnion((hits ?? []).map(\.secret))
        }
        return later
    }
}

/// A blob as the index has it.
private struct BlobAtPath: Hashable {
    var blob: Int
    /// The exact bytes: names that look the same, or are the same to Unicode, are different files to git.
    var path: [UInt8]

    var shownPath: String { String(decoding: path, as: UTF8.self) }
}

/// A blob as a tree has it.
private struct PathedOccurrence {
    var key: BlobAtPath
    /// Its number among the pathed blobs.
    var index: Int32
}

/// What has a history: secrets and dotenv files, numbered.
struct SubjectNumbers {
    enum Subject: Hashable {
        case secret(SecretKey)
        case dotenvFile(String)
    }

    private(set) var all: [Subject] = []
    private var numbers: [Subject: Int32] = [:]

    var count: Int { all.count }

    mutating func number(_ subject: Subject) -> Int32 {
        if let number = numbers[subject] { return number }
        let number = Int32(all.count)
        all.append(subject)
        numbers[subject] = number
        return number
    }
}
