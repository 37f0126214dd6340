// The checklists in the binary are those in Checklists/.

import Checklist
import Foundation
import Testing

@Suite("Built-in checklists")
struct EmbeddedChecklistTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Checklists")

    @Test func `each file is compiled in as it is`() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).filter {
            $0.hasSuffix(".yml")
        }
        #expect(!names.isEmpty)
        #expect(
            BuiltInChecklists.all.map { $0.id + ".yml" } == names.sorted(), "run scripts/embed-checklists.sh, and build"
        )
        for built in BuiltInChecklists.all {
            let file = try Data(contentsOf: Self.folder.appendingPathComponent(built.id + ".yml"))
            #expect([UInt8](file) == built.bytes, "\(built.id): run scripts/embed-checklists.sh, and build")
        }
    }
}
