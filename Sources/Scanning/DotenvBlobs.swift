// The versions of dotenv files in the object database, read as dotenv.

import Detection
import Git

struct DotenvBlobs: Sendable {
    /// By place in the object table.
    var sightings: [Int: DotenvSighting] = [:]
    var secrets: [SecretKey: SecretSummary] = [:]
    var gaps: [Gap] = []

    static func read(
        _ places: [Int], _ table: ObjectTable, gitFolder: String, compiled: CompiledRules, jobs: Int
    ) async throws -> DotenvBlobs {
        let ordered = places.sorted()
        let parts = try await shareWork(of: ordered.count, portion: 32, jobs: jobs) { queue in
            let repository = try Repository(gitFolder: gitFolder)
            let reader = try ValueReader(compiled)
            var part = DotenvBlobs()
            while let range = queue.next() {
                for place in ordered[range] {
                    let id = table.ids[place]
                    do {
                        let size = try repository.header(of: id).size
                        guard size <= FileScan.largestDotenv else {
                            part.gaps.append(
                                Gap(kind: .tooLarge, subject: id.description, reason: "a dotenv file of \(size) bytes"))
                            continue
                        }
                        part.sightings[place] = try repository.withObject(id) { _, bytes in try reader.readDotenv(bytes)
                        }
                    } catch let error as GitError {
                        part.gaps.append(Gap(kind: .unreadableObject, subject: id.description, reason: error.message))
                    }
                }
            }
            part.secrets = reader.secrets
            return part
        }
        var whole = DotenvBlobs()
        for part in parts {
            whole.sightings.merge(part.sightings) { first, _ in first }
            whole.secrets.absorb(part.secrets)
            whole.gaps += part.gaps
        }
        // Workers are done in any order; a report is to be the same whoever was first.
        whole.gaps.sort(by: Gap.isBefore)
        return whole
    }
}
