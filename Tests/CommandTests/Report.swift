// The parts of a JSON report that the tests look at.

struct Report: Decodable {
    var schema: String
    var complete: Bool
    var findings: [Finding]
    var dotenvFiles: [DotenvFile]
    var gaps: [Gap]
    var notes: [String]
    var target: Target

    struct Target: Decodable { var kind: String }

    struct Finding: Decodable {
        var ruleId: String
        var fingerprint: String
        var severity: String
        var value: String?
        var occurrences: [Occurrence]
    }

    struct Occurrence: Decodable { var path: String? }

    struct DotenvFile: Decodable {
        var path: String
        var standing: String
        var entries: [Entry]
    }

    struct Entry: Decodable {
        var key: String
        var `class`: String
    }

    struct Gap: Decodable { var kind, subject, reason: String }
}
