// Git LFS contents that are here, read in the place of their pointers.

import Detection
import Files
import Git

extension RepositoryScan {
    /// Searches the contents; those that are missing, or are not what their pointer names, are gaps.
    func scanLFS(_ scan: inout ObjectScan, _ table: ObjectTable) throws {
        guard !scan.lfsPointers.isEmpty else { return }
        let reader = try ValueReader(compiled)
        for (place, pointer) in scan.lfsPointers.sorted(by: { $0.key < $1.key }) {
            let path = pointer.path(in: opened.commonFolder)
            let blob = "blob \(table.ids[place].short)"
            guard FileStatus(at: path)?.kind == .file else {
                scan.gaps.append(
                    Gap(
                        kind: .missingLFSObject, subject: pointer.digest,
                        reason: "\(blob) points to it, and it was not fetched: run `git lfs fetch --all`"))
                continue
            }
            do {
                if try !pointer.names(contentAt: path) {
                    scan.gaps.append(
                        Gap(
                            kind: .missingLFSObject, subject: pointer.digest,
                            reason: "\(blob) points to it, and what is here is cut short or another content: "
                                + "run `git lfs fsck`, then `git lfs fetch --all`"))
                }
                // What is there of it is looked at all the same.
                let hits = try FileScan.hits(inFileAt: Array(path.utf8), reader)
                scan.blobHits[place] = hits.isEmpty ? nil : hits
            } catch let error as FileError {
                scan.gaps.append(Gap(kind: .unreadableFile, subject: path, reason: error.reason))
            }
        }
        scan.absorb(secrets: reader.secrets)
        scan.byteCount += reader.byteCount
    }

    /// Reads the contents of dotenv files as dotenv.
    ///
    /// - Parameter places: of blobs that are pointers.
    func readLFSDotenv(
        _ places: [Int], _ scan: inout ObjectScan
    ) throws -> [Int: DotenvSighting] {
        var sightings: [Int: DotenvSighting] = [:]
        let reader = try ValueReader(compiled)
        for place in places.sorted() {
            guard let pointer = scan.lfsPointers[place] else { continue }
            let path = pointer.path(in: opened.commonFolder)
            // Without its content the file is listed with what was found in it otherwise; the gap has been told.
            var sighting = DotenvSighting(entries: [], hits: scan.blobHits[place] ?? [])
            do {
                if let bytes = try FileContent.read(path, limit: FileScan.largestDotenv) {
                    sighting = try bytes.withUnsafeBytes { try reader.readDotenv($0) }
                }
            } catch let error as FileError {
                if error.isTooLarge {
                    scan.gaps.append(Gap(kind: .tooLarge, subject: path, reason: error.reason))
                }
            }
            sightings[place] = sighting
        }
        scan.absorb(secrets: reader.secrets)
        return sightings
    }
}
